import type { Clinic, Person, Resource } from '../clinic/model.ts';
import type { World } from '../clinic/world.ts';
import { requirePeer } from '../project.ts';
import type { Engine } from '../rounds.ts';

/** The part of `casbin` that is used here. */
interface Casbin {
  readonly newEnforcer: (model: unknown, adapter: unknown) => Promise<Enforcer>;
  readonly newModelFromString: (text: string) => unknown;
  readonly StringAdapter: new (text: string) => unknown;
}

interface Enforcer {
  enforceSync(...request: readonly unknown[]): boolean;
  addFunction(name: string, test: (...words: never[]) => boolean): Promise<void>;
  enableAutoSave(isOn: boolean): void;
  addGroupingPolicies(rows: readonly (readonly string[])[]): Promise<boolean>;
}

/** The prohibition stands in the matcher, so that the first allow ends the search: no "deny wins" over all rows. */
const model = `[request_definition]
r = sub, obj, act

[policy_definition]
p = sub, act, cond

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.act == p.act && g(r.sub.id, p.sub) && (p.cond == "always" || related(r.sub, r.obj)) && !prohibited(r.sub, r.obj, r.act)
`;

/** Only the synchronous, unlogged call is timed; the conditions are plain functions. */
export async function casbinEngine({ clinic, requests }: World): Promise<readonly Engine[]> {
  const enforcer = await loadCasbin(clinic);
  await enforcer.addGroupingPolicies(clinic.users.flatMap(({ id, roles }) => roles.map((role) => [id, role])));
  return [
    {
      name: 'casbin',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { user, action, resource } = requests[i] as (typeof requests)[0];
          out[i] = enforcer.enforceSync(user, resource, action) ? 1 : 0;
        }
      },
    },
  ];
}

async function loadCasbin({ roles, prohibited, owner }: Clinic): Promise<Enforcer> {
  const { newEnforcer, newModelFromString, StringAdapter } = requirePeer('casbin') as Casbin;
  const rows = roles.flatMap(({ name, always, related }) => [
    ...always.map((action) => `p, ${name}, ${action}, always`),
    ...related.map((action) => `p, ${name}, ${action}, related`),
  ]);
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(rows.join('\n')));
  await enforcer.addFunction('related', (user: Person, { owner: by, client, assigned }: Resource) => {
    if (by === user.practitioner) return true;
    for (let i = 0; i < client.tags.length; i++) if (user.tags.includes(client.tags[i] as string)) return true;
    return assigned.includes(user.id);
  });
  await enforcer.addFunction(
    'prohibited',
    (user: Person, resource: Resource, action: string) =>
      action === prohibited && resource.protected && !user.roles.includes(owner),
  );
  enforcer.enableAutoSave(false);
  return enforcer;
}
