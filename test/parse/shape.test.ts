import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseData, parseMember } from '../../src/parse/index.ts';
import { accepts, quickSchemas, schemas, type ValidatorName, validatorOf } from '../../src/parse/validators.ts';
import { catalogHeader, helpFor, linesFor, linesOf, practiceHeader, testsHeader } from './lines.ts';

describe('the header', () => {
  const cases: Record<string, readonly [string, readonly string[]]> = {
    'an unknown format version stops everything': [
      'chaperone: 2\nkind: nonsense\nfoo: 1\nfoo: 2\n',
      ['1:12 unknown-format-version [2] format version `2` is not known'],
    ],
    'a quoted format version': [
      'chaperone: "1"\nkind: catalog\n',
      ['1:12 unknown-format-version ["1"] the format version must be a number, not a text'],
    ],
    'no format version': ['kind: catalog\n', ['1:1 missing-key [kind] the file has no `chaperone`']],
    'no kind': ['chaperone: 1\n', ['1:1 missing-key [chaperone] the file has no `kind`']],
    'an unknown kind': ['chaperone: 1\nkind: catlog\n', ['2:7 unknown-kind [catlog] `catlog` is not a kind of file']],
    'a list': ['- a\n', ['1:1 wrong-shape [-] a file must be a map, not a list']],
    nothing: ['', ['1:1 empty-file [] the file holds nothing']],
    'only a comment': ['# x\n', ['1:1 empty-file [] the file holds nothing']],
    'only a mark': ['---\n', ['1:1 empty-file [] the file holds nothing']],
    'a version that YAML reads as a number': [
      'chaperone: 1\nkind: catalog\nname: a\nversion: 1.0\n',
      ['4:10 bad-version [1.0] version `1.0` is not three numbers'],
    ],
    'a version that is no version': [
      'chaperone: 1\nkind: catalog\nname: a\nversion: 1.x\n',
      ['4:10 bad-version [1.x] version `1.x` is not three numbers by the rules of semver'],
    ],
  };
  for (const [name, [text, lines]] of Object.entries(cases)) it(name, () => expect(linesFor(text)).toEqual(lines));
  it('suggests the kind', () => {
    expect(helpFor('chaperone: 1\nkind: catlog\n')).toEqual(['did you mean `catalog`?']);
  });
});

describe('shapes', () => {
  it('ten mistakes give ten diagnostics, in order', () => {
    const text = `${practiceHeader}titel: x
features: { stripe: true }
roles:
  a b: { account: x }
  reception: { level: 3, with: calendars.all }
members:
  amira: { status: activ, role: reception }
  lee: {}
dependencies: loose
invariants:
  - reception never reads: { nevr: note.view }
grants: []
`;
    expect(linesFor(text)).toEqual([
      '6:1 unknown-key [titel] `titel` is not a key here',
      '7:21 wrong-shape [true] `stripe` must be `on` or `off`, not `true`',
      '9:3 bad-name [a b] `a b` cannot be a name',
      '10:23 wrong-shape [3] `level` must be a text, not a number',
      '10:32 wrong-shape [calendars.all] `with` must be a list, not a text',
      '12:20 wrong-shape [activ] `status` must be `active` or `inactive`, not `activ`',
      '13:3 missing-key [lee] `lee` has no `role`',
      '14:15 wrong-shape [loose] `dependencies` must be `strict` or `gate`, not `loose`',
      '16:30 unknown-key [nevr] `nevr` is not a key in `reception never reads`',
      '17:1 widened-by-practice [grants] a practice cannot have `grants`',
    ]);
    expect(helpFor(text).slice(0, 6)).toEqual([
      'did you mean `title`?',
      'write `on`',
      'a name has letters from a to z, digits, `-` and `_`, and starts with a letter',
      'put it in quotes: "3"',
      'write a list: [calendars.all]',
      'did you mean `active`?',
    ]);
  });

  const cases: Record<string, readonly [string, readonly string[]]> = {
    'a list for a map': [
      `${catalogHeader}resources: []\n`,
      ['5:1 wrong-shape [resources] `resources` must be a map, not a list'],
    ],
    'a misspelt key that is required is one mistake': [
      `${catalogHeader}grants:\n  - action: [x]\n`,
      ['6:5 unknown-key [action] `action` is not a key here'],
    ],
    'a word for a list': [
      `${catalogHeader}accounts: { a: { permissions: all } }\n`,
      ['5:31 wrong-shape [all] `permissions` must be `none` or a list, not `all`'],
    ],
    'an inexact number': [
      `${testsHeader}resources: { r: { type: t, n: 12345678901234567890 } }\n`,
      ['4:31 wrong-shape [12345678901234567890] `12345678901234567890` is not a number that can be kept exactly'],
    ],
    'two keys in an outcome': [
      `${catalogHeader}outcomes:\n  - { a: [b], c: [d] }\n`,
      ['6:5 wrong-shape [{] an item of `outcomes` must be a map with exactly one key'],
    ],
    'a member with a role and `holds`': [
      `${practiceHeader}members:\n  a: { role: x, tag: y, holds: [{ role: x }] }\n`,
      [
        '7:8 wrong-shape [role] `role` cannot stand beside `holds`',
        '7:17 unknown-key [tag] `tag` cannot stand beside `holds`',
      ],
    ],
    'a sentence with two claims': [
      `${practiceHeader}invariants:\n  - a: { never: x, always: y }\n`,
      [
        '7:20 wrong-shape [always] a sentence has one of `never`, `always`, `only`, `separate` or `someone`, and `never` stands here already',
      ],
    ],
    'a sentence without a claim': [
      `${practiceHeader}invariants:\n  - a b: { over: roles }\n`,
      ['7:5 missing-key [a b] this sentence does not say what must hold'],
    ],
    'a practice and a catalog': [
      `${testsHeader}catalog: x\n`,
      ['4:1 wrong-shape [catalog] a tests file names a `practice` or a `catalog`, not both'],
    ],
    'neither a practice nor a catalog': [
      'chaperone: 1\nkind: tests\n',
      ['1:1 missing-key [chaperone] the file has no `practice`'],
    ],
    'a question that is none': [
      `${testsHeader}tests:\n  - { name: n, user: u, expect: { a b c: allow } }\n`,
      ['5:35 bad-name [a b c] `a b c` is not an action'],
    ],
    'a row of the wrong width': [
      `${testsHeader}matrix:\n  users: [u]\n  resources: { r: {}, s: {} }\n  expect: { x: { u: [allow] } }\n`,
      ['7:21 wrong-shape [[allow]] this row has 1 decision for 2 resources'],
    ],
  };
  for (const [name, [text, lines]] of Object.entries(cases)) it(name, () => expect(linesFor(text)).toEqual(lines));

  it('names of JavaScript are names like any other', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const text = `${practiceHeader}roles:\n${names.map((name) => `  ${name}: { account: a, ${name}: 1 }\n`).join('')}`;
    const { syntax, diagnostics } = parse({ path: 'x.yaml', text });
    expect(linesOf(diagnostics)).toEqual([]);
    const roles = syntax?.kind === 'practice' ? syntax.roles : [];
    expect(roles.map(({ key, value }) => [key.text, value.settings[0]?.key.text])).toEqual(
      names.map((name) => [name, name]),
    );
    expect(linesFor(`${catalogHeader}grants:\n  - { constructor: x }\n`)).toEqual([
      '6:5 missing-key [{] this item has no `actions`',
      '6:7 unknown-key [constructor] `constructor` is not a key here',
    ]);
  });
});

