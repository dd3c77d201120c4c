/** Names, types and constants that generated policies are made of; few, so that they meet. */

/**
 * A fact has one type wherever it stands, so that a condition fits all resources that have it. Two neighbours, the
 * first and second, the third and fourth and so on, stand together on a resource, so that they are compared.
 */
export const facts: ReadonlyMap<string, string> = new Map([
  ['flag', 'bool'],
  ['urgent', 'bool'],
  ['size', 'int'],
  ['length', 'int'],
  ['owner', 'string'],
  ['author', 'string'],
  ['constructor', 'string'],
  ['state', 'draft | locked | open'],
  ['hue', 'red | green | blue'],
  ['colours', 'set<red | green | blue>'],
  ['day', 'date'],
  ['due', 'date'],
  ['created', 'date-time'],
  ['closed', 'date-time'],
  ['editors', 'set<string>'],
  ['viewers', 'set<string>'],
  ['tag', 'tag'],
  ['tags', 'set<tag>'],
  ['section', 'section'],
  ['holder', 'member'],
  ['need', 'permission'],
  ['position', 'role'],
  ['sizes', 'set<int>'],
  ['days', 'set<date>'],
]);

/** Further facts lead to another resource type of their own name. */
export const resourceNames = ['client', 'note', 'visit'] as const;

export const userFacts: ReadonlyMap<string, string> = new Map([
  ['age', 'int'],
  ['team', 'string'],
  ['groups', 'set<string>'],
  ['born', 'date'],
  ['verified', 'bool'],
  ['seen-at', 'date-time'],
]);

export const contextFacts: ReadonlyMap<string, string> = new Map([
  ['reason', 'string'],
  ['emergency', 'bool'],
  ['purpose', 'care | billing'],
  ['visit-day', 'date'],
]);

export const lists: ReadonlyMap<string, readonly string[]> = new Map([
  ['tag', ['north', 'south', 'yes']],
  ['practitioner', ['p1', 'p2']],
  ['section', ['notes', 'files']],
]);

export const texts = ['north', 'p1', 'u1', 'm-2', '', 'ünï', '\u{1F600}', '\uFF5E'] as const;
export const wholes = [5, 0, 18, -3, 6, 4] as const;
export const days = ['2026-05-01', '2026-04-30', '2024-02-29', '2026-05-02', '2008-05-01'] as const;
export const instants = [
  '2026-05-01T00:00:00Z',
  '2026-04-30T14:00:00Z',
  '2026-05-01T10:00:00+10:00',
  '2026-05-02T00:00:00.001Z',
  '2026-10-04T02:30:00+10:00',
] as const;
export const durations = ['1d', '24h', '2w', '1mo', '18y', '14mo'] as const;
export const shortDurations = ['90min', '1s', '36h'] as const;
export const zones = ['UTC', 'Australia/Sydney', 'America/New_York', 'Asia/Kathmandu'] as const;

export const permissionNames = ['base', 'notes.all', 'notes.own', 'setup', 'extra', 'wide'] as const;
export const rungs = ['low', 'middle', 'high'] as const;

/** `set<x>` is a set of `x`. */
export function elementOf(type: string): string | null {
  return /^set<(.*)>$/.exec(type)?.[1] ?? null;
}

/** Values of a type that a policy may name; for a set, of its elements. */
export function valuesOf(type: string): readonly (string | number | boolean)[] {
  const scalar = elementOf(type) ?? type;
  if (scalar.includes('|')) return scalar.split(' | ');
  switch (scalar) {
    case 'bool':
      return [false, true];
    case 'int':
      return wholes;
    case 'date':
      return days;
    case 'date-time':
      return instants;
    case 'permission':
      return ['base', 'notes.all'];
    case 'role':
      return ['role-1', 'role-2'];
    case 'string':
      return texts;
    default:
      return lists.get(scalar) ?? [];
  }
}

/** Texts that may be compared: of one closed type, or one of them a plain string. */
export function areComparable(a: string, b: string): boolean {
  if (a === b) return true;
  const isText = (type: string) => !['bool', 'int', 'date', 'date-time'].includes(type) && elementOf(type) === null;
  return isText(a) && isText(b) && (a === 'string' || b === 'string');
}
