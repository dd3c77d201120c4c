import type { DataSyntax } from '../parse/index.ts';
import type { Span } from '../source/index.ts';
import { dayOf, instantOf } from './dates.ts';
import type { Declarations } from './declarations.ts';
import type { Setting, Type, Value } from './policy.ts';
import type { Report } from './report.ts';

/** `strict`: values of closed lists are checked. `open`: data of a test or request, which may hold any text. */
export type Closedness = 'strict' | 'open';

/** The slots that `data` gives the setting; what is wrong is reported and left out. */
export function readSlots(
  setting: Setting,
  data: DataSyntax,
  declarations: Declarations,
  closedness: Closedness,
  report: Report,
): ReadonlyMap<string, Value> {
  const slots = new Map<string, Value>();
  const visit = (depth: number, slot: string, at: DataSyntax): void => {
    const index = setting.indexes[depth];
    if (index === undefined) {
      const value = readValue(setting, at, declarations, closedness, report);
      if (value) slots.set(slot, value);
      return;
    }
    if (at.kind !== 'map') {
      for (const key of index.values) visit(depth + 1, `${slot}/${key}`, at);
      return;
    }
    for (const entry of at.entries) {
      if (index.values.includes(entry.key.text)) visit(depth + 1, `${slot}/${entry.key.text}`, entry.value);
      else report.unknown('unknown-value', index.name, entry.key, index.values);
    }
  };
  visit(0, setting.name, data);
  return slots;
}

/** Every slot that a setting has: its name, or `name/key/key`. */
export function slotsOf(setting: Setting): readonly string[] {
  return setting.indexes.reduce<readonly string[]>(
    (slots, index) => slots.flatMap((slot) => index.values.map((value) => `${slot}/${value}`)),
    [setting.name],
  );
}

/** A cell as the type reads it; every other value as it is. */
function typed(type: Type, data: DataSyntax): DataSyntax {
  if (data.kind !== 'cell') return data;
  const { text, span } = data;
  if (type.kind === 'set' && text !== 'all' && text !== 'none') {
    return { kind: 'list', items: partsOf(text, span).map((part) => typed(type.of, part)), span };
  }
  const isNumber = type.kind === 'int' && /^-?\d+$/.test(text);
  const isBool = type.kind === 'bool' && /^(true|false)$/i.test(text);
  const value = isNumber ? Number(text) : isBool ? text.toLowerCase() === 'true' : text;
  return { kind: 'scalar', value, span };
}

/** The values of a cell that holds several, which `;` separates. */
function partsOf(text: string, span: Span): readonly DataSyntax[] {
  // In a cell with doubled quotes nobody can tell where a part stands.
  const isDirect = span.end - span.start === text.length;
  let offset = span.start;
  return text.split(';').map((part) => {
    const start = offset + part.length - part.trimStart().length;
    offset += part.length + 1;
    const trimmed = part.trim();
    return { kind: 'cell', text: trimmed, span: isDirect ? { ...span, start, end: start + trimmed.length } : span };
  });
}

function readValue(
  { name, type }: Setting,
  cellOrData: DataSyntax,
  declarations: Declarations,
  closedness: Closedness,
  report: Report,
): Value | null {
  const data = typed(type, cellOrData);
  const readScalar = (scalar: Type, at: DataSyntax): string | number | boolean | null => {
    if (at.kind === 'scalar' && at.value !== null) {
      return checkLiteral(scalar, at.value, at.span, declarations, closedness, report);
    }
    const subject = at === data ? `\`${name}\`` : `a value of \`${name}\``;
    report.add('wrong-shape', at.span, `${subject} must be ${describeType(scalar)}, not ${describeData(at)}`);
    return null;
  };
  if (type.kind !== 'set') {
    const value = readScalar(type, data);
    return value === null ? null : { kind: 'scalar', value };
  }
  if (data.kind === 'scalar' && data.value === 'all') return { kind: 'all' };
  if (data.kind === 'scalar' && data.value === 'none') return { kind: 'set', values: [] };
  if (data.kind !== 'list') {
    const text = data.kind === 'scalar' && data.value !== null ? String(data.value).slice(0, 60) : 'a, b';
    report.add('wrong-shape', data.span, `\`${name}\` must be a list, \`all\` or \`none\`, not ${describeData(data)}`, {
      help: `write a list: [${text}]`,
    });
    return null;
  }
  const read = data.items.map((item) => readScalar(type.of, item));
  if (read.includes(null)) return null;
  const values = new Set(read.filter((value) => value !== null && typeof value !== 'boolean'));
  return { kind: 'set', values: [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) };
}

