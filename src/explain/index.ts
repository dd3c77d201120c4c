// In: a loaded table and one request.
// Out: why the decision is what it is: what allowed, or the smallest thing missing; as data and as text.
// Never: decides by itself: every truth value comes from the runtime.
import type { Decision, Provenance, Table } from '../runtime/index.ts';
import { type AssignmentTrace, traceRequest, viewOf } from '../runtime/tools.ts';
import type {
  AskedOfRole,
  AssignmentExplanation,
  AtomExplanation,
  Explanation,
  LackingPermission,
  PartExplanation,
} from './explanation.ts';
import { adviceFor, sentencesFor } from './sentences.ts';

export type { AssignmentExplanation, AtomExplanation, Explanation, PartExplanation } from './explanation.ts';
export { explanationText } from './text.ts';

export interface Asked {
  readonly user: string | Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly resource?: unknown;
  readonly context?: unknown;
}

export function explain(table: Table, asked: Asked): Explanation {
  const { user, action, resource, context } = asked;
  const decision = table.user(user).decide(action, resource, context);
  const assignments = traceRequest(table, user, action, resource, context).map((trace) =>
    explainAssignment(table, action, trace),
  );
  const relevant = decision.allow
    ? assignments.filter((item) => item.inForce && item.role === describedName(decision.decidedBy?.role ?? ''))
    : assignments;
  const name = userName(user);
  const sentences = sentencesFor(table, name, action, decision, relevant);
  return {
    user: name,
    action,
    decision,
    sentences,
    advice: adviceFor(table, action, decision, relevant),
    assignments: shown(relevant, decision),
  };
}

/** The name that a person would say; a user described on the spot has none. */
function userName(user: Asked['user']): string {
  const id = typeof user === 'string' ? user : user.id;
  return typeof id === 'string' && !id.startsWith('(') ? id : 'this user';
}

/** Nothing about roles helps where the user or action is not known. */
function shown(assignments: readonly AssignmentExplanation[], { reason }: Decision): readonly AssignmentExplanation[] {
  return ['unknown-user', 'unknown-role', 'unknown-action', 'inactive-member'].includes(reason) ? [] : assignments;
}

