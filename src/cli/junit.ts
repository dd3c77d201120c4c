import { positionOf } from '../source/index.ts';
import type { Verdict } from '../verify/index.ts';

/** Verdicts of one file as a suite, each expectation as a test case; the text of a failure says why. */
export interface Suite {
  readonly file: string;
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  /** Errors that kept the file from being decided. */
  readonly errors: readonly string[];
  readonly explain: (verdict: Verdict) => string;
}

/** The usual JUnit XML: `testsuites` of `testsuite` of `testcase`. */
export function junitOf(suites: readonly Suite[]): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  const failures = suites.reduce((sum, suite) => sum + suite.verdicts.filter(isFailure).length, 0);
  const errors = suites.reduce((sum, suite) => sum + suite.errors.length, 0);
  const tests = suites.reduce((sum, suite) => sum + suite.verdicts.length + suite.errors.length, 0);
  const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0);
  lines.push(`<testsuites ${attributes({ name: 'chaperone', tests, failures, errors, time: seconds.toFixed(3) })}>`);
  for (const suite of suites) lines.push(...suiteLines(suite));
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function suiteLines(suite: Suite): readonly string[] {
  const failures = suite.verdicts.filter(isFailure).length;
  const tests = suite.verdicts.length + suite.errors.length;
  const counts = { tests, failures, errors: suite.errors.length, skipped: 0, time: suite.seconds.toFixed(3) };
  const lines = [`  <testsuite ${attributes({ name: suite.file, ...counts })}>`];
  for (const [index, error] of suite.errors.entries()) {
    const [first = ''] = error.split('\n');
    lines.push(
      `    <testcase ${attributes({ name: `the file can be read (${index + 1})`, classname: suite.file, time: '0' })}>`,
    );
    lines.push(
      `      <error ${attributes({ message: first, type: 'error' })}>${escaped(error)}</error>`,
      '    </testcase>',
    );
  }
  for (const verdict of suite.verdicts) {
    const { line } = positionOf(verdict.span.file, verdict.span.start);
    const about = verdict.on === null ? verdict.action : `${verdict.action} on ${verdict.on}`;
    const name = `${verdict.test}: ${verdict.user} ${about} (line ${line})`;
    const head = `    <testcase ${attributes({ name, classname: suite.file, time: '0' })}`;
    if (!isFailure(verdict)) lines.push(`${head}/>`);
    else {
      const message = verdict.differences.join('; ');
      lines.push(
        `${head}>`,
        `      <failure ${attributes({ message, type: 'expectation' })}>${escaped(suite.explain(verdict))}</failure>`,
        '    </testcase>',
      );
    }
  }
  lines.push('  </testsuite>');
  return lines;
}

function isFailure({ differences }: Verdict): boolean {
  return differences.length > 0;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join(' ');
}

/** XML 1.0 has no way to write most control characters; they become the replacement character. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
