import type { World } from '../clinic/world.ts';
import type { Engine } from '../rounds.ts';
import { casbinEngine } from './casbin.ts';
import { caslEngines } from './casl.ts';
import { cedarEngine } from './cedar.ts';
import { cerbosEngine } from './cerbos.ts';

export interface Peers {
  readonly engines: readonly Engine[];
  readonly notes: readonly string[];
}

/** The other engines over the same clinic. One that does not run on this machine is left out, with a note. */
export async function peersOfClinic(world: World, folder: string): Promise<Peers> {
  const engines: Engine[] = [];
  const notes: string[] = [];
  for (const make of [caslEngines, casbinEngine, cedarEngine, cerbosEngine]) {
    try {
      engines.push(...(await make(world, folder)));
    } catch (error) {
      notes.push(`left out: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { engines, notes };
}
