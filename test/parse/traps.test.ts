import { describe, expect, it } from 'vitest';
import { parse } from '../../src/parse/index.ts';
import { catalogHeader, helpFor, linesFor } from './lines.ts';

const head = `${catalogHeader}grants:\n`;

describe('a condition that YAML cuts', () => {
  const cases: Record<string, readonly [string, string]> = {
    'at a comma': [
      '  - { actions: [x], when: f(a, b), outcome: z }\n',
      '6:27 cut-condition [f(a, b)] YAML cut the condition of `when` at a comma',
    ],
    'at a comma in quotes': [
      '  - { actions: [x], when: user.a == "x, y" }\n',
      '6:27 cut-condition [user.a == "x, y"] YAML cut the condition of `when` at a comma',
    ],
    'at a bracket': [
      '  - { actions: [x], when: resource.tag in [a, b], outcome: z }\n',
      '6:27 cut-condition [resource.tag in [a, b]] YAML cut the condition of `when` at a bracket',
    ],
    'at a comment': [
      '  - actions: [x]\n    when: resource.room == "room #1"\n    outcome: z\n',
      '7:11 cut-condition [resource.room == "room #1"] YAML cut the condition of `when` at ` #`',
    ],
    'at a comment after an operator': [
      '  - actions: [x]\n    when: has(a) or # why\n      has(b)\n    outcome: z\n',
      '7:11 cut-condition [has(a) or # why] YAML cut the condition of `when` at ` #`',
    ],
    'as a tag': [
      '  - actions: [x]\n    when: !has(x)\n',
      '7:11 cut-condition [!has(x)] YAML took the start of the condition of `when` for a tag',
    ],
    'as a tag before more': [
      '  - actions: [x]\n    when: !has(x) and user.id == "a"\n    outcome: z\n',
      '7:11 cut-condition [!has(x) and user.id == "a"] YAML took the start of the condition of `when` for a tag',
    ],
    'as a tag in braces': [
      '  - { actions: [x], when: !f(a, b), outcome: z }\n',
      '6:27 cut-condition [!f(a, b)] YAML took the start of the condition of `when` for a tag',
    ],
    'after a quote': [
      '  - actions: [x]\n    when: "north" in resource.tags\n    outcome: z\n',
      '7:11 cut-condition ["north" in resource.tags] YAML cut the condition of `when` after a quote',
    ],
  };
  for (const [name, [text, line]] of Object.entries(cases)) {
    it(name, () => {
      expect(linesFor(head + text)).toEqual([line]);
      expect(helpFor(head + text)[0]).toMatch(/^put the condition in quotes or on a line of its own with `>-`/);
      expect(linesFor((head + text).replaceAll('\n', '\r\n'))).toEqual([line]);
    });
  }
  it('never leaves a grant without its condition', () => {
    const { syntax } = parse({ path: 'x.yaml', text: `${head}  - { actions: [x], when: !has(x) }\n` });
    expect(syntax).toMatchObject({ kind: 'catalog', grants: [] });
  });
  it('does not hide what is wrong after it', () => {
    const text = `${head}${'  - { actions: [x], when: a in [b] }\n'.repeat(3)}titel: x\n`;
    expect(linesFor(text).map((line) => line.slice(0, 18))).toEqual([
      '6:27 cut-condition',
      '7:27 cut-condition',
      '8:27 cut-condition',
      '9:1 unknown-key [t',
    ]);
  });
  it('is not one with its parenthesis merely missing', () => {
    expect(linesFor(`${head}  - { actions: [x], when: has(x }\n`)).toEqual([
      '6:30 bad-condition [(] `(` is never closed',
    ]);
  });
  it('is not one when it is whole', () => {
    const whole = [
      '  - { actions: [x], when: has(a) } # note\n',
      '  - { actions: [x], when: has(a), outcome: z }\n',
      '  - actions: [x]\n    when: has(a) # note\n',
      '  - { actions: [x], when: "user.age in [1, 2]" }\n',
      '  - { actions: [x], when: \'user.a == "x, y"\' }\n',
      '  - actions: [x]\n    when: user.a in ["x", "y"]\n',
      '  - actions: [x]\n    when: >-\n      user.a == "room #1"\n',
      '  - actions: [x]\n    when: has(a)\n      and has(b)\n',
      '  - { actions: [x], when: has(a)\n      and has(b)\n      }\n',
    ];
    for (const text of whole) expect(linesFor(head + text)).toEqual([]);
  });
});
