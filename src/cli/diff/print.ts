import type { Comparison } from '../../compare/index.ts';
import type { Output } from '../output.ts';
import type { Chosen } from './only.ts';
import { exampleText, headings, type Sentence, sentencesOf, summaryOf } from './sentences.ts';

/** What was compared, as people say it. */
export function titleOf({ base, head }: Comparison): string {
  const name = base.policy.name === head.policy.name ? head.policy.name : `${base.policy.name} to ${head.policy.name}`;
  const catalog = `${base.catalog.name} ${base.catalog.version}`;
  const now = `${head.catalog.name} ${head.catalog.version}`;
  const on = catalog === now ? '' : `, on ${catalog} to ${now}`;
  return `${name} ${base.policy.version} to ${head.policy.version}${on}`;
}

/** For a terminal; examples only when asked for. */
export function printHuman(comparison: Chosen, hasExamples: boolean, out: Output): void {
  const lines = new Lines(out);
  lines.add(`${out.paint('bold', titleOf(comparison))}\n`);
  for (const [heading, sentences] of byHeading(sentencesOf(comparison))) {
    lines.add(`\n${out.paint(heading === 'Gains' ? 'yellow' : heading === 'Losses' ? 'cyan' : 'bold', heading)}\n`);
    for (const sentence of sentences) {
      // First, since the sentence says so where the tables do not confirm it.
      const example = hasExamples ? sentence.example : null;
      lines.add(`  ${sentence.text}\n`);
      if (example) lines.add(`    ${out.paint('dim', `example: ${exampleText(example)}`)}\n`);
    }
  }
  for (const { text } of comparison.notes) lines.add(`\nnote: ${text}\n`);
  lines.add(`\n${summaryOf(comparison)}\n`);
  if (comparison.changes.length > 0) lines.add(`${bumpText(comparison)}\n`);
  lines.end();
}

/** Writes many lines at once: of a large comparison there are tens of thousands. */
class Lines {
  private readonly out: Output;
  private waiting: string[] = [];

  constructor(out: Output) {
    this.out = out;
  }

  add(text: string): void {
    if (this.waiting.push(text) >= 1_000) this.end();
  }

  end(): void {
    if (this.waiting.length > 0) this.out.write(this.waiting.join(''));
    this.waiting = [];
  }
}

/** For a pull request. */
export function printMarkdown(comparison: Chosen, out: Output): void {
  const lines = new Lines(out);
  const sentences = sentencesOf(comparison);
  // First, since a sentence says so where the tables do not confirm its example.
  const examples = sentences.flatMap((sentence) => {
    const { example } = sentence;
    return example ? [[sentence, example] as const] : [];
  });
  lines.add(`## ${escaped(titleOf(comparison))}\n`);
  for (const [heading, own] of byHeading(sentences)) {
    lines.add(`\n### ${heading}\n\n`);
    for (const { text } of own) lines.add(`- ${escaped(text)}\n`);
  }
  for (const { text } of comparison.notes) lines.add(`\n> ${escaped(text)}\n`);
  lines.add(`\n${summaryOf(comparison)}${comparison.changes.length > 0 ? ` ${bumpText(comparison)}` : ''}\n`);
  if (examples.length > 0) lines.add('\n<details><summary>An example of each</summary>\n\n');
  for (const [{ text }, example] of examples)
    lines.add(`- ${escaped(text)}\n\n  \`\`\`text\n  ${exampleText(example)}\n  \`\`\`\n`);
  if (examples.length > 0) lines.add('\n</details>\n');
  lines.end();
}

/** Workflow commands: what widens is a warning, everything else a notice. */
export function printGithub(comparison: Chosen, out: Output): void {
  const lines = new Lines(out);
  for (const { heading, text, widened, place } of sentencesOf(comparison)) {
    const at = place
      ? ` file=${property(place.file)},line=${place.line},title=${property(heading)}`
      : ` title=${property(heading)}`;
    lines.add(`::${widened ? 'warning' : 'notice'}${at}::${message(text)}\n`);
  }
  const end = comparison.changes.length > 0 ? ` ${bumpText(comparison)}` : '';
  lines.add(`::notice title=chaperone diff::${message(`${titleOf(comparison)}: ${summaryOf(comparison)}${end}`)}\n`);
  lines.end();
}

function bumpText({ semver, omitted }: Chosen): string {
  return `The version should rise by a ${semver} step${omitted > 0 ? ' for the whole change' : ''}.`;
}

function byHeading(sentences: readonly Sentence[]): readonly (readonly [string, readonly Sentence[]])[] {
  return headings.flatMap((heading) => {
    const own = sentences.filter((sentence) => sentence.heading === heading);
    return own.length > 0 ? [[heading, own] as const] : [];
  });
}

/** Names and values of a policy are no markup, except what stands in backticks. */
export function escaped(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replace(/[\\*_<>[\]|#]/g, '\\$&') : part))
    .join('`');
}

function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
