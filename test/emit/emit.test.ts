import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { emit } from '../../src/emit/index.ts';
import type { Diagrams } from '../../src/lower/diagrams.ts';
import type { Policy } from '../../src/resolve/policy.ts';
import { loadTable } from '../../src/runtime/index.ts';
import { viewOf } from '../../src/runtime/tools.ts';
import {
  all,
  and,
  atom,
  bit,
  constant,
  fact,
  not,
  or,
  outcome,
  type Sketch,
  scalar,
  set,
  sketch,
  slot,
  span,
} from '../runtime/build.ts';

const owner = atom('equal', fact('resource.owner', 'string'), fact('user.id', 'string'));
const input: Sketch = {
  outcomes: [{ name: 'audited', duties: ['log'], isLastResort: false }],
  settings: [{ name: 'limit', default: set() }, { name: 'unused' }],
  grants: {
    desk: { view: [{ permission: 'p', when: owner }], edit: [{ permission: 'q', when: and(owner, bit('open')) }] },
    lead: { view: [{ permission: 'p', when: or(owner, outcome('audited', bit('urgent'))) }], edit: [] },
  },
  scopes: [{ kind: 'prohibition', name: 'locked', is: not(bit('locked')) }],
  roleSettings: { desk: { limit: set('a', 'b') } },
  presentation: { edit: 'hidden' },
  members: [
    {
      key: 'kim',
      id: 'K',
      holds: [
        { role: 'desk', from: 5 },
        { role: 'lead', settings: { limit: all } },
      ],
    },
    { key: 'lee', holds: [{ role: 'desk' }] },
  ],
};

const made = sketch(input);
const write = (policy: Policy = made.policy, diagrams: Diagrams = made.diagrams, strip = false) =>
  emit(policy, diagrams, { strip });
const base = write();
const from = (more: Partial<Sketch>) => {
  const { policy, diagrams } = sketch({ ...input, ...more });
  return write(policy, diagrams);
};

/** The same diagrams with other numbers: atoms and nodes that nothing needs, and nodes in another order. */
function scrambled({ atoms, leaves, atomOf, lowOf, highOf, rows, ...axes }: Diagrams): Diagrams {
  const extra = bit('aaa');
  const size = atomOf.length;
  // Breadth first from the leaves: every node after its children, but in an order of its own.
  const order = Array.from({ length: size }, (_, n) => n);
  const depth = (n: number): number => (n < leaves ? 0 : 1 + Math.max(depth(lowOf[n]!), depth(highOf[n]!)));
  order.sort((a, b) => (a < leaves || b < leaves ? a - b : depth(a) - depth(b) || b - a));
  const number = new Map(order.map((old, index) => [old, index < leaves ? index : index + 1]));
  const column = (of: (old: number) => number, first: number) =>
    Int32Array.from([...order.slice(0, leaves).map(() => 0), first, ...order.slice(leaves).map(of)]);
  const at = (old: number) => number.get(old)!;
  return {
    ...axes,
    leaves,
    atoms: [extra, ...atoms],
    atomOf: column((old) => atomOf[old]! + 1, 0),
    lowOf: column((old) => at(lowOf[old]!), 0),
    highOf: column((old) => at(highOf[old]!), leaves - 1),
    rows: rows.map((row) =>
      row.map(({ decision, grants, grantNodes, scopeNodes }) => ({
        decision: at(decision),
        grants: at(grants),
        grantNodes: grantNodes.map(({ grant, node }) => ({ grant, node: at(node) })),
        scopeNodes: scopeNodes.map(({ scope, node }) => ({ scope, node: at(node) })),
      })),
    ),
  };
}

