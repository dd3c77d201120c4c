import type { Change, Example, Literal, Part } from '../../compare/index.ts';
import type { Output } from '../output.ts';
import type { Chosen } from './only.ts';

/** Nobody reads more than these by eye, and indented they are twice the size. */
const readable = 1_000;

/** At once; of all that may change, no string is long enough. */
const piece = 500;

/** As `schemas/diff.schema.json` says: what many changes share stands once, and they name it by its number. */
export function printJson(comparison: Chosen, out: Output): void {
  const { changes, notes, ...others } = comparison;
  const about = { ...others, notes: notes.map(({ text }) => text) };
  const shared = new Shared();
  for (const { gained, lost } of changes) {
    if (gained) shared.add(gained);
    if (lost) shared.add(lost);
  }
  const { literals, conditions } = shared;
  if (changes.length <= readable) {
    out.json({ ...about, literals, conditions, changes: changes.map((change) => plainChange(change, shared)) });
    return;
  }
  out.write(JSON.stringify(about).slice(0, -1));
  writeList('literals', literals, (literal) => literal, out);
  writeList('conditions', conditions, (condition) => condition, out);
  writeList('changes', changes, (change) => plainChange(change, shared), out);
  out.write('}\n');
}

function writeList<T>(name: string, items: readonly T[], plain: (item: T) => unknown, out: Output): void {
  out.write(`,"${name}":[`);
  for (let at = 0; at < items.length; at += piece) {
    const texts = items.slice(at, at + piece).map((item) => JSON.stringify(plain(item)));
    out.write(`${at === 0 ? '' : ','}\n${texts.join(',\n')}`);
  }
  out.write(']');
}

interface Condition {
  readonly text: string;
  readonly complete: boolean;
  /** Numbers of literals. */
  readonly cases: readonly (readonly number[])[];
}

/** Conditions and their literals, each by its number. */
class Shared {
  readonly literals: Literal[] = [];
  readonly conditions: Condition[] = [];
  private readonly ofCases = new Map<Part['cases'], number>();
  private readonly ofLiterals = new Map<Literal, number>();
  private readonly ofTexts = new Map<string, number>();

  add({ cases, condition, complete }: Part): void {
    if (this.ofCases.has(cases)) return;
    const numbers = cases.map((literals) => literals.map((literal) => this.literal(literal)));
    this.ofCases.set(cases, this.conditions.push({ text: condition, complete, cases: numbers }) - 1);
  }

  /** Of a part that was added. */
  numberOf({ cases }: Part): number {
    return this.ofCases.get(cases) ?? -1;
  }

  private literal(literal: Literal): number {
    let number = this.ofLiterals.get(literal);
    if (number === undefined) {
      // Two who ask may be told the same.
      const text = JSON.stringify(literal);
      number = this.ofTexts.get(text) ?? this.literals.push(literal) - 1;
      this.ofTexts.set(text, number);
      this.ofLiterals.set(literal, number);
    }
    return number;
  }
}

/** What is undefined is left out. */
function plainChange(change: Change, shared: Shared): unknown {
  const { kind, role, members, action, actions, widened, narrowed, missing, from, to } = change;
  // First, since the change says so where the tables do not confirm them.
  const [gained, lost] = [change.gained?.example ?? null, change.lost?.example ?? null];
  const isOfDecisions = change.gained !== null || change.lost !== null;
  const example = isOfDecisions ? (gained ?? lost) : change.example;
  return {
    kind,
    role,
    members,
    action,
    widened,
    narrowed,
    condition: change.condition,
    example: example && plainExample(example),
    undecided: change.undecided,
    gained: change.gained ? plainPart(change.gained, gained, example, shared) : undefined,
    lost: change.lost ? plainPart(change.lost, lost, example, shared) : undefined,
    actions: filled(actions),
    missing: filled(missing),
    from: from ?? undefined,
    to: to ?? undefined,
    place: change.place ?? undefined,
  };
}

function plainPart(part: Part, own: Example | null, ofChange: Example | null, shared: Shared): unknown {
  const example = own === ofChange ? undefined : own && plainExample(own);
  return { condition: shared.numberOf(part), missing: filled(part.missing), example };
}

function plainExample(example: Example): unknown {
  const { user, baseUser, action, resource, context, missing, features, base, head } = example;
  const isOther = user !== baseUser && JSON.stringify(user) !== JSON.stringify(baseUser);
  return {
    user,
    baseUser: isOther ? baseUser : undefined,
    action,
    resource,
    context,
    missing: filled(missing),
    features,
    base: plainAnswer(base),
    head: plainAnswer(head),
  };
}

function plainAnswer({ allow, outcome, duties }: Example['base']): unknown {
  return { allow, outcome: outcome ?? undefined, duties: filled(duties) };
}

function filled(names: readonly string[]): readonly string[] | undefined {
  return names.length > 0 ? names : undefined;
}
