import { nearest } from '../diagnostics/index.ts';
import type { ConditionSyntax, Entry, PracticeSyntax, TypeSyntax } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';
import { isNew, type Joined } from './catalog.ts';
import { ConditionSizes } from './condition-sizes.ts';
import type { Action, Index, Outcome, ResourceType, Setting, Type } from './policy.ts';
import type { Report } from './report.ts';
import { readSlots } from './values.ts';

/** Every name that conditions, permissions, roles and members may use. */
export interface Declarations {
  readonly features: ReadonlySet<string>;
  readonly valueLists: ReadonlyMap<string, readonly string[] | null>;
  /** The lists again, for those who ask of many values whether they are listed. */
  readonly closedLists: ReadonlyMap<string, ReadonlySet<string>>;
  readonly resources: ReadonlyMap<string, ResourceType>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly userFacts: ReadonlyMap<string, Type>;
  readonly contextFacts: ReadonlyMap<string, Type>;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly outcomes: readonly Outcome[];
  readonly conditions: ReadonlyMap<string, Entry<ConditionSyntax>>;
  readonly sizes: ConditionSizes;
  readonly permissions: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** Rung to its ladder. */
  readonly rungs: ReadonlyMap<string, string>;
  readonly ladders: ReadonlyMap<string, readonly string[]>;
  readonly roles: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  /** Constants of actions: every value that some action gives, sorted. */
  readonly constants: ReadonlyMap<string, readonly string[]>;
}

export function declare(
  joined: Joined,
  practice: PracticeSyntax | null,
  names: { readonly roles: ReadonlySet<string>; readonly members: ReadonlySet<string> },
  report: Report,
): Declarations {
  reportPlainTypeNames(joined, report);
  const valueLists = declareValues(joined, practice, report);
  const typeNames: TypeNames = {
    resources: new Set(joined.resources.map(({ key }) => key.text)),
    valueLists,
  };
  const resources = new Map<string, ResourceType>();
  const actions = new Map<string, Action>();
  for (const { key, value } of joined.resources) {
    resources.set(key.text, { name: key.text, title: value.title, facts: readTypes(value.facts, typeNames, report) });
    for (const action of value.actions) {
      const name = `${key.text}.${action.key.text}`;
      actions.set(name, {
        name,
        title: action.value.title,
        resource: key.text,
        hasResource: action.value.about === 'resource',
        presentation: action.value.denied?.text ?? null,
        constants: new Map(action.value.constants.map((entry) => [entry.key.text, entry.value.text])),
        span: action.key.span,
      });
    }
  }
  const constants = constantsOf(actions);
  const ladders = new Map(joined.ladders.map(({ key, value }) => [key.text, value.map((rung) => rung.text)]));
  const userFacts = readTypes(joined.user, typeNames, report);
  const partial = {
    features: new Set(joined.features.map((name) => name.text)),
    valueLists,
    closedLists: new Map([...valueLists].flatMap(([name, values]) => (values ? [[name, new Set(values)]] : []))),
    resources,
    actions,
    userFacts,
    contextFacts: new Map<string, Type>([
      ['now', { kind: 'date-time' }],
      ...readTypes(joined.context, typeNames, report),
    ]),
    outcomes: joined.outcomes.map(({ key, value: { duties, isLastResort } }) => ({
      name: key.text,
      duties: duties.map((duty) => duty.text),
      isLastResort,
    })),
    conditions: new Map(joined.conditions.map((entry) => [entry.key.text, entry])),
    sizes: new ConditionSizes(joined.conditions, report),
    permissions: new Set(joined.permissions.map(({ key }) => key.text)),
    accounts: new Set(joined.accounts.map(({ key }) => key.text)),
    rungs: declareRungs(joined, report),
    ladders,
    constants,
    ...names,
  };
  return { ...partial, settings: declareSettings(joined, typeNames, partial, report) };
}

export interface TypeNames {
  readonly resources: ReadonlySet<string>;
  readonly valueLists: ReadonlyMap<string, readonly string[] | null>;
}

const plainTypes = ['bool', 'int', 'string', 'date', 'date-time', 'member', 'role', 'permission'] as const;

