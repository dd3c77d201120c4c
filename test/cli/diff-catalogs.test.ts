/** Two catalogs: what any practice on them may gain or lose, whatever its roles and features. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { chaperone, root, temporaryFolder } from './run.ts';

const schema = JSON.parse(readFileSync(join(root, 'schemas/diff.schema.json'), 'utf8'));

/** Nobody has `pay` by a level, and alone it gives nothing: it needs `see` beside it. */
function catalog(when: string, more = '', check = '{}', implied = ''): string {
  const text = `chaperone: 1
kind: catalog
name: product
version: 1.0.0
ladders: { standard: [low] }
accounts: { clinical: { ladders: [standard] } }
features: [stripe]
resources:
  payment: { facts: { amount: int }, actions: { take: {}, view: {} } }
permissions:
  see: ${check}
  check: {}
  pay:
    implies: [${implied}]
    grants:
      - actions: [payment.take]
        when: ${when}
  view:
    level: low
    grants: [{ actions: [payment.view] }]
${more}
`;
  return join(temporaryFolder({ 'catalog.yaml': text }), 'catalog.yaml');
}

function diff(base: string, head: string) {
  const { status, stdout } = chaperone(['diff', base, head, '--json']);
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  const texts = (number: number): readonly string[] =>
    result.conditions[number].cases.map((items: number[]) => items.map((item) => result.literals[item].text).sort());
  return { ...result, texts };
}

