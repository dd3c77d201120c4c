import { kinds, verbs } from '../clinic/model.ts';
import { seeded } from '../random.ts';

/**
 * A practice of many roles on a catalog of 42 actions; each role has two switches, half of them with a condition.
 * The catalog stays as it is, so what grows is the practice.
 */
export function writeRoles(count: number, seed: number): ReadonlyMap<string, string> {
  const random = seeded(seed);
  const own = kinds.slice(0, 7);
  const actions = own.flatMap((kind) => verbs.map((verb) => `${kind}.${verb}`));
  const switches = actions.flatMap((action) => [action, `${action}.own`]);
  const roles = Array.from({ length: count }, (_, index) => {
    const given = random.sample(switches, 2).join(', ');
    return `  role-${index}: { account: staff, with: [${given}] }\n`;
  });
  const types = own.map((kind) => {
    const all = verbs.map((verb) => `${verb}: {}`).join(', ');
    return `  ${kind}:\n    facts: { owner: string }\n    actions: { ${all} }\n`;
  });
  const permissions = actions.map(
    (action) => `  ${action}: { grants: [{ actions: [${action}] }] }
  ${action}.own: { grants: [{ actions: [${action}], when: resource.owner == user.id }] }
`,
  );
  const head = (kind: string) => `chaperone: 1\nkind: ${kind}\nname: bench\nversion: 1.0.0\n`;
  return new Map([
    [
      'catalog.yaml',
      `${head('catalog')}accounts: { staff: {} }\nresources:\n${types.join('')}permissions:\n${permissions.join('')}`,
    ],
    [
      'practice.yaml',
      `${head('practice')}catalog: ./catalog.yaml\nroles:\n${roles.join('')}members:\n  someone: { role: role-0 }\n`,
    ],
  ]);
}
