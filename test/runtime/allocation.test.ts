/** Decisions leave nothing behind for the collector: bytes of the heap, which are the same on every machine. */
import { expect, test } from 'vitest';
import { and, atom, bit, constant, type Expression, fact, lookup, not, or, scalar, set, slot, table } from './build.ts';

const tags = fact('resource.client.tags', 'string', { set: true });
const limit = slot('limit', 'string', { set: true });
const mine = atom('equal', fact('resource.owner', 'string'), slot('practitioner', 'string'));
const conditions: Readonly<Record<string, Expression>> = {
  flag: not(bit('locked')),
  text: mine,
  texts: atom('contains', fact('user.id', 'string'), fact('resource.assigned', 'string', { set: true })),
  'text in a set': atom('contains', fact('resource.tag', 'string'), limit),
  'texts that overlap': atom('overlaps', tags, limit),
  'texts within': atom('within', tags, limit),
  number: atom('before', fact('resource.pages', 'int'), null, 10),
  enum: atom('equal', fact('resource.state', ['draft', 'final']), constant('draft')),
  'a fact of the context': atom(
    'contains',
    fact('user.id', 'string'),
    fact('context.viewers', 'string', { set: true }),
  ),
  'facts of the context': atom('overlaps', fact('context.viewers', 'string', { set: true }), limit),
  lookup: atom('equal', lookup('access', ['resource.section'], 'string'), constant('open')),
  'a missing fact': or(bit('unsaid'), mine),
  'several at once': or(and(bit('locked'), mine), atom('overlaps', tags, limit)),
};
const loaded = table({
  settings: [
    { name: 'practitioner' },
    { name: 'limit' },
    { name: 'access', indexes: [{ name: 'section', values: ['notes', 'money'] }] },
  ],
  grants: {
    r: Object.fromEntries(Object.entries(conditions).map(([name, when]) => [name, [{ permission: 'p', when }]])),
    s: { 'a missing fact': [{ permission: 'p', when: bit('locked') }] },
  },
  members: ['one', 'two'].map((key) => ({
    key,
    holds: [
      {
        role: 'r',
        settings: { practitioner: scalar('P1'), limit: set('x', 'y'), 'access/notes': scalar('open') },
      },
      ...(key === 'two' ? [{ role: 's' }] : []),
    ],
  })),
});
const resource = {
  owner: 'P1',
  locked: false,
  tag: 'x',
  assigned: ['two', 'one'],
  pages: 3,
  state: 'draft',
  section: 'notes',
  client: { tags: ['x'] },
};
const context = { viewers: ['x', 'one', 'two'] };

test.each(['one', 'two'].flatMap((key) => Object.keys(conditions).map((name) => [name, key])))(
  '%s, asked by %s',
  (name, key) => {
    const user = loaded.user(key);
    expect(user.can(name, resource, context)).toBe(true);
    const calls = 20_000;
    let allowed = 0;
    const ask = () => {
      for (let i = 0; i < calls; i++) if (user.can(name, resource, context)) allowed++;
    };
    for (let pass = 0; pass < 10; pass++) ask();
    // The least of many portions: what else happens in the process only ever adds to it.
    let least = Number.POSITIVE_INFINITY;
    for (let portion = 0; portion < 10; portion++) {
      const before = process.memoryUsage().heapUsed;
      ask();
      const grown = process.memoryUsage().heapUsed - before;
      if (grown >= 0) least = Math.min(least, grown);
    }
    expect(allowed).toBe(20 * calls);
    // The smallest object has 16 bytes.
    expect(least / calls).toBeLessThan(4);
  },
);
