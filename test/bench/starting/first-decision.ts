// From nothing to the first decision in a fresh process: milliseconds, those of the processor, and memory, as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Clinic, type Request, verbOf } from '../clinic/model.ts';
import { casbinEngine } from '../peers/casbin.ts';
import { caslAbility, caslFunctionAbility } from '../peers/casl.ts';
import { cedarEngine } from '../peers/cedar.ts';
import { cerbosEngine } from '../peers/cerbos.ts';
import type { Engine } from '../rounds.ts';

/** `clinic.users` holds the asking user alone. */
export interface FirstRequest {
  readonly clinic: Clinic;
  readonly action: string;
  readonly resource: Request['resource'];
}

const [engine = '', folder = '.', runtime = ''] = process.argv.slice(2);
const first = JSON.parse(readFileSync(join(folder, 'first-request.json'), 'utf8')) as FirstRequest;
const { clinic, action, resource } = first;
const [user] = clinic.users;
if (!user) throw new Error('nobody asks');

const before = process.memoryUsage().rss;
const spent = process.cpuUsage();
const start = performance.now();
const allow = await decide(user.id);
const milliseconds = performance.now() - start;
const { user: own, system } = process.cpuUsage(spent);
const megabytes = (process.memoryUsage().rss - before) / 2 ** 20;
console.log(JSON.stringify({ milliseconds, processor: (own + system) / 1000, allow, megabytes }));
process.exit(0);

async function decide(id: string): Promise<boolean> {
  const load = (path: string) => import(pathToFileURL(path).href);
  switch (engine) {
    case 'hand':
      return (await load(join(folder, 'hand.mjs'))).can(user, action, resource);
    case 'chaperone': {
      const { loadTable } = await load(runtime);
      return loadTable(readFileSync(join(folder, 'clinic.chaperone')))
        .user(id)
        .can(action, resource);
    }
    case 'chaperone-module':
      return (await load(join(folder, 'clinic.mjs'))).user(id).can(action, resource);
    default:
      return askPeer();
  }
}

async function askPeer(): Promise<boolean> {
  const request = { user: user as Clinic['users'][0], action, resource };
  if (engine === 'casl') return caslAbility(clinic, request.user).can(verbOf(action), resource);
  if (engine === 'casl-functions') return caslFunctionAbility(clinic, request.user).can(verbOf(action), resource);
  const world = { clinic, requests: [request], resources: [resource], expected: Uint8Array.of(1) };
  const makers: Readonly<Record<string, () => readonly Engine[] | Promise<readonly Engine[]>>> = {
    casbin: () => casbinEngine(world),
    cedar: () => cedarEngine(world),
    cerbos: () => cerbosEngine(world, folder),
  };
  const [own] = (await makers[engine]?.()) ?? [];
  const out = new Uint8Array(1);
  await own?.answer(0, 1, out);
  await own?.close?.();
  return out[0] === 1;
}
