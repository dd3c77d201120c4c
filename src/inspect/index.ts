// In: a loaded decision table.
// Out: all that the table holds as plain JSON, with names where a person reads it (schemas/table.schema.json).
// Never: reads bytes by itself, decides, or leaves a section out.
import { FORMAT } from '../runtime/format.ts';
import type { Table, TableValue } from '../runtime/index.ts';
import type { Provenance } from '../runtime/provenance.ts';
import { type TableView, viewOf } from '../runtime/tools.ts';

/** A scalar, the elements of a set, or the universal set. Dates are day numbers, instants milliseconds since 1970. */
export type JsonValue = string | number | boolean | readonly (string | number)[] | { readonly all: true };

/** `deny`, `allow` or an outcome's name for a leaf, else the number of a node. */
export type NodeName = string | number;

export interface Inspection {
  readonly format: number;
  readonly digest: string;
  readonly meaningDigest: string;
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  readonly timeZone: string;
  readonly stripped: boolean;
  /** Bytes of each section of the file. */
  readonly sections: Readonly<Record<string, number>>;
  readonly outcomes: TableView['outcomes'];
  readonly actions: TableView['actions'];
  readonly roles: readonly {
    readonly name: string;
    readonly givenByApplication: boolean;
    readonly settings: Readonly<Record<string, JsonValue>>;
  }[];
  readonly settings: readonly {
    readonly slot: string;
    readonly setting: string;
    readonly keys: readonly string[];
    readonly default: JsonValue | null;
  }[];
  readonly scopes: TableView['scopes'];
  readonly atoms: readonly InspectedAtom[];
  readonly nodes: readonly {
    readonly node: number;
    readonly atom: string;
    readonly low: NodeName;
    readonly high: NodeName;
  }[];
  readonly cells: readonly InspectedCell[];
  readonly members: readonly InspectedMember[];
  readonly zone: readonly { readonly from: string | null; readonly offset: number }[];
  readonly provenance: Provenance | null;
}

export interface InspectedAtom {
  readonly text: string;
  readonly operator: string;
  readonly left: InspectedOperand;
  readonly right: InspectedOperand | null;
  readonly limit: number;
}

export interface InspectedOperand {
  readonly text: string;
  readonly from: string;
  /** As decisions name it when it is missing; empty for a constant. */
  readonly name: string;
  readonly type: string;
  readonly isSet: boolean;
  readonly isDay: boolean;
  readonly months: number;
  /** Of an enum. */
  readonly values: readonly string[];
  /** Names of the keys of a lookup, or the keys themselves in quotes. */
  readonly keys: readonly string[];
  /** Of a constant. */
  readonly value: JsonValue | null;
}

export interface InspectedCell {
  readonly role: string;
  readonly action: string;
  readonly decision: NodeName;
  readonly grants: NodeName;
  readonly scopes: readonly { readonly name: string; readonly node: NodeName }[];
  /** `grant` counts in `provenance.grants`; null in a stripped table. */
  readonly grantNodes: readonly { readonly grant: number; readonly node: NodeName }[] | null;
}

export interface InspectedMember {
  readonly key: string;
  readonly id: string;
  readonly active: boolean;
  readonly assignments: readonly {
    readonly role: string;
    readonly settings: Readonly<Record<string, JsonValue>>;
    /** RFC 3339; null for always. */
    readonly from: string | null;
    readonly until: string | null;
  }[];
}