describe('two catalogs', () => {
  it('differ for roles with two permissions', () => {
    const { changes, semver, equal, sameMeaning, texts } = diff(
      catalog('has(see)'),
      catalog('has(see) and has(check)'),
    );
    expect({ semver, equal, sameMeaning }).toEqual({ semver: 'major', equal: false, sameMeaning: false });
    expect(changes).toMatchObject([
      { kind: 'role', role: '(any role)', action: 'payment.take', widened: false, narrowed: true, undecided: false },
    ]);
    expect(texts(changes[0].lost.condition)).toEqual([
      ['the role does not have check', 'the role has pay', 'the role has see'],
    ]);
    const { user, base, head } = changes[0].example;
    expect([[...user.permissions].sort(), base.allow, head.allow]).toEqual([['pay', 'see'], true, false]);
  });

  it('differ where a feature is off', () => {
    const scope = 'scopes: { paid: { covers: [payment.view], is: feature(stripe) } }';
    const [base, head] = [catalog('has(see)', scope), catalog('has(see)')];
    const { changes, texts } = diff(base, head);
    expect(changes).toMatchObject([{ role: '(any role)', action: 'payment.view', widened: true, narrowed: false }]);
    expect([...texts(changes[0].gained.condition)].sort()).toEqual([
      ['the feature stripe is off', 'the level is low'],
      ['the feature stripe is off', 'the role has view'],
    ]);
    expect(changes[0].example).toMatchObject({ features: { stripe: 'off' }, base: { allow: false } });
    const said = chaperone(['diff', base, head, '--examples', '--fail-on', 'widened']);
    expect(said.status).toBe(1);
    expect(said.stdout).toMatch(
      /\(any role\) gains `payment\.view` if the feature stripe is off and .*\n {4}example: .*payment\.view with stripe off: deny, now allow\n/,
    );
    expect(chaperone(['diff', base, head, '--quick', '--fail-on', 'widened']).status).toBe(1);
  });

  it('are equal where no role can tell them apart', () => {
    // Whoever has `see` has `check` too, or `see` falls.
    const base = catalog('has(see)', '', '{ requires: check }');
    const head = catalog('has(see) and has(check)', '', '{ requires: check }');
    expect(diff(base, head)).toMatchObject({ equal: true, changes: [], semver: 'patch' });
    const run = chaperone(['diff', base, head, '--fail-on', 'any']);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('Nobody gains or loses anything.');
  });

  it('are compared for the same role, whatever its permissions bring along', () => {
    const { changes } = diff(catalog('has(see)'), catalog('has(see)', '', '{}', 'check'));
    expect(changes).toEqual([]);
    const { changes: found } = diff(catalog('has(see)'), catalog('has(see)', '', '{}', 'view'));
    expect(found).toMatchObject([{ role: 'with.pay', action: 'payment.view', widened: true, narrowed: false }]);
    const fallen = diff(catalog('true'), catalog('true', '', '{ requires: check }', 'see'));
    expect(fallen.changes).toEqual([]);
  });

  it('keep what a permission brought along before it fell', () => {
    const of = (implied: string) =>
      catalog(
        'true',
        'grants: [{ actions: [payment.view], when: has(see) or has(check) }]',
        `{ requires: pay, implies: [${implied}] }`,
      );
    // Whoever writes `see` without `pay` has no `see` in the end, but `check`.
    const { changes, texts } = diff(of(''), of('check'));
    expect(changes).toMatchObject([
      {
        role: '(any role)',
        action: 'payment.view',
        widened: true,
        narrowed: false,
        example: { user: { permissions: ['see'] } },
      },
    ]);
    expect(texts(changes[0].gained.condition)[0]).toContain('the role does not have pay');
  });

  it('differ for a level beside a permission', () => {
    const of = (level: string) => {
      const text = readFileSync(catalog('has(see)'), 'utf8').replace(
        'ladders: { standard: [low] }',
        'ladders: { standard: [low, high] }',
      );
      const own = text.replace('  see: {}', `  see: { level: ${level} }`);
      return join(temporaryFolder({ 'catalog.yaml': own }), 'catalog.yaml');
    };
    const { changes, texts } = diff(of('high'), of('low'));
    expect(changes).toMatchObject([{ role: '(any role)', action: 'payment.take', widened: true, narrowed: false }]);
    for (const text of ['the level is low', 'the role has pay'])
      expect(texts(changes[0].gained.condition)[0]).toContain(text);
  });

  it('leave an action open that sets of permissions decide', () => {
    const of = (when: string) => catalog('true', `grants: [{ actions: [payment.view], when: '${when}' }]`);
    const needs = (text: string) => {
      const own = readFileSync(text, 'utf8').replace(
        'facts: { amount: int }',
        'facts: { amount: int, needs: "set<permission>" }',
      );
      return join(temporaryFolder({ 'catalog.yaml': own }), 'catalog.yaml');
    };
    const [base, head] = [
      needs(of('resource.needs within user.permissions and resource.amount < 5')),
      needs(of('resource.needs within user.permissions')),
    ];
    const open = diff(base, head).changes.filter(({ role }: { role: string }) => role === '(any role)');
    expect(open).toMatchObject([{ action: 'payment.view', undecided: true }]);
    expect(diff(base, base)).toMatchObject({ equal: true, changes: [] });
  });

  it('are approved for just that change', () => {
    const of = (is: string) => catalog('has(see)', `scopes: { paid: { covers: [payment.view], is: '${is}' } }`);
    const [base, some, all] = [of('feature(stripe)'), of('feature(stripe) or resource.amount < 5'), of('true')];
    const file = join(temporaryFolder({}), 'approval.json');
    expect(chaperone(['diff', base, some, '--write-approval', file]).status).toBe(0);
    const gate = (head: string) => chaperone(['diff', base, head, '--fail-on', 'widened', '--approve', file]).status;
    expect([gate(some), gate(all)]).toEqual([0, 1]);
  });

  it('may call a permission otherwise', () => {
    const base = catalog('has(see)');
    const text = readFileSync(base, 'utf8').replace('  view:\n    level', '  look:\n    level');
    const head = join(temporaryFolder({ 'catalog.yaml': text }), 'catalog.yaml');
    expect(diff(base, head)).toMatchObject({
      changes: [],
      renames: [{ kind: 'permission', from: 'view', to: 'look' }],
      semver: 'patch',
    });
  });

  it('do not count permissions that an account cannot have', () => {
    const boss = (when: string) => {
      const text = readFileSync(catalog(when), 'utf8');
      const accounts = 'accounts: { clinical: { ladders: [standard] }, boss: { permissions: none } }';
      const own = text.replace(/^accounts: .*$/m, accounts);
      return join(temporaryFolder({ 'catalog.yaml': own }), 'catalog.yaml');
    };
    const { changes, texts } = diff(boss('has(see)'), boss('has(see) and has(check)'));
    expect(texts(changes[0].lost.condition)).toEqual([
      ['the role does not have check', 'the role has pay', 'the role has see', 'user.account is not boss'],
    ]);
    expect(changes[0].example.user.account).toBe('clinical');
  });

  it('show once what a level shows too', () => {
    const [base, head] = [catalog('has(see)'), catalog('has(see)', 'prohibitions: [{ actions: [payment.view] }]')];
    const changes = diff(base, head).changes as readonly { readonly role: string; readonly action: string }[];
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['payment.view']));
    expect(changes.map(({ role }) => role)).not.toContain('(any role)');
  });
});
