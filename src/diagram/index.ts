// In: numbered atoms, numbered leaves, and operations on functions from atoms to leaves.
// Out: canonical diagrams: equal functions are one node number.
// Never: knows what an atom means; facts about atoms ("one string is not two constants") reduce nothing here.

export { PairMemo } from './pair-memo.ts';
export {
  ANYTHING,
  atomOf,
  FALSE,
  INSTANCES,
  RailStore,
  TRUE,
  UNKNOWN,
  type Variable,
  variableOf,
} from './rails.ts';
export { DiagramLimit, DiagramStore } from './store.ts';
