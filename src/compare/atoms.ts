import type { AtomView, Operand, TableView } from '../runtime/tools.ts';
import type { Atom, AttributeKey, Constant, Scalar, ScalarType, Term, TermSource } from '../solver/index.ts';

/** An atom of a table as the solver takes it; `rename` says what the setting of a lookup is called there. */
export function atomOfView(atom: AtomView, view: TableView, rename: (setting: string) => string): Atom {
  const side = (operand: Operand) => sideOf(operand, view, rename);
  const { text, operator, left, right, limit } = atom;
  return { text, operator, left: side(left), right: right && side(right), limit };
}

/** "context.now is before this instant", as `lower` writes it. */
export function atomOfInstant(instant: number): Atom {
  return { text: `${now.text} < ${instant}`, operator: 'before', left: now, right: null, limit: instant };
}

const now: Term = {
  kind: 'term',
  text: 'context.now:date-time',
  source: { kind: 'attribute', root: 'context', path: ['now'] },
  type: { kind: 'date-time' },
  isSet: false,
  isDay: false,
  months: 0,
};

/** Does it read what day an instant falls on? */
export function isAboutDays({ left, right }: AtomView): boolean {
  return left.isDay || right?.isDay === true;
}

export function readsId({ left, right }: AtomView): boolean {
  return [left, right].some(
    (operand) => operand !== null && [operand, ...operand.keys].some(({ from }) => from === 'user-id'),
  );
}

/** Settings of which the request chooses a slot. */
export function settingsOf({ left, right }: AtomView): readonly string[] {
  return [left, right].flatMap((operand) => (operand?.from === 'lookup' ? [settingOf(operand)] : []));
}

/** All slots that it may read, sorted. */
export function slotsOf({ left, right }: AtomView, view: TableView): readonly string[] {
  const found = [left, right].flatMap((operand) => {
    if (operand?.from === 'slot') return [slotName(operand, view)];
    if (operand?.from !== 'lookup') return [];
    const setting = settingOf(operand);
    return view.slots.filter((slot) => slot.setting === setting).map(({ name }) => name);
  });
  return [...new Set(found)].sort();
}

function settingOf({ name }: Operand): string {
  return name.slice('user.'.length);
}

function slotName({ slot }: Operand, { slots }: TableView): string {
  return slots[slot]?.name ?? '';
}

function sideOf(operand: Operand, view: TableView, rename: (setting: string) => string): Term | Constant {
  if (operand.from === 'constant') return { kind: 'constant', value: constantOf(operand) };
  const { text, isSet, isDay, months } = operand;
  const type: ScalarType = isDay ? { kind: 'date' } : typeOf(operand);
  return { kind: 'term', text, source: sourceOf(operand, view, rename), type, isSet, isDay, months };
}

function sourceOf(operand: Operand, view: TableView, rename: (setting: string) => string): TermSource {
  switch (operand.from) {
    case 'slot':
      return { kind: 'slot', slot: slotName(operand, view) };
    case 'lookup':
      return { kind: 'lookup', setting: rename(settingOf(operand)), keys: operand.keys.map(keyOf) };
    default:
      return { kind: 'attribute', ...attributeOf(operand) };
  }
}

function keyOf(key: Operand): string | AttributeKey {
  return key.from === 'constant' ? String(key.value) : attributeOf(key);
}

function attributeOf({ from, path }: Operand): AttributeKey {
  if (from === 'user-id') return { root: 'user', path: ['id'] };
  if (from === 'now') return { root: 'context', path: ['now'] };
  return { root: from === 'user' || from === 'context' ? from : 'resource', path };
}

function typeOf({ type, values }: Operand): ScalarType {
  return type === 'enum' ? { kind: 'enum', values: [...values].map(String) } : { kind: type };
}

function constantOf({ value }: Operand): Scalar | readonly Scalar[] {
  if (typeof value === 'object' && value !== null) return [...value] as Scalar[];
  return typeof value === 'symbol' || value === null ? '' : value;
}