function describeData(data: DataSyntax): string {
  if (data.kind === 'cell') return 'a text';
  if (data.kind !== 'scalar') return `a ${data.kind}`;
  return data.value === null ? 'empty' : typeof data.value === 'string' ? 'a text' : `\`${String(data.value)}\``;
}

/** A literal as a value of the type: days and instants become numbers. Null when it was reported. */
export function checkLiteral(
  type: Type,
  value: string | number | boolean,
  span: Span,
  declarations: Declarations,
  closedness: Closedness,
  report: Report,
): string | number | boolean | null {
  const wrong = (help: string | null = null): null => {
    report.add('ill-typed', span, `\`${String(value)}\` is not ${describeType(type)}`, { help });
    return null;
  };
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? value : wrong('write `true` or `false`');
    case 'int':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
      return wrong(/^-?\d+$/.test(String(value)) ? 'take the quotes away' : null);
    case 'date':
    case 'date-time': {
      const number = typeof value !== 'string' ? null : type.kind === 'date' ? dayOf(value) : instantOf(value);
      if (number !== null) return number;
      report.add('bad-date', span, `\`${String(value)}\` is not ${describeType(type)}`, {
        help: type.kind === 'date' ? 'write a day as `2026-11-22`' : 'write an instant as `2026-11-22T09:00:00Z`',
      });
      return null;
    }
    case 'resource':
    case 'set':
      return wrong();
    default: {
      if (typeof value !== 'string') return wrong('put it in quotes');
      const known = closedValues(type, declarations);
      if (known === null || closedness === 'open' || known.has(value)) return value;
      report.unknown('unknown-value', nameOfList(type), { text: value, span }, known);
      return null;
    }
  }
}

/** The values a text of the type may have in files; null: any. */
function closedValues(type: Type, declarations: Declarations): ReadonlySet<string> | null {
  switch (type.kind) {
    case 'enum':
      return new Set(type.values);
    case 'list':
      return declarations.closedLists.get(type.name) ?? null;
    case 'permission':
      return declarations.permissions;
    case 'role':
      return declarations.roles.size === 0 ? null : declarations.roles;
    case 'member':
      return declarations.members.size === 0 ? null : declarations.members;
    default:
      return null;
  }
}

function nameOfList(type: Type): string {
  return type.kind === 'list' ? type.name : type.kind === 'enum' ? 'value' : type.kind;
}

/** The type in a sentence: `a whole number`, `one of draft, locked`. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'true or false';
    case 'int':
      return 'a whole number';
    case 'string':
      return 'a text';
    case 'date':
      return 'a day';
    case 'date-time':
      return 'an instant';
    case 'enum':
      return `one of ${type.values.map((value) => `\`${value}\``).join(', ')}`;
    case 'list':
      return `a value of \`${type.name}\``;
    case 'resource':
      return `a \`${type.name}\``;
    case 'set':
      return `a set of ${describePlural(type.of)}`;
    default:
      return `the name of a ${type.kind}`;
  }
}

function describePlural(type: Type): string {
  switch (type.kind) {
    case 'int':
      return 'whole numbers';
    case 'string':
      return 'texts';
    case 'date':
      return 'days';
    case 'date-time':
      return 'instants';
    case 'list':
      return `values of \`${type.name}\``;
    case 'enum':
      return type.values.map((value) => `\`${value}\``).join(', ');
    default:
      return `${type.kind}s`;
  }
}