describe('values on the command line', () => {
  it('a user as JSON', () => {
    const text = '{"role": {"account": "clinical",\n\t"with": ["people-menu"]}, "practitioner": "P1", "id": "U1"}';
    const { member, diagnostics } = parseMember({ path: 'user', text });
    expect(diagnostics).toEqual([]);
    expect(member).toMatchObject({
      id: { text: 'U1' },
      status: 'active',
      assignments: [
        {
          role: { account: { text: 'clinical' }, with: [{ text: 'people-menu' }] },
          settings: [{ key: { text: 'practitioner' }, value: { kind: 'scalar', value: 'P1' } }],
        },
      ],
    });
  });
  it('a user with mistakes', () => {
    const { diagnostics } = parseMember({ path: 'user', text: '{"role": 1, "status": "on"}' });
    expect(linesOf(diagnostics)).toEqual([
      '1:10 wrong-shape [1] `role` must be a text or a map, not a number',
      '1:24 wrong-shape [on] `status` must be `active` or `inactive`, not `on`',
    ]);
    expect(parseMember({ path: 'user', text: '[]' }).diagnostics).toHaveLength(1);
  });
  it('a resource', () => {
    const { data, diagnostics } = parseData({ path: 'on', text: '{type: note, tags: [a, 1, true, null]}' });
    expect(diagnostics).toEqual([]);
    expect(data).toMatchObject({
      kind: 'map',
      entries: [
        { key: { text: 'type' }, value: { value: 'note' } },
        { key: { text: 'tags' }, value: { items: [{ value: 'a' }, { value: 1 }, { value: true }, { value: null }] } },
      ],
    });
  });
});

describe('the schemas', () => {
  for (const kind of ['catalog', 'practice', 'tests', 'invariants']) {
    const schema = JSON.parse(readFileSync(new URL(`../../schemas/${kind}.schema.json`, import.meta.url), 'utf8'));
    it(`${kind} is a JSON Schema that ajv takes in strict mode`, () => {
      const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
      expect(ajv.validateSchema(schema)).toBe(true);
      expect(() => ajv.compile(schema)).not.toThrow();
    });
    it(`${kind} has a title and a description at every field`, () => {
      const bare: string[] = [];
      const visit = (part: unknown, path: string): void => {
        if (typeof part !== 'object' || part === null) return;
        for (const [key, value] of Object.entries(part)) {
          if ((key === 'properties' || key === 'definitions') && !Array.isArray(value)) {
            for (const [name, field] of Object.entries(
              value as Record<string, { title?: string; description?: string }>,
            )) {
              if (!field.title || !field.description) bare.push(`${path}/${key}/${name}`);
            }
          }
          visit(value, `${path}/${key}`);
        }
      };
      visit(schema, '');
      expect(bare).toEqual([]);
    });
  }
});

describe('the quick validators', () => {
  it('say yes exactly where the others find nothing: a reference stands beside words only', () => {
    for (const schema of Object.values(quickSchemas)) {
      const others = new Set<string>();
      const visit = (part: unknown): void => {
        if (typeof part !== 'object' || part === null) return;
        if ('$ref' in part) for (const key of Object.keys(part)) others.add(key);
        for (const value of Object.values(part)) visit(value);
      };
      visit(schema());
      expect([...others].sort()).toEqual(['$ref', 'description', 'title']);
    }
  });

  it('are of every schema', () => {
    expect(Object.keys(quickSchemas)).toEqual(Object.keys(schemas));
    for (const name of Object.keys(schemas) as ValidatorName[]) {
      for (const data of [{}, { role: 'a' }, { role: 1 }, [], null]) {
        expect(accepts(name, data), `${name} ${JSON.stringify(data)}`).toBe(validatorOf(name)(data));
      }
    }
  });
});
