// Rows as objects, for tools: decisions read entries, and an application loads no names of columns.
import { type AtomOperator, type layout, operators, type SectionName, scalarTypes, shapes, sources } from './format.ts';
import { type Operand, type OperandFields, readOperand } from './operand.ts';
import type { Rows, TableValue } from './rows.ts';

type Rule<R> = R extends 'text'
  ? string
  : R extends '?text'
    ? string | null
    : R extends 'bit'
      ? boolean
      : R extends 'values'
        ? TableValue
        : R extends '?values'
          ? TableValue | null
          : R extends '?numbers'
            ? number | null
            : R extends '+lists'
              ? string[]
              : R extends '+keys' | '+numbers'
                ? number[]
                : R extends `+${infer S extends SectionName}`
                  ? Row<S>[]
                  : number;

/** A decoded row, as the layout says. */
export type Row<Name extends SectionName> = {
  readonly [Field in keyof (typeof layout)[Name]]: Rule<(typeof layout)[Name][Field]>;
};

/** Decodes a row, each time anew. */
export function readRow<Name extends SectionName>(rows: Rows, name: Name, index: number): Row<Name> {
  const { columns, width } = shapes[name];
  const entries = rows.sections[name];
  const fields: Record<string, unknown> = {};
  for (const { field, sign, target, at } of columns) {
    const first = entries[index * width + at] as number;
    if (sign === '+') {
      const run: unknown[] = [];
      const count = entries[index * width + at + 1] as number;
      for (let i = first; i < first + count; i++) run.push(read(rows, target, i, true));
      fields[field] = run;
    } else fields[field] = read(rows, target, first, false);
  }
  return fields as Row<Name>;
}

/** All of a section. */
export function readRows<Name extends SectionName>(rows: Rows, name: Name): Row<Name>[] {
  const count = rows.sections[name].length / shapes[name].width;
  return Array.from({ length: count }, (_, index) => readRow(rows, name, index));
}

/** What a column or an element of a run says. */
function read(rows: Rows, target: string, id: number, isRun: boolean): unknown {
  const { lists, numbers, keys } = rows.sections;
  switch (target) {
    case 'text':
      return id < 0 ? null : rows.text(id);
    case 'lists':
      return rows.text(lists[id] as number);
    case 'bit':
      return id === 1;
    case 'values':
      return id < 0 ? null : rows.value(id);
    case 'numbers':
      return numbers[id] ?? null;
    case 'keys':
      return keys[id];
    default:
      return isRun ? readRow(rows, target as SectionName, id) : id;
  }
}

/** An operand with names in place of numbers. */
export interface NamedOperand extends OperandFields {
  readonly text: string;
  readonly from: (typeof sources)[number];
  readonly type: (typeof scalarTypes)[number];
  readonly keys: readonly NamedOperand[];
  /** As decisions read it. */
  readonly operand: Operand;
}

export interface AtomView {
  readonly text: string;
  readonly operator: AtomOperator;
  readonly left: NamedOperand;
  readonly right: NamedOperand | null;
  readonly limit: number;
}

export function readAtom(rows: Rows, atom: number): AtomView {
  const { text, operator, left, right, limit } = readRow(rows, 'atoms', atom);
  return {
    text,
    operator: operators[operator] as AtomOperator,
    left: nameOperand(rows, left, false),
    right: right < 0 ? null : nameOperand(rows, right, false),
    limit,
  };
}

function nameOperand(rows: Rows, term: number, isKey: boolean): NamedOperand {
  const operand = readOperand(rows, term, isKey);
  const { text, keys } = readRow(rows, 'terms', term);
  return {
    ...operand,
    text,
    from: sources[operand.from] as (typeof sources)[number],
    type: scalarTypes[operand.type] as (typeof scalarTypes)[number],
    keys: isKey ? [] : keys.map((key) => nameOperand(rows, key, true)),
    operand,
  };
}
