import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table, User } from '../../../src/runtime/index.ts';
import { runVerb } from '../product.ts';
import { importFile } from '../project.ts';
import type { Engine } from '../rounds.ts';
import type { Sources } from './practice.ts';

/** Requests, of whatever policy. */
interface Asked {
  readonly requests: readonly {
    readonly user: { readonly id: string };
    readonly action: string;
    readonly resource: unknown;
  }[];
}

/** The table, with users looked up by id in every call and bound once, and `decide` beside `can`. */
export function enginesOfTable({ requests }: Asked, table: Table): readonly Engine[] {
  const byId = requests.map(({ user, action, resource }) => ({ id: user.id, action, resource }));
  const bound = new Map(requests.map(({ user }) => [user.id, table.user(user.id)]));
  const byUser = requests.map(({ user, action, resource }) => ({
    user: bound.get(user.id) ?? table.user(user.id),
    action,
    resource,
  }));
  return [
    {
      name: 'chaperone',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { id, action, resource } = byId[i] as (typeof byId)[0];
          // The quickest way that the runtime has for somebody who asks once.
          out[i] = table.user(id).can(action, resource) ? 1 : 0;
        }
      },
    },
    {
      name: 'chaperone-bound',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { user, action, resource } = byUser[i] as (typeof byUser)[0];
          out[i] = user.can(action, resource) ? 1 : 0;
        }
      },
    },
    {
      name: 'chaperone-decide',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { user, action, resource } = byUser[i] as (typeof byUser)[0];
          out[i] = user.decide(action, resource).allow ? 1 : 0;
        }
      },
    },
  ];
}

/** What `compile --target module` writes: the same users as a table's, who may also be asked by an action's integer. */
interface Emitted {
  readonly user: (id: string) => { can(action: string | number, resource: unknown): boolean };
  readonly actions?: Readonly<Record<string, number>>;
}

/** The emitted module; none where this build of Chaperone cannot write one. */
export async function enginesOfModule(world: Asked, sources: Sources, folder: string): Promise<readonly Engine[]> {
  const emitted = await loadEmitted(sources, folder);
  if (!emitted) return [];
  const users = new Map<string, Pick<User, 'can'>>(
    world.requests.map(({ user }) => [user.id, emitted.user(user.id) as Pick<User, 'can'>]),
  );
  const byName = world.requests.map(({ user, action, resource }) => ({
    user: users.get(user.id) as Pick<User, 'can'>,
    action,
    resource,
  }));
  const named: Engine = {
    name: 'chaperone-module',
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { user, action, resource } = byName[i] as (typeof byName)[0];
        out[i] = user.can(action, resource) ? 1 : 0;
      }
    },
  };
  const numbers = emitted.actions;
  if (!numbers) return [named];
  const byNumber = world.requests.map(({ user, action, resource }) => ({
    user: emitted.user(user.id),
    action: numbers[action] as number,
    resource,
  }));
  return [
    named,
    {
      name: 'chaperone-module-integer',
      answer(from, to, out) {
        for (let i = from; i < to; i++) {
          const { user, action, resource } = byNumber[i] as (typeof byNumber)[0];
          out[i] = user.can(action, resource) ? 1 : 0;
        }
      },
    },
  ];
}

async function loadEmitted(sources: Sources, folder: string): Promise<Emitted | null> {
  const file = emitModule(sources, folder);
  if (file === null) return null;
  const emitted = (await importFile(file)) as Partial<Emitted>;
  if (emitted.user) return emitted as Emitted;
  console.error(`the emitted module exports ${Object.keys(emitted).join(', ')}: no \`user\`, so it is not measured`);
  return null;
}

/** Writes `clinic.mjs` into the folder by the command line; null where this build has no such target. */
export function emitModule(sources: Sources, folder: string): string | null {
  const clinic = join(folder, 'clinic');
  writeSources(sources, clinic);
  const file = join(folder, 'clinic.mjs');
  const { isGood } = runVerb('compile', clinic, '--target', 'module', '-o', file);
  return isGood && existsSync(file) ? file : null;
}

export function writeSources(sources: Sources, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of sources) writeFileSync(join(folder, path), text);
}
