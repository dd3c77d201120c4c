/** Of many changes the JSON is written piece by piece; it says the same. */
import { describe, expect, it } from 'vitest';
import { printJson } from '../../src/cli/diff/json.ts';
import type { Chosen } from '../../src/cli/diff/only.ts';
import { createOutput } from '../../src/cli/output.ts';
import type { Change, Part } from '../../src/compare/index.ts';

const version = {
  policy: { name: 'p', version: '1.0.0' },
  catalog: { name: 'c', version: '1.0.0' },
  meaningDigest: '',
};

const part: Part = {
  condition: 'flag is true',
  cases: [[{ atom: 'resource.flag', is: ['true'], text: 'flag is true' }]],
  complete: true,
  missing: [],
  example: null,
};

const change = (number: number): Change => ({
  kind: 'role',
  role: `role ${number}`,
  members: [],
  action: 'note.view',
  actions: [],
  widened: true,
  narrowed: false,
  condition: 'flag is true',
  gained: part,
  lost: null,
  example: null,
  missing: [],
  undecided: true,
  from: null,
  to: null,
  place: null,
});

function printed(count: number): { readonly text: string; readonly most: number } {
  const texts: string[] = [];
  const stdout = { write: (text: string) => texts.push(text) > 0 } as unknown as NodeJS.WriteStream;
  const comparison: Chosen = {
    ...{ equal: false, sameMeaning: false, base: version, head: version, renames: [], semver: 'minor', omitted: 0 },
    notes: [{ text: 'a note', role: null, member: null }],
    changes: Array.from({ length: count }, (_, number) => change(number)),
  };
  printJson(comparison, createOutput(stdout, stdout, {}));
  return { text: texts.join(''), most: Math.max(...texts.map((text) => text.length)) };
}

describe('JSON of a comparison', () => {
  it.each([3, 1_001, 1_500])('names what %i changes share by its number', (count) => {
    const { changes, ...others } = JSON.parse(printed(count).text);
    expect(others).toEqual({
      ...{ equal: false, sameMeaning: false, base: version, head: version, renames: [], semver: 'minor', omitted: 0 },
      notes: ['a note'],
      literals: [{ atom: 'resource.flag', is: ['true'], text: 'flag is true' }],
      conditions: [{ text: 'flag is true', complete: true, cases: [[0]] }],
    });
    expect(changes).toHaveLength(count);
    expect(changes.at(-1)).toEqual({
      ...{ kind: 'role', role: `role ${count - 1}`, members: [], action: 'note.view', widened: true, narrowed: false },
      ...{ condition: 'flag is true', example: null, undecided: true, gained: { condition: 0 } },
    });
  });

  it('is never one string', () => {
    expect(printed(20_000).most).toBeLessThan(200_000);
  });
});
