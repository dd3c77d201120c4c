// In: the bytes of a decision table; then users, actions, resources.
// Out: decisions.
// Never: imports anything, throws in a decision, or lets missing data widen one.
export type { DecidedBy, Decision, Reason } from './decision.ts';
export { type LoadOptions, loadTable, type Table, type UserDescription } from './load.ts';
export type { Provenance } from './provenance.ts';
export { TableError, type TableErrorCode } from './table-error.ts';
export type { User } from './user.ts';
export type { AtomView, MemberView, Operand, TableValue, TableView } from './view.ts';
