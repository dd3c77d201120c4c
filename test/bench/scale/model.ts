import { seeded } from '../random.ts';

/** Many roles and members, and no conditions: what is left is finding the member and the cell. */
export interface Scale {
  readonly actions: readonly string[];
  /** Names of roles with the columns of the actions that each gives. */
  readonly roles: readonly { readonly name: string; readonly grants: readonly number[] }[];
  /** Ids with the numbers of the roles held. */
  readonly members: readonly { readonly id: string; readonly roles: readonly number[] }[];
}

export interface Question {
  readonly id: string;
  readonly action: string;
}

const grantsOfRole = 200;

/** 500 actions, of which each role gives 200; members hold one to three roles. */
export function makeScale(roleCount: number, memberCount: number, seed: number): Scale {
  const random = seeded(seed + roleCount);
  const actions = Array.from({ length: 500 }, (_, index) => `section-${index % 20}.action-${index}`);
  const columns = actions.map((_, column) => column);
  return {
    actions,
    roles: Array.from({ length: roleCount }, (_, index) => ({
      name: `role-${index}`,
      grants: random.sample(columns, grantsOfRole).sort((a, b) => a - b),
    })),
    members: Array.from({ length: memberCount }, (_, index) => ({
      id: `member-${index}`,
      roles: Array.from(new Set(Array.from({ length: 1 + random.below(3) }, () => random.below(roleCount)))),
    })),
  };
}

export function makeQuestions({ actions, members }: Scale, count: number, seed: number): readonly Question[] {
  const random = seeded(seed + 1);
  return Array.from({ length: count }, () => ({ id: random.pick(members).id, action: random.pick(actions) }));
}

/** The right answers: 1 for allow. */
export function answerQuestions({ actions, roles, members }: Scale, questions: readonly Question[]): Uint8Array {
  const columns = new Map(actions.map((action, column) => [action, column]));
  const held = new Map(members.map(({ id, roles: own }) => [id, own]));
  return Uint8Array.from(questions, ({ id, action }) => {
    const column = columns.get(action) ?? -1;
    return Number((held.get(id) ?? []).some((role) => roles[role]?.grants.includes(column)));
  });
}
