import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { inspect } from '../../src/inspect/index.ts';
import { sectionNames } from '../../src/runtime/format.ts';
import {
  all,
  and,
  atom,
  bit,
  constant,
  fact,
  lookup,
  not,
  or,
  outcome,
  type Sketch,
  set,
  slot,
  table,
} from '../runtime/build.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/table.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ strict: true, strictTypes: false, strictTuples: false, allErrors: true }).compile(schema);
const sketched: Sketch = {
  timeZone: 'Europe/Berlin',
  outcomes: [{ name: 'audited', duties: ['log'], isLastResort: false }],
  settings: [
    { name: 'access', indexes: [{ name: 'section', values: ['files', 'notes'] }], default: set('x') },
    { name: 'limit', default: all },
  ],
  grants: {
    desk: {
      view: [
        { permission: 'p', when: and(atom('equal', fact('resource.state', ['a', 'b']), constant('a')), bit('open')) },
        {
          permission: 'q',
          when: outcome('audited', atom('before', fact('resource.at', 'date', { day: true }), null, 9)),
        },
      ],
    },
  },
  scopes: [
    {
      kind: 'scope',
      name: 'whose',
      is: or(
        atom(
          'contains',
          fact('resource.owner', 'string'),
          lookup('access', ['resource.section'], 'string', { set: true }),
        ),
        atom('overlaps', fact('resource.tags', 'string', { set: true }), slot('limit', 'string', { set: true })),
      ),
    },
    { kind: 'prohibition', name: 'locked', is: not(bit('locked')) },
  ],
  members: [{ key: 'kim', holds: [{ role: 'desk', from: 0, settings: { limit: set('n') } }] }],
};

describe('inspect', () => {
  test.each([false, true])('gives JSON that its schema takes (stripped: %s)', (strip) => {
    const shown = inspect(table(sketched, { strip }));
    const json = JSON.parse(JSON.stringify(shown));
    expect(json).toEqual(shown);
    expect(validate(json), JSON.stringify(validate.errors, null, 1)).toBe(true);
    expect(Object.keys(json.sections)).toEqual([...sectionNames]);
    expect(json.stripped).toBe(strip);
  });

  test('shows names where the table has numbers', () => {
    const shown = inspect(table(sketched));
    expect(shown.members).toEqual([
      {
        key: 'kim',
        id: 'kim',
        active: true,
        assignments: [{ role: 'desk', settings: { limit: ['n'] }, from: '1970-01-01T00:00:00.000Z', until: null }],
      },
    ]);
    expect(shown.settings).toContainEqual({ slot: 'limit', setting: 'limit', keys: [], default: { all: true } });
    expect(shown.settings).toContainEqual({ slot: 'access/files', setting: 'access', keys: ['files'], default: ['x'] });
    expect(shown.cells).toHaveLength(1);
    expect(shown.cells[0]).toMatchObject({
      role: 'desk',
      action: 'view',
      scopes: [{ name: 'whose' }, { name: 'locked' }],
    });
    const leaves = shown.nodes.flatMap(({ low, high }) => [low, high]).filter((name) => typeof name === 'string');
    expect(new Set(leaves)).toEqual(new Set(['deny', 'audited', 'allow']));
    expect(shown.atoms.map(({ right }) => right?.keys).filter((keys) => keys?.length)).toEqual([['section']]);
    expect(shown.zone[0]).toEqual({ from: null, offset: 3_600_000 });
    expect(shown.provenance?.grants).toHaveLength(2);
  });

  test('has a title and a description at every field of its schema', () => {
    const check = (node: unknown, path: string) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, field] of Object.entries((node as { properties?: object }).properties ?? {})) {
        expect(field, `${path}/${name}`).toMatchObject({ title: expect.any(String), description: expect.any(String) });
      }
      for (const [key, inner] of Object.entries(node)) check(inner, `${path}/${key}`);
    };
    check(schema, '');
  });
});
