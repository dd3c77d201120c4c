import { flag, layout, limits, literal, operators, type SectionName, sectionNames, source, valueKind, widthOf } from './format.ts';
import { broken, type OpenFile, type Sections } from './open.ts';
import { TableError } from './table-error.ts';

type Rows = (name: SectionName) => number;

/** Refuses a file in which any index of any section leads out of bounds, or whose diagrams could be walked for ever. */
export function checkBounds({ sections, hasZone, isStripped }: OpenFile): void {
  const rows: Rows = (name) => sections[name].length / widthOf(name);
  checkSizes(sections, rows, hasZone, isStripped);
  checkTexts(sections);
  for (const name of sectionNames) checkColumns(name, sections, rows);
  checkValues(sections);
  checkTerms(sections, rows, hasZone);
  checkNodes(sections, rows('outcomes') + 2, rows('atoms'));
  checkLists(sections.cellScopes, sections.scopeLists, rows('scopes'), rows('nodeAtom'));
  checkLists(sections.cellGrantLists, sections.grantLists, limits.cells, rows('nodeAtom'));
  for (const entry of sections.memberIndex) inside(entry, 0, 2 * rows('members') + 1);
}

function checkSizes(s: Sections, rows: Rows, hasZone: boolean, isStripped: boolean): void {
  const cells = rows('roles') * rows('actions');
  if (cells > limits.cells) throw new TableError('unreasonable', `the table claims to have ${cells} cells`);
  const nodes = s.nodeAtom.length;
  const index = s.memberIndex.length;
  const fits =
    rows('meta') === 1 &&
    nodes >= rows('outcomes') + 2 &&
    s.nodeLow.length === nodes &&
    s.nodeHigh.length === nodes &&
    s.cells.length === cells &&
    s.cellGrants.length === cells &&
    s.cellScopes.length === cells &&
    s.cellGrantLists.length === (isStripped ? 0 : cells) &&
    s.atomLimits.length === rows('atoms') &&
    s.assignmentDates.length === 2 * rows('assignments') &&
    s.assignmentDates.every((date) => date === date) &&
    s.zoneOffsets.length === s.zoneInstants.length &&
    s.zoneInstants[0] === (hasZone ? Number.NEGATIVE_INFINITY : undefined) &&
    index > 0 &&
    (index & (index - 1)) === 0;
  if (!fits) throw broken('its sections do not fit together');
}

function checkTexts({ stringOffsets, stringUnits }: Sections): void {
  let last = 0;
  for (const offset of stringOffsets) {
    inside(offset, last, stringUnits.length + 1);
    last = offset;
  }
  if (stringOffsets[0] !== 0 || last !== stringUnits.length) throw broken('its strings do not fill their section');
}

/** What `layout` says of the columns of a section. */
function checkColumns(name: SectionName, s: Sections, rows: Rows): void {
  const columns: string | readonly (string | number)[] = layout[name];
  const width = widthOf(name);
  const entries = s[name];
  if (entries.length % width !== 0) throw broken(`section ${name} has a part of a row`);
  let at = 0;
  for (const column of typeof columns === 'string' ? [] : columns) {
    const [, sign, target] = /^([?+]?)(.*)$/.exec(`${column}`) as unknown as [string, string, string];
    const size =
      typeof column === 'number'
        ? column
        : target === 'text'
          ? s.stringOffsets.length - 1
          : target === '*'
            ? -1
            : rows(target as SectionName);
    for (let i = at; size >= 0 && i < entries.length; i += width) {
      if (sign === '+') run(entries, i, size);
      else inside(entries[i], sign === '?' ? -1 : 0, size);
    }
    at += sign === '+' ? 2 : 1;
  }
}

function checkValues(s: Sections): void {
  for (let i = 0; i < s.values.length; i += 3) {
    const kind = s.values[i];
    if (kind === valueKind.number) inside(s.values[i + 1], 0, s.numbers.length);
    if (kind === valueKind.text) inside(s.values[i + 1], 0, s.stringOffsets.length - 1);
    if (kind === valueKind.numbers) run(s.values, i + 1, s.numbers.length);
    if (kind === valueKind.texts) run(s.values, i + 1, s.lists.length);
  }
}

function checkTerms(s: Sections, rows: Rows, hasZone: boolean): void {
  for (let i = 0; i < s.keys.length; i += 3) {
    if (s.keys[i] === literal) inside(s.keys[i + 1], 0, s.stringOffsets.length - 1);
    else run(s.keys, i + 1, s.lists.length);
  }
  for (let i = 0; i < s.terms.length; i += widthOf('terms')) {
    const from = s.terms[i + 1];
    if (from === source.slot) inside(s.terms[i + 2], 0, rows('slots'));
    else run(s.terms, i + 2, from === source.lookup ? rows('keys') : s.lists.length);
    if (from === source.lookup) inside(s.terms[i + 4], 0, s.stringOffsets.length - 1);
    if (!hasZone && (s.terms[i + 8] as number) & flag.isDay) throw broken('a term asks for a day without a time zone');
  }
  for (let i = 0; i < s.atoms.length; i += 4) {
    const operator = operators[s.atoms[i + 1] as number];
    const isUnary = operator === 'true' || operator === 'is-set' || operator === 'before';
    for (const side of [2, 3]) {
      const operand = s.atoms[i + side] as number;
      inside(operand, -1 - rows('values'), rows('terms'));
      if (operand === -1 && !(side === 3 && isUnary)) throw broken('an atom lacks a side');
    }
  }
}

function checkNodes({ nodeAtom, nodeLow, nodeHigh }: Sections, leaves: number, atoms: number): void {
  for (let n = leaves; n < nodeAtom.length; n++) {
    const atom = nodeAtom[n] as number;
    inside(atom, 0, atoms);
    for (let side = 0; side < 2; side++) {
      const child = (side === 0 ? nodeLow[n] : nodeHigh[n]) as number;
      if (child >= n || (child >= leaves && (nodeAtom[child] as number) <= atom)) throw broken('a diagram is out of order');
    }
  }
}

/** Each entry of `starts` leads to a count and as many pairs of something below `things` and a node. */
function checkLists(starts: Int32Array, pool: Int32Array, things: number, nodes: number): void {
  const seen = new Uint8Array(pool.length);
  for (const start of starts) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    const count = pool[start] as number;
    inside(count, 0, Math.floor((pool.length - start + 1) / 2));
    for (let i = start + 1; i <= start + 2 * count; i += 2) {
      inside(pool[i], 0, things);
      inside(pool[i + 1], 0, nodes);
    }
  }
}

/** At `at` stand first and count of a run inside `size` entries. */
function run(entries: ArrayLike<number>, at: number, size: number): void {
  const first = entries[at] as number;
  inside(first, 0, size + 1);
  inside(entries[at + 1], 0, size - first + 1);
}

function inside(entry: number | undefined, low: number, high: number): void {
  if (entry === undefined || !(entry >= low && entry < high)) throw broken('an index leads out of bounds');
}