function readTypes(entries: readonly Entry<TypeSyntax>[], names: TypeNames, report: Report): ReadonlyMap<string, Type> {
  const types = new Map<string, Type>();
  for (const { key, value } of entries) {
    const type = readType(value, names, report);
    if (type) types.set(key.text, type);
    else report.markBroken(key.text);
  }
  return types;
}

/** A type without indexes; null when it was reported. */
export function readType(syntax: TypeSyntax, names: TypeNames, report: Report): Type | null {
  switch (syntax.kind) {
    case 'enum':
      return { kind: 'enum', values: syntax.values.map((value) => value.text) };
    case 'set': {
      const of = readType(syntax.of, names, report);
      if (of?.kind === 'set' || of?.kind === 'resource' || of?.kind === 'bool') {
        report.add('bad-type', syntax.of.span, 'a set holds texts, numbers, dates or values of a list', {
          help:
            of.kind === 'bool'
              ? 'declare a fact of type `bool` for each'
              : of.kind === 'set'
                ? 'write one `set<...>`'
                : 'keep the ids: `set<string>`',
        });
        return null;
      }
      return of && { kind: 'set', of };
    }
    case 'index':
      report.add('bad-type', syntax.span, 'only a setting can be indexed', { help: 'declare it under `settings`' });
      return null;
    case 'name': {
      const { text } = syntax.name;
      const plain = plainTypes.find((kind) => kind === text);
      if (plain) return { kind: plain };
      if (names.valueLists.has(text)) return { kind: 'list', name: text };
      if (names.resources.has(text)) return { kind: 'resource', name: text };
      unknownType(syntax.name, [...plainTypes, ...names.valueLists.keys(), ...names.resources], report);
      return null;
    }
    default:
      return syntax satisfies never;
  }
}

/** What other languages call our types. */
const foreignTypes: ReadonlyMap<string, string> = new Map([
  ['array', 'set<string>'],
  ['boolean', 'bool'],
  ['datetime', 'date-time'],
  ['float', 'int'],
  ['instant', 'date-time'],
  ['integer', 'int'],
  ['list', 'set<string>'],
  ['number', 'int'],
  ['str', 'string'],
  ['text', 'string'],
  ['time', 'date-time'],
  ['timestamp', 'date-time'],
]);

function unknownType(name: Name, known: readonly string[], report: Report): void {
  if (report.isBroken(name.text, 'unknown-type')) return;
  const foreign = nearest(name.text, foreignTypes.keys());
  const meant = foreign === null ? null : foreignTypes.get(foreign);
  const suggestion = report.suggest(name.text, known) ?? (meant ? `did you mean \`${meant}\`?` : null);
  const types = plainTypes.map((type) => `\`${type}\``).join(', ');
  report.add('unknown-type', name.span, `unknown type \`${name.text}\``, {
    help: suggestion ?? `there is ${types}, and every value list and resource by its name`,
  });
}

/** A value list goes before a resource of its name, as a practice may need both; the plain types go before all. */
function reportPlainTypeNames(joined: Joined, report: Report): void {
  for (const { key } of joined.values) {
    if (!plainTypes.some((type) => type === key.text)) continue;
    report.add('bad-name', key.span, `a value list cannot be called \`${key.text}\`, as that is a type already`, {
      help: 'choose another name',
    });
  }
}

function declareValues(
  joined: Joined,
  practice: PracticeSyntax | null,
  report: Report,
): ReadonlyMap<string, readonly string[] | null> {
  const lists = new Map<string, readonly string[] | null>();
  for (const { key, value } of joined.values) lists.set(key.text, value?.map((name) => name.text) ?? null);
  const ownTypes = new Set(
    (practice?.facts ?? []).flatMap(({ value }) => value.flatMap((fact) => typeNamesIn(fact.value))),
  );
  for (const { key, value } of practice?.values ?? []) {
    const known = lists.get(key.text);
    if (known === undefined && !ownTypes.has(key.text)) {
      report.unknown('unknown-name', 'value list', key, lists.keys(), [
        'nothing of the catalog or of `facts` has this type',
      ]);
    }
    if (known) {
      for (const name of value.filter((item) => !known.includes(item.text))) {
        report.unknown('unknown-value', key.text, name, known, [
          'the catalog closes this list; a practice may only shorten it',
        ]);
      }
    }
    const first = new Map<string, Span>();
    lists.set(
      key.text,
      value.filter((name) => isNew(name, 'value', first, report, ` of \`${key.text}\``)).map((name) => name.text),
    );
  }
  return lists;
}

