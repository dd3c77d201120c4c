// In: a Policy and its Diagrams, free of errors.
// Out: the bytes of a decision table, its content digest and its meaning digest.
// Never: decides what anything means; writes a date, an absolute path, or an order that is not defined.
import { InternalError } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import { FIRST_ATOM, HEAD } from '../runtime/format.ts';
import { layAtoms, readsNow } from './atoms.ts';
import { layAxes, layCells } from './cells.ts';
import { writeContainer } from './container.ts';
import { digestMeaning } from './meaning.ts';
import { layMembers } from './members.ts';
import { Pool } from './pool.ts';
import { layProvenance } from './provenance.ts';
import { pickReachable } from './reach.ts';
import { laySettings } from './settings.ts';
import { layZone } from './zone.ts';

export interface EmitOptions {
  /** Leave out what only explanations need: where rules stand in files, and which grant gave what. */
  readonly strip: boolean;
}

export interface Emitted {
  readonly bytes: Uint8Array;
  /** Of the content: two tables with it are the same file. */
  readonly digest: string;
  /** Of the meaning: two tables with it decide alike. */
  readonly meaningDigest: string;
}

/** Writes the decision table of a policy; the same policy gives the same bytes. */
export function emit(policy: Policy, diagrams: Diagrams, options: EmitOptions): Emitted {
  if (diagrams.leaves !== policy.outcomes.length + 2) throw new InternalError('leaves do not fit the outcomes');
  const kept = pickReachable(diagrams, options.strip);
  const { roles, actions, leaves } = diagrams;
  const pool = new Pool(FIRST_ATOM + kept.atoms.length);
  pool.set(HEAD, [policy.name, policy.version, policy.catalog.name, policy.catalog.version, policy.timeZone]);
  const slots = laySettings(pool, policy);
  layAxes(pool, policy, diagrams);
  layAtoms(pool, policy, kept.atoms, slots);
  layZone(pool, kept.atoms, policy.timeZone);
  const cells = layCells(pool, diagrams, kept, options.strip);
  const { seed, ...members } = layMembers(pool, policy, roles, slots);
  const entries = {
    meta: [seed, Number(readsNow(kept.atoms)), leaves, actions.length, roles.length, kept.atoms.length],
    nodes: kept.nodeAtom.flatMap((atom, node) => [atom, kept.nodeLow[node] ?? 0, kept.nodeHigh[node] ?? 0]),
    ...cells,
    ...members,
    ...pool.sections(),
    provenance: options.strip ? [] : layProvenance(policy, roles),
  };
  return writeContainer(entries, digestMeaning(policy, diagrams, kept));
}
