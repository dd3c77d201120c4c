import { conditionText, type Literal } from '../compare/index.ts';
import type { Told } from './literals.ts';

/** A part of a case as it is said: one literal, or several of one subject. */
interface Phrase {
  readonly text: string;
  readonly choice: { readonly subject: string; readonly values: readonly string[]; readonly isTrue: boolean } | null;
}

/** Cases in one sentence part, in which a subject that may be several values stands once. */
export function sentenceOf(cases: readonly (readonly Told[])[], facts: readonly string[]): string {
  const phrases = cases.map((told) => joinRefused(told.map(phraseOf)));
  const texts = joinCases(phrases).map((parts) => [...parts.map(({ text }) => text), ...known(facts)]);
  return conditionText(
    joinFactors(texts).map((parts) => parts.map((text): Literal => ({ atom: '', is: [], text }))),
    true,
  );
}

/** Where all cases are there with each of some parts, these parts stand once: "(x or y)". */
function joinFactors(cases: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const byOthers = new Map<string, { readonly parts: string[]; readonly others: readonly (readonly string[])[] }>();
  for (const part of new Set(cases.flat())) {
    const having = cases.filter((parts) => parts.includes(part));
    const others = having.map((parts) => parts.filter((other) => other !== part));
    const key = JSON.stringify(others.map((parts) => JSON.stringify([...parts].sort())).sort());
    const group = byOthers.get(key);
    if (group) group.parts.push(part);
    else byOthers.set(key, { parts: [part], others });
  }
  for (const { parts, others } of byOthers.values()) {
    const isProduct = parts.length > 1 && others.length > 1 && parts.length * others.length === cases.length;
    if (isProduct) return joinFactors(others).map((rest) => [...rest, `(${parts.join(' or ')})`]);
  }
  return cases;
}

function known(facts: readonly string[]): readonly string[] {
  if (facts.length < 2) return facts.map((fact) => `${fact} is known`);
  return [`${facts.slice(0, -1).join(', ')} and ${facts.at(-1)} are known`];
}

function phraseOf({ literal: { text }, choice }: Told): Phrase {
  return { text, choice: choice && { subject: choice.subject, values: [choice.value], isTrue: choice.isTrue } };
}

/** "x is not a and x is not b" is "x is none of {a, b}". */
function joinRefused(phrases: readonly Phrase[]): readonly Phrase[] {
  const joined = new Map<string, Phrase>();
  for (const phrase of phrases) {
    const { choice } = phrase;
    const key = choice && !choice.isTrue ? `${choice.subject} is none` : phrase.text;
    const known = joined.get(key)?.choice;
    joined.set(key, choice && known ? choiceOf(choice.subject, [...known.values, ...choice.values], false) : phrase);
  }
  return [...joined.values()];
}

/** Cases that differ in the value of one subject are one: "x is one of {a, b}"; again, until none is left. */
function joinCases(cases: readonly (readonly Phrase[])[]): readonly (readonly Phrase[])[] {
  const subjects = new Set(cases.flat().flatMap(({ choice }) => (choice?.isTrue ? [choice.subject] : [])));
  let current = cases;
  for (const subject of subjects) {
    const groups = new Map<string, readonly Phrase[]>();
    current.forEach((parts, index) => {
      const own = parts.filter(({ choice }) => choice?.isTrue && choice.subject === subject);
      const others = parts.filter((part) => !own.includes(part));
      const [one] = own;
      const texts = others.map(({ text }) => text).sort();
      const key = own.length === 1 ? JSON.stringify(texts) : `${index}`;
      const known = groups.get(key)?.find(({ choice }) => choice?.isTrue && choice.subject === subject)?.choice;
      if (!known || !one?.choice) groups.set(key, parts);
      else groups.set(key, [...others, choiceOf(subject, [...known.values, ...one.choice.values], true)]);
    });
    current = [...groups.values()];
  }
  return current;
}

function choiceOf(subject: string, all: readonly string[], isTrue: boolean): Phrase {
  const values = [...new Set(all)];
  const text =
    values.length === 1
      ? `${subject} is ${isTrue ? '' : 'not '}${values.join()}`
      : `${subject} is ${isTrue ? 'one' : 'none'} of {${values.join(', ')}}`;
  return { text, choice: { subject, values, isTrue } };
}
