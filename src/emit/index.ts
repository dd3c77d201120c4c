// In: a Policy and its Diagrams, free of errors.
// Out: the bytes of a decision table, its content digest and its meaning digest.
// Never: decides what anything means; writes a date, an absolute path, or an order that is not defined.
import { InternalError } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import { layAtoms, readsNow } from './atoms.ts';
import { layCells } from './cells.ts';
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
  const pool = new Pool();
  const kept = pickReachable(diagrams, options.strip);
  const slots = laySettings(pool, policy);
  const meta = [policy.name, policy.version, policy.catalog.name, policy.catalog.version, policy.timeZone];
  const texts = meta.map((text) => pool.text(text));
  const cells = layCells(pool, policy, diagrams, kept, options.strip);
  const atoms = layAtoms(pool, policy, kept.atoms, slots);
  const { seed, ...members } = layMembers(pool, policy, diagrams.roles, slots);
  const entries = {
    ...cells,
    ...atoms,
    ...members,
    ...layZone(kept.atoms, policy.timeZone),
    provenance: options.strip ? [] : layProvenance(policy, diagrams.roles),
    meta: [...texts, seed, Number(readsNow(kept.atoms))],
    slots: slots.rows,
    nodes: kept.nodeAtom.flatMap((atom, node) => [atom, kept.nodeLow[node] ?? 0, kept.nodeHigh[node] ?? 0]),
  };
  return writeContainer({ ...entries, ...pool.sections() }, digestMeaning(policy, diagrams, kept));
}