/** The names that a type is made of. */
function typeNamesIn(type: TypeSyntax): readonly string[] {
  if (type.kind === 'name') return [type.name.text];
  return type.kind === 'set' || type.kind === 'index' ? typeNamesIn(type.of) : [];
}

function declareRungs(joined: Joined, report: Report): ReadonlyMap<string, string> {
  const rungs = new Map<string, string>();
  const first = new Map<string, Span>();
  for (const { key, value } of joined.ladders) {
    for (const rung of value) if (isNew(rung, 'level', first, report)) rungs.set(rung.text, key.text);
  }
  return rungs;
}

function constantsOf(actions: ReadonlyMap<string, Action>): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, Set<string>>();
  for (const action of actions.values()) {
    for (const [name, value] of action.constants) {
      const set = values.get(name);
      if (set) set.add(value);
      else values.set(name, new Set([value]));
    }
  }
  return new Map([...values].map(([name, set]) => [name, [...set].sort()]));
}

/** Values that one indexed setting may have for one person. */
const mostSlots = 10_000;

function declareSettings(
  joined: Joined,
  typeNames: TypeNames,
  known: Omit<Declarations, 'settings'>,
  report: Report,
): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const { key, value } of joined.settings) {
    if (key.text === 'id' || known.userFacts.has(key.text)) {
      report.add(
        'duplicate-name',
        key.span,
        `\`user.${key.text}\` is passed by the application, so it cannot be a setting too`,
        {
          help: 'an attribute of `user` is either a setting or passed by the application',
        },
      );
    }
    const indexes: Index[] = [];
    let at = value.type;
    let depth = 0;
    for (; at.kind === 'index'; depth++) {
      const index = readIndex(at.by, known, report);
      if (index) indexes.push(index);
      at = at.of;
    }
    const type = readType(at, typeNames, report);
    const slots = indexes.reduce((product, index) => product * index.values.length, 1);
    if (slots > mostSlots) {
      report.add(
        'too-large',
        value.type.span,
        `\`${key.text}\` has more than ${mostSlots / 1000},000 values for each person`,
        {
          help: 'index it by fewer or shorter lists',
        },
      );
    } else if (type?.kind === 'resource') {
      report.add('bad-type', at.span, 'a setting cannot be a resource', { help: 'keep the id: `string`' });
    }
    if (!type || type.kind === 'resource' || indexes.length < depth || slots > mostSlots) {
      report.markBroken(key.text);
      continue;
    }
    const setting: Setting = {
      name: key.text,
      title: value.title,
      indexes,
      type,
      onRole: value.on.includes('role'),
      onAssignment: value.on.includes('assignment'),
      optional: value.optional,
      default: null,
      span: key.span,
    };
    settings.set(key.text, {
      ...setting,
      default: value.default && readDefault(setting, value.default, known, report),
    });
  }
  return settings;
}

function readIndex(by: Name, known: Omit<Declarations, 'settings'>, report: Report): Index | null {
  const values = known.constants.get(by.text) ?? known.valueLists.get(by.text);
  if (values) return { name: by.text, values: [...values].sort() };
  report.unknown(
    'unknown-type',
    'index',
    by,
    [...known.constants.keys(), ...known.valueLists.keys()],
    ['a setting is indexed by a constant of the actions, or by a closed list of the catalog'],
  );
  return null;
}

function readDefault(
  setting: Setting,
  data: Parameters<typeof readSlots>[1],
  known: Omit<Declarations, 'settings'>,
  report: Report,
): Setting['default'] {
  const plain: Setting = { ...setting, indexes: [] };
  const slots = readSlots(plain, data, { ...known, settings: new Map() }, 'strict', report);
  return slots.get(setting.name) ?? null;
}