function explainAssignment(table: Table, action: string, trace: AssignmentTrace): AssignmentExplanation {
  const view = viewOf(table);
  const provenance = view.provenance();
  const column = view.actions.findIndex((item) => item.name === action);
  const cell = trace.role * view.actions.length + column;
  const source = provenance?.roles[trace.role];
  const held = new Map(source?.permissions ?? []);
  const grants = column < 0 ? [] : (view.grantsOf(cell) ?? []);
  const scopes = column < 0 ? [] : view.scopesOf(cell);
  return {
    role: describedName(view.roles[trace.role]?.name ?? ''),
    title: source?.title ?? null,
    account: source?.account ?? null,
    level: source?.level ?? null,
    inForce: trace.inForce,
    from: Number.isFinite(trace.from) ? trace.from : null,
    until: Number.isFinite(trace.until) ? trace.until : null,
    grants: grants.map(([index, node]): PartExplanation => {
      const grant = provenance?.grants[index];
      const permission = provenance?.permissions.find((item) => item.name === grant?.permission);
      return {
        kind: 'grant',
        name: null,
        title: permission?.title ?? null,
        permission: grant?.permission ?? null,
        because: grant?.permission ? (held.get(grant.permission)?.replace(/, in \(.*$/, '') ?? null) : null,
        condition: grant?.text ?? null,
        file: fileOf(table, grant?.file),
        line: grant?.line ?? null,
        asks: askedOfRole(provenance, grant, source),
        ...judge(trace, node),
      };
    }),
    scopes: scopes.map(([index, node]): PartExplanation => {
      const scope = provenance?.scopes[index];
      return {
        kind: view.scopes[index]?.kind ?? 'scope',
        name: view.scopes[index]?.name ?? null,
        title: scope?.title ?? null,
        permission: null,
        because: null,
        condition: scope?.text ?? null,
        file: fileOf(table, scope?.file),
        line: scope?.line ?? null,
        asks: askedOfRole(provenance, scope, source),
        ...judge(trace, node),
      };
    }),
    lacking: lackingPermissions(table, action, trace.role),
  };
}

function askedOfRole(
  provenance: Provenance | null,
  part: Provenance['scopes'][number] | Provenance['grants'][number] | undefined,
  role: Provenance['roles'][number] | undefined,
): readonly AskedOfRole[] {
  const held = new Map(role?.permissions ?? []);
  const permissions = (part?.asks ?? []).map((name): AskedOfRole => {
    const permission = provenance?.permissions.find((item) => item.name === name);
    const { title = null, level = null } = permission ?? {};
    return { kind: 'permission', name, title, level, has: held.has(name) };
  });
  const other = (kind: 'account' | 'feature', name: string, has: boolean): AskedOfRole => {
    return { kind, name, title: null, level: null, has };
  };
  const accounts = (part?.accounts ?? []).map((name) => other('account', name, role?.account === name));
  const on = new Set(provenance?.features ?? []);
  const features = (part?.features ?? []).map((name) => other('feature', name, on.has(name)));
  return [...permissions, ...accounts, ...features];
}

/** A role described on the spot has a made-up name. */
function describedName(name: string): string {
  return name.startsWith('(') ? 'given in the request' : name;
}

function judge(
  trace: AssignmentTrace,
  node: number,
): { readonly holds: 'yes' | 'no' | 'unknown'; readonly atoms: readonly AtomExplanation[] } {
  const { truth, atoms } = trace.look(node);
  return {
    holds: truth === 'true' ? 'yes' : truth === 'false' ? 'no' : 'unknown',
    atoms: atoms.map(({ text, truth: is, values }) => ({
      text,
      is,
      seen: values.map(({ name, value, problem }) => ({
        name,
        value: value === undefined ? null : shownValue(value),
        problem,
      })),
    })),
  };
}

const longest = 120;

function shownValue(value: unknown): string {
  let text: string;
  try {
    text =
      typeof value === 'symbol' ? 'all' : (JSON.stringify(value instanceof Set ? [...value] : value) ?? String(value));
  } catch {
    text = 'something that cannot be shown';
  }
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** Permissions that give the action and that the role lacks, those that fell first. */
function lackingPermissions(table: Table, action: string, role: number): readonly LackingPermission[] {
  const provenance = viewOf(table).provenance();
  const source = provenance?.roles[role];
  const held = new Map(source?.permissions ?? []);
  const fallen = new Map(source?.fallen ?? []);
  const names = new Set(
    (provenance?.grants ?? []).flatMap((grant) =>
      grant.permission && grant.actions.includes(action) ? [grant.permission] : [],
    ),
  );
  const lacking = [...names].flatMap((name): readonly LackingPermission[] => {
    const permission = provenance?.permissions.find((item) => item.name === name);
    // A switch that needs every other one is no advice for one action.
    if (held.has(name) || !source || permission?.requires === 'all') return [];
    const canAdd = source.mayAdd === null || source.mayAdd.includes(name);
    const canRise = permission?.level != null && source.levels.includes(permission.level);
    if (!canAdd && !canRise) return [];
    const found: LackingPermission = {
      permission: name,
      by: canAdd ? 'with' : 'level',
      title: permission?.title ?? null,
      level: permission?.level ?? null,
      fellFor: fallen.get(name) ?? null,
      requires: permission?.requires ?? null,
    };
    return [found];
  });
  return lacking.sort((a, b) => Number(a.fellFor === null) - Number(b.fellFor === null));
}

function fileOf(table: Table, file: number | undefined): string | null {
  return file === undefined ? null : (viewOf(table).provenance()?.files[file] ?? null);
}
