import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enginesOfModule, enginesOfTable } from './clinic/engines-of-chaperone.ts';
import { type Item, makeProduct, type Person, type Product } from './other/model.ts';
import { writeOther, writeOtherByHand } from './other/texts.ts';
import { compileSources, loadTable } from './product.ts';
import { importFile } from './project.ts';
import { type Engine, measureEngines } from './rounds.ts';
import type { Findings, Options, Workload } from './workload.ts';

export const w1Other: Workload = {
  name: 'w1-other',
  title: 'As W1, with names of facts and actions drawn from the seed, and other conditions',
  steps: [{ name: 'alone', run: measureOther }],
};

/** As of `writeOtherByHand`; a session is what a user's roles come to. */
interface HandWritten {
  can(user: Person, action: string, item: Item): boolean;
  bind(user: Person): object;
  canBound(session: object, action: string, item: Item): boolean;
}

async function measureOther(options: Options): Promise<Findings> {
  const product = makeProduct(options.seed);
  const sources = writeOther(product);
  const file = join(options.folder, 'other-by-hand.mjs');
  writeFileSync(file, writeOtherByHand(product));
  const hand = (await importFile(file)) as HandWritten;
  const table = loadTable(compileSources(sources));
  const module = await enginesOfModule(product, sources, options.folder);
  const engines = [...byHand(product, hand), ...enginesOfTable(product, table), ...module];
  return measureEngines(engines, product.expected, options);
}

function byHand({ users, requests }: Product, hand: HandWritten): readonly Engine[] {
  const sessions = new Map(users.map((user) => [user, hand.bind(user)]));
  const asked = requests.map(({ user, action, resource }) => ({ user, action, resource }));
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
          const { user, action, resource } = asked[i] as (typeof asked)[0];
          out[i] = hand.can(user, action, resource) ? 1 : 0;
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