describe('bytes', () => {
  test('are the same for the same policy', () => {
    const again = sketch(input);
    expect(write(again.policy, again.diagrams).bytes).toEqual(base.bytes);
    expect(loadTable(base.bytes)).toMatchObject({ digest: base.digest, meaningDigest: base.meaningDigest });
  });

  test('do not depend on how diagrams are numbered, nor hold what nothing needs', () => {
    const other = write(made.policy, scrambled(made.diagrams));
    expect(other.bytes).toEqual(base.bytes);
    expect(viewOf(loadTable(other.bytes)).atoms.map(({ text }) => text)).not.toContain(bit('aaa').text);
  });

  test('hold no path of somebody’s disk', () => {
    const at = (path: string) => ({ ...span(2), file: { path, text: 'one\ntwo\n' } });
    const [first, second] = made.policy.grants;
    const files = (...paths: [string, string]) => {
      const grants = [
        { ...first!, span: at(paths[0]) },
        { ...second!, span: at(paths[1]) },
      ];
      return viewOf(loadTable(write({ ...made.policy, grants }).bytes)).provenance()?.files;
    };
    expect(files('/home/kim/clinic/practice.yaml', '/home/kim/clinic/catalog/catalog.yaml')).toEqual([
      'catalog/catalog.yaml',
      'practice.yaml',
    ]);
    expect(files('C:\\clinic\\b.yaml', 'C:\\clinic\\a.yaml')).toEqual(['a.yaml', 'b.yaml', 'practice.yaml']);
    expect(files('../catalog.yaml', 'practice.yaml')).toEqual(['../catalog.yaml', 'practice.yaml']);
  });

  test('of a stripped table are fewer, and decide and mean the same', () => {
    const stripped = write(made.policy, made.diagrams, true);
    expect(stripped.bytes.length).toBeLessThan(base.bytes.length);
    expect(stripped.digest).not.toBe(base.digest);
    expect(stripped.meaningDigest).toBe(base.meaningDigest);
    const table = loadTable(stripped.bytes);
    expect(viewOf(table).provenance()).toBe(null);
    expect(viewOf(table).grantsOf(0)).toBe(null);
    expect(table.user('lee').can('view', { owner: 'lee', locked: false })).toBe(true);
    expect(table.user('lee').decide('view', { owner: 'lee', locked: true }).decidedBy?.name).toBe('locked');
  });

  test('keep every text, also outside ASCII', () => {
    const grants = made.policy.grants.map((grant) => ({ ...grant, text: 'name == "Zoë 日本 \u2028 \ud800"' }));
    const table = loadTable(write({ ...made.policy, name: 'praxis-süd', grants }).bytes);
    expect(table.policy.name).toBe('praxis-süd');
    expect(viewOf(table).provenance()?.grants[0]?.text).toBe('name == "Zoë 日本 \u2028 \ud800"');
  });
});

