// In: literals over atoms, and what is known beforehand about the values that atoms read.
// Out: a model that makes them all true, checked; or a proof that none does; or, at the end of a budget, "undecided".
// Never: knows a policy or a diagram; imports another room; answers wrongly where it can say that it does not know.

export type { Atom, AttributeKey, Constant, Literal, Scalar, ScalarType, Term, TermSource, Truth } from './atom.ts';
export type { Zone } from './dates.ts';
export { buildRequest, type Model, type Request } from './model.ts';
export { ALL, type AttributeFacts, type Facts, type Options, type PlainValue, type SlotFacts } from './options.ts';
export { type Answer, createSolver, type Solver, solve } from './solve.ts';
