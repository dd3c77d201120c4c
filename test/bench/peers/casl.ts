import { type Clinic, kinds, type Person, type Resource, verbOf, verbs } from '../clinic/model.ts';
import type { World } from '../clinic/world.ts';
import { requirePeer } from '../project.ts';
import type { Engine } from '../rounds.ts';

/** The part of `@casl/ability` that is used here. */
interface Casl {
  readonly createMongoAbility: (rules: readonly Rule[], options: object) => Ability;
  readonly Ability: new (rules: readonly Rule[], options: object) => Ability;
}

export interface Ability {
  can(action: string, subject: unknown): boolean;
}

interface Rule {
  readonly action: readonly string[];
  readonly subject: string;
  readonly inverted?: boolean;
  readonly conditions?: unknown;
}

const detectSubjectType = ({ kind }: Resource) => kind;

/** With conditions as data, the documented way; one ability a user, built once. */
export function caslAbility(clinic: Clinic, user: Person): Ability {
  const { createMongoAbility } = requirePeer('@casl/ability') as Casl;
  const conditions = [{ owner: user.practitioner }, { 'client.tags': { $in: user.tags } }, { assigned: user.id }];
  return createMongoAbility(rulesOf(clinic, user, conditions, { protected: true }), { detectSubjectType });
}

/** With functions as conditions: the quickest documented set-up. */
export function caslFunctionAbility(clinic: Clinic, user: Person): Ability {
  const { Ability } = requirePeer('@casl/ability') as Casl;
  const isRelated = ({ owner, client, assigned }: Resource) => {
    if (owner === user.practitioner) return true;
    for (let i = 0; i < client.tags.length; i++) if (user.tags.includes(client.tags[i] as string)) return true;
    return assigned.includes(user.id);
  };
  const rules = rulesOf(clinic, user, [isRelated], (resource: Resource) => resource.protected);
  return new Ability(rules, { detectSubjectType, conditionsMatcher: (condition: unknown) => condition });
}

/** Grants first, then the prohibition, which wins for being last. */
function rulesOf(
  { roles, prohibited, owner }: Clinic,
  user: Person,
  related: readonly unknown[],
  isProtected: unknown,
) {
  const rules: Rule[] = [];
  for (const role of roles.filter(({ name }) => user.roles.includes(name))) {
    for (const subject of kinds) {
      const given = (list: readonly string[]) => verbs.filter((verb) => list.includes(`${subject}.${verb}`));
      const always = given(role.always);
      const sometimes = given(role.related);
      if (always.length > 0) rules.push({ action: always, subject });
      for (const conditions of sometimes.length > 0 ? related : []) {
        rules.push({ action: sometimes, subject, conditions });
      }
    }
  }
  if (!user.roles.includes(owner)) {
    const [subject = '', verb = ''] = prohibited.split('.');
    rules.push({ action: [verb], subject, inverted: true, conditions: isProtected });
  }
  return rules;
}

export function caslEngines({ clinic, requests }: World): readonly Engine[] {
  const abilities = new Map(clinic.users.map((user) => [user, caslAbility(clinic, user)]));
  const functions = new Map(clinic.users.map((user) => [user, caslFunctionAbility(clinic, user)]));
  const asked = requests.map(({ user, action, resource }) => ({
    ability: abilities.get(user) as Ability,
    functions: functions.get(user) as Ability,
    verb: verbOf(action),
    resource,
  }));
  return [
    {
      name: 'casl',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { ability, verb, resource } = asked[i] as (typeof asked)[0];
          out[i] = ability.can(verb, resource) ? 1 : 0;
        }
      },
    },
    {
      name: 'casl-functions',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { functions: ability, verb, resource } = asked[i] as (typeof asked)[0];
          out[i] = ability.can(verb, resource) ? 1 : 0;
        }
      },
    },
  ];
}