describe('the meaning digest', () => {
  const meaning = (result: { meaningDigest: string }) => result.meaningDigest;

  test('does not see titles, versions, sources and numbers', () => {
    const policy: Policy = {
      ...made.policy,
      name: 'other',
      version: '9.9.9',
      title: 'Title',
      timeZone: 'Asia/Tokyo',
      catalog: { name: 'x', version: '0.0.1' },
      grants: made.policy.grants.map((grant) => ({ ...grant, permission: 'renamed', span: span(3) })),
      scopes: made.policy.scopes.map((scope) => ({ ...scope, name: 'renamed', title: 'Title', kind: 'scope' })),
    };
    const other = write(policy, scrambled(made.diagrams));
    expect(meaning(other)).toBe(meaning(base));
    expect(other.digest).not.toBe(base.digest);
  });

  test('does not see the order of members, assignments, roles, actions and settings', () => {
    const members = [...input.members!].reverse().map((member) => ({ ...member, holds: [...member.holds!].reverse() }));
    const settings = [...input.settings!].reverse();
    const { desk, lead } = input.grants as Required<typeof input.grants>;
    expect(meaning(from({ members, settings, grants: { lead: lead!, desk: desk! } }))).toBe(meaning(base));
  });

  test('does not see an unused time zone, but sees one that is used', () => {
    expect(meaning(from({ timeZone: 'Asia/Tokyo' }))).toBe(meaning(base));
    const dated = {
      grants: {
        desk: {
          view: [{ permission: 'p', when: atom('before', fact('resource.at', 'date', { day: true }), null, 9) }],
        },
      },
    };
    const zones = ['UTC', 'Asia/Tokyo'].map((timeZone) =>
      meaning(from({ ...dated, members: [], roleSettings: {}, timeZone })),
    );
    expect(zones[0]).not.toBe(zones[1]);
  });

  test('sees every change of a decision', () => {
    const members = input.members!;
    const [kim, lee] = members;
    const { desk, lead } = input.grants;
    const variants: Partial<Sketch>[] = [
      { grants: { ...input.grants, lead: { view: [{ permission: 'p', when: owner }], edit: [] } } },
      { grants: { desk: desk!, other: lead! }, members: [lee!] },
      {
        grants: { desk: { view: desk!.view!, erase: desk!.edit! }, lead: { view: lead!.view! } },
        presentation: { erase: 'hidden' },
      },
      { scopes: [] },
      { presentation: {} },
      { presentation: { edit: 'disabled' } },
      { outcomes: [{ name: 'audited', duties: [], isLastResort: false }] },
      { roleSettings: {} },
      { roleSettings: { desk: { limit: all } } },
      { given: ['desk'] },
      { settings: [{ name: 'limit' }, { name: 'unused' }] },
      { members: [kim!] },
      { members: [kim!, { ...lee, id: 'L' }] },
      { members: [kim!, { ...lee, key: 'leo', id: 'lee' }] },
      { members: [kim!, { ...lee, active: false }] },
      { members: [kim!, { ...lee, holds: [{ role: 'lead' }] }] },
      { members: [kim!, { ...lee, holds: [{ role: 'desk', until: 7 }] }] },
      { members: [kim!, { ...lee, holds: [{ role: 'desk', from: 7 }] }] },
      { members: [kim!, { ...lee, holds: [{ role: 'desk', settings: { unused: scalar('1') } }] }] },
      { members: [kim!, { ...lee, holds: [{ role: 'desk', settings: { unused: scalar(1) } }] }] },
      { members: [kim!, { ...lee, holds: [{ role: 'desk' }, { role: 'desk' }] }] },
    ];
    const digests = [meaning(base), ...variants.map((variant) => meaning(from(variant)))];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('sees another atom, though the diagram looks the same', () => {
    const one = (when: ReturnType<typeof bit>) =>
      meaning(from({ grants: { desk: { view: [{ permission: 'p', when }] } }, members: [], scopes: [] }));
    const texts = [
      bit('a'),
      bit('b'),
      atom('true', fact('user.a', 'bool')),
      atom('equal', fact('resource.a', 'int'), constant(1)),
    ];
    expect(new Set(texts.map(one)).size).toBe(texts.length);
  });
});

test('the content digest is the SHA-256 of the file without its own sums', () => {
  const bytes = base.bytes.slice();
  bytes.fill(0, 16, 52);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(base.digest);
});

test('settings that atoms do not read are kept for tools', () => {
  const view = viewOf(loadTable(base.bytes));
  expect(view.slots.map(({ name }) => name)).toEqual(['limit', 'unused']);
  expect(view.roles[0]?.settings).toEqual([{ slot: 0, value: ['a', 'b'] }]);
  expect(slot('limit', 'string').kind).toBe('term');
});

test('offsets of a time zone are those of Intl, at every change of a century and more', () => {
  const day = atom('before', fact('resource.at', 'date', { day: true }), null, 0);
  for (const timeZone of ['Africa/Casablanca', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia']) {
    const { policy, diagrams } = sketch({ timeZone, grants: { r: { act: [{ permission: 'p', when: day }] } } });
    const { instants, offsets } = viewOf(loadTable(write(policy, diagrams).bytes)).zone;
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    const local = (instant: number) => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
    expect(instants.length).toBeGreaterThan(10);
    instants.forEach((instant, i) => {
      if (i === 0) return;
      expect(local(instant) - instant).toBe(offsets[i]);
      expect(local(instant - 1000) - (instant - 1000)).toBe(offsets[i - 1]);
    });
    for (let at = 0; at < 4e12; at += 86_400_000 * 3.37) {
      const index = instants.findLastIndex((instant) => instant <= at);
      const second = Math.floor(at / 1000) * 1000;
      if (local(second) - second !== offsets[index]) expect.fail(`${timeZone} at ${new Date(at).toISOString()}`);
    }
  }
});