/** All of a table as JSON. */
export function inspect(table: Table): Inspection {
  const view = viewOf(table);
  const { digest, meaningDigest, policy, catalog } = table;
  const { sections } = view;
  const settings = settingsOf(view);
  return {
    format: FORMAT,
    digest,
    meaningDigest,
    policy,
    catalog,
    timeZone: view.timeZone,
    stripped: view.isStripped,
    sections: Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, section.byteLength])),
    outcomes: view.outcomes,
    actions: view.actions,
    roles: view.roles.map((role) => ({ ...role, settings: settings(role.settings) })),
    settings: view.slots.map(({ name, setting, keys, default: value }) => ({
      slot: name,
      setting,
      keys,
      default: value === null ? null : toJson(value),
    })),
    scopes: view.scopes.map(({ kind, name }) => ({ kind, name })),
    atoms: view.atoms.map(({ text, operator, left, right, limit }) => ({
      text,
      operator,
      left: inspectOperand(left),
      right: right && inspectOperand(right),
      limit,
    })),
    nodes: inspectNodes(view),
    cells: inspectCells(view),
    members: inspectMembers(view),
    zone: Array.from(view.zone.instants, (from, index) => ({
      from: toInstant(from),
      offset: view.zone.offsets[index] ?? 0,
    })),
    provenance: view.provenance(),
  };
}

function inspectNodes(view: TableView): Inspection['nodes'] {
  const { nodes } = view.sections;
  const name = namesOfNodes(view);
  return Array.from({ length: nodes.length / 3 - view.leaves }, (_, index) => {
    const node = index + view.leaves;
    const [atom = -1, low = 0, high = 0] = nodes.subarray(3 * node, 3 * node + 3);
    return { node, atom: view.atoms[atom]?.text ?? '', low: name(low), high: name(high) };
  });
}

function inspectCells(view: TableView): Inspection['cells'] {
  const name = namesOfNodes(view);
  return view.roles.flatMap((role, row) =>
    view.actions.map((action, column) => {
      const cell = row * view.actions.length + column;
      return {
        role: role.name,
        action: action.name,
        decision: name(view.decisionOf(cell)),
        grants: name(view.grantsNodeOf(cell)),
        scopes: view
          .scopesOf(cell)
          .map(([scope, node]) => ({ name: view.scopes[scope]?.name ?? '', node: name(node) })),
        grantNodes: view.grantsOf(cell)?.map(([grant, node]) => ({ grant, node: name(node) })) ?? null,
      };
    }),
  );
}

function inspectMembers(view: TableView): Inspection['members'] {
  const settings = settingsOf(view);
  return Array.from({ length: view.memberCount }, (_, index) => {
    const { key, id, active, assignments } = view.member(index);
    return {
      key,
      id,
      active,
      assignments: assignments.map((assignment) => ({
        role: view.roles[assignment.role]?.name ?? '',
        settings: settings(assignment.settings),
        from: toInstant(assignment.from),
        until: toInstant(assignment.until),
      })),
    };
  });
}

function inspectOperand(operand: TableView['atoms'][number]['left']): InspectedOperand {
  const { text, from, name, type, isSet, isDay, months, values, keys, value } = operand;
  const isConstant = from === 'constant';
  return {
    ...{ text, from, name: isConstant ? '' : name, type: isConstant ? 'constant' : type, isSet, isDay, months },
    values: [...values].map(String),
    keys: keys.map((key) => (key.from === 'constant' ? JSON.stringify(key.value) : key.name)),
    value: value === null ? null : toJson(value),
  };
}

function namesOfNodes({ leaves, outcomes }: TableView): (node: number) => NodeName {
  const names = ['deny', ...outcomes.map(({ name }) => name).reverse(), 'allow'];
  return (node) => (node < leaves ? (names[node] ?? node) : node);
}

function settingsOf({ slots }: TableView) {
  return (settings: readonly { readonly slot: number; readonly value: TableValue }[]) =>
    Object.fromEntries(settings.map(({ slot, value }) => [slots[slot]?.name ?? '', toJson(value)]));
}

function toJson(value: TableValue): JsonValue {
  if (typeof value === 'symbol') return { all: true };
  return typeof value === 'object' ? ([...value] as (string | number)[]) : value;
}

function toInstant(instant: number | null): string | null {
  return instant !== null && Number.isFinite(instant) ? new Date(instant).toISOString() : null;
}
