/** Conditions as people write them: what is common stands once. */

/** Any of these, each of which is all of its parts. */
export type Cases = readonly (readonly string[])[];

/** "a and (b or c)" for "a and b, or a and c". */
export function factoredText(cases: Cases): string {
  const { text } = factor(unique(cases.map((parts) => [...new Set(parts)])));
  return text === '' ? 'always' : text;
}

interface Phrase {
  readonly text: string;
  readonly joint: 'and' | 'or' | null;
}

function factor(cases: Cases): Phrase {
  const [first = [], ...others] = cases;
  if (cases.some((parts) => parts.length === 0)) return { text: '', joint: null };
  if (others.length === 0) return all(first.map(atom));
  const common = first.filter((part) => others.every((parts) => parts.includes(part)));
  if (common.length > 0) return all([...common.map(atom), factor(unique(without(cases, common)))]);
  // Two that have nothing in common have no divisor either.
  const divisor = others.length === 1 ? null : divisorOf(cases);
  const plain = () => any(cases.map((parts) => all(parts.map(atom))));
  if (divisor === null) return plain();
  const quotient = divide(cases, divisor);
  const covered = new Set(divisor.flatMap((one) => quotient.map((other) => keyOf([...one, ...other]))));
  const rest = cases.filter((parts) => !covered.has(keyOf(parts)));
  if (rest.length === cases.length) return plain();
  const product = all([factor(unique(divisor)), factor(unique(quotient))]);
  return rest.length === 0 ? product : any([product, factor(rest)]);
}

function atom(text: string): Phrase {
  return { text, joint: null };
}

function all(phrases: readonly Phrase[]): Phrase {
  const parts = phrases.filter(({ text }) => text !== '');
  return joined(parts, 'and');
}

function any(phrases: readonly Phrase[]): Phrase {
  return joined(phrases, 'or');
}

/** Brackets wherever "and" and "or" meet: nobody has to know which binds closer. */
function joined(phrases: readonly Phrase[], joint: 'and' | 'or'): Phrase {
  const [only, ...others] = phrases;
  if (!only || others.length === 0) return only ?? { text: '', joint: null };
  const text = phrases.map((phrase) =>
    phrase.joint === null || phrase.joint === joint ? phrase.text : `(${phrase.text})`,
  );
  return { text: text.join(` ${joint} `), joint };
}

/** What the part that stands in most cases stands with, where that is more than one thing. */
function divisorOf(cases: Cases): Cases | null {
  const counts = new Map<string, number>();
  for (const part of cases.flat()) counts.set(part, (counts.get(part) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < 2) return null;
  const [part] = best;
  const having = without(
    cases.filter((parts) => parts.includes(part)),
    [part],
  );
  const [first = [], ...others] = having;
  return without(
    having,
    first.filter((each) => others.every((parts) => parts.includes(each))),
  );
}

/** The largest Q of which every product with the divisor is among the cases. */
function divide(cases: Cases, divisor: Cases): Cases {
  const quotients = divisor.map((one) => {
    const having = cases.filter((parts) => one.every((part) => parts.includes(part)));
    return new Map(without(having, one).map((parts) => [keyOf(parts), parts]));
  });
  const [first, ...others] = quotients;
  return [...(first ?? [])].filter(([key]) => others.every((quotient) => quotient.has(key))).map(([, parts]) => parts);
}

function without(cases: Cases, parts: readonly string[]): Cases {
  return cases.map((own) => own.filter((part) => !parts.includes(part)));
}

function unique(cases: Cases): Cases {
  const [one, other] = cases;
  if (!one || !other) return cases;
  // Most are two.
  if (cases.length === 2) {
    return one.length === other.length && one.every((part) => other.includes(part)) ? [other] : cases;
  }
  return [...new Map(cases.map((parts) => [keyOf(parts), parts])).values()];
}

function keyOf(parts: readonly string[]): string {
  return [...parts].sort().join('\n');
}
