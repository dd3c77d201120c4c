import type { Engine } from '../rounds.ts';
import type { HandWritten } from './hand.ts';
import type { World } from './world.ts';

/** Written by hand: with the user's roles looked at in every call, and prepared once a user. */
export function enginesByHand({ clinic, requests }: World, hand: HandWritten): readonly Engine[] {
  const sessions = new Map(clinic.users.map((user) => [user, hand.bind(user)]));
  const users = new Map(clinic.users.map((user) => [user.id, user]));
  const byRecord = requests.map(({ user, action, resource }) => ({ user, action, resource }));
  const byId = requests.map(({ user, action, resource }) => ({ id: user.id, action, resource }));
  const bySession = requests.map(({ user, action, resource }) => ({
    session: sessions.get(user) ?? hand.bind(user),
    action,
    resource,
  }));
  return [
    {
      name: 'hand',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { user, action, resource } = byRecord[i] as (typeof byRecord)[0];
          out[i] = hand.can(user, action, resource) ? 1 : 0;
        }
      },
    },
    {
      name: 'hand-by-id',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { id, action, resource } = byId[i] as (typeof byId)[0];
          const user = users.get(id);
          out[i] = user !== undefined && hand.can(user, action, resource) ? 1 : 0;
        }
      },
    },
    {
      name: 'hand-bound',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { session, action, resource } = bySession[i] as (typeof bySession)[0];
          out[i] = hand.canBound(session, action, resource) ? 1 : 0;
        }
      },
    },
  ];
}

/** A Map and an array: what any table costs at least. It knows no conditions, so it agrees only where there are none. */
export function floorEngine({ clinic, requests }: World): Engine {
  const { actions, roles, prohibited, users } = clinic;
  const columns = new Map(actions.map((action, column) => [action, column]));
  const cells = new Uint8Array(users.length * actions.length);
  const isConditional = new Uint8Array(users.length * actions.length);
  users.forEach((user, row) => {
    const own = roles.filter(({ name }) => user.roles.includes(name));
    actions.forEach((action, column) => {
      const cell = row * actions.length + column;
      const isAlways = own.some(({ always }) => always.includes(action));
      const isRelated = own.some(({ related }) => related.includes(action));
      cells[cell] = Number(isAlways || isRelated);
      isConditional[cell] = Number((isRelated && !isAlways) || action === prohibited);
    });
  });
  const rows = new Map(users.map((user, row) => [user, row * actions.length]));
  const asked = requests.map(({ user, action }) => ({ row: rows.get(user) ?? 0, action }));
  const isPlain = asked.map(({ row, action }) => isConditional[row + (columns.get(action) ?? 0)] === 0);
  return {
    name: 'floor',
    decides: (request) => isPlain[request] === true,
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { row, action } = asked[i] as (typeof asked)[0];
        out[i] = cells[row + (columns.get(action) as number)] as number;
      }
    },
  };
}
