import type { Clinic, Person, Resource } from '../clinic/model.ts';
import type { World } from '../clinic/world.ts';
import { requirePeer } from '../project.ts';
import type { Engine } from '../rounds.ts';

/** The part of `@cedar-policy/cedar-wasm/nodejs` that is used here. */
interface Cedar {
  preparsePolicySet(id: string, policies: { readonly staticPolicies: string }): { readonly type: string };
  statefulIsAuthorized(
    call: object,
  ): { readonly type: 'success'; readonly response: Response } | { readonly type: 'failure' };
}

interface Response {
  readonly decision: 'allow' | 'deny';
  readonly diagnostics: { readonly errors: readonly unknown[] };
}

const policySet = 'clinic';

/** The policy set is parsed once, and the entities of each call are prepared outside the time: Cedar at its best. */
export function cedarEngine({ clinic, requests, resources }: World): readonly Engine[] {
  const cedar = requirePeer('@cedar-policy/cedar-wasm/nodejs') as Cedar;
  const parsed = cedar.preparsePolicySet(policySet, { staticPolicies: writeCedar(clinic) });
  if (parsed.type !== 'success') throw new Error(`Cedar: ${JSON.stringify(parsed)}`);
  const users = new Map(clinic.users.map((user) => [user, entityOfUser(user)]));
  const records = new Map(resources.map((resource) => [resource, entityOfResource(resource)]));
  const calls = requests.map(({ user, action, resource }) => {
    const entities = [users.get(user) ?? entityOfUser(user), records.get(resource) ?? entityOfResource(resource)];
    return {
      principal: { type: 'User', id: user.id },
      action: { type: 'Action', id: action },
      resource: { type: 'Resource', id: resource.id },
      context: {},
      preparsedPolicySetId: policySet,
      entities,
    };
  });
  return [
    {
      name: 'cedar',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const answer = cedar.statefulIsAuthorized(calls[i] as (typeof calls)[0]);
          if (answer.type !== 'success' || answer.response.diagnostics.errors.length > 0) {
            throw new Error(`Cedar: ${JSON.stringify(answer)}`);
          }
          out[i] = answer.response.decision === 'allow' ? 1 : 0;
        }
      },
    },
  ];
}

export function writeCedar({ roles, prohibited, owner }: Clinic): string {
  const related = [
    'resource.owner == principal.practitioner',
    'resource.tags.containsAny(principal.tags)',
    'resource.assigned.contains(principal.id)',
  ].join(' || ');
  const permit = (role: string, actions: readonly string[], when: string) =>
    `permit(principal in Role::"${role}", action in [${actions.map((action) => `Action::"${action}"`)}], resource)${when};\n`;
  return [
    ...roles.flatMap((role) => [
      permit(role.name, role.always, ''),
      permit(role.name, role.related, ` when { ${related} }`),
    ]),
    `forbid(principal, action == Action::"${prohibited}", resource) `,
    `when { resource.protected } unless { principal in Role::"${owner}" };\n`,
  ].join('');
}

function entityOfUser({ id, roles, practitioner, tags }: Person) {
  return {
    uid: { type: 'User', id },
    attrs: { id, practitioner, tags },
    parents: roles.map((role) => ({ type: 'Role', id: role })),
  };
}

function entityOfResource({ id, owner, assigned, client, protected: isProtected }: Resource) {
  return {
    uid: { type: 'Resource', id },
    attrs: { owner, assigned, tags: client.tags, protected: isProtected },
    parents: [],
  };
}
