import type { Decision, Table } from '../runtime/index.ts';
import { viewOf } from '../runtime/tools.ts';
import type { AssignmentExplanation, LackingPermission, PartExplanation } from './explanation.ts';
import { instant, named } from './text.ts';

/** What decided, in a sentence or two. */
export function sentencesFor(
  table: Table,
  user: string,
  action: string,
  decision: Decision,
  assignments: readonly AssignmentExplanation[],
): readonly string[] {
  const head = `${user} ${decision.allow ? 'may' : 'may not'} ${action}`;
  const scope = assignments.flatMap((item) => item.scopes).find((part) => part.name === decision.decidedBy?.name);
  switch (decision.reason) {
    case 'granted':
      return [
        `${head}${decision.outcome ? `, with ${decision.outcome}: the application must ${decision.duties.join(', ')}` : ''}.`,
      ];
    case 'no-grant':
      return [`${head}: nothing that ${user} has gives it.`];
    case 'condition-false':
      return [`${head}: what would give it does not fit this request.`];
    case 'out-of-scope':
      return [`${head}: the scope ${named(decision.decidedBy?.name ?? '', scope?.title ?? null)} is not met.`];
    case 'prohibited':
      return [`${head}: the prohibition ${named(decision.decidedBy?.name ?? '', scope?.title ?? null)} forbids it.`];
    case 'missing-fact':
      return [`${head}: the request does not say ${list(decision.missing)}, and without that it cannot be allowed.`];
    case 'wrong-type':
      return [
        `${head}: ${list(decision.missing)} ${decision.missing.length > 1 ? 'are' : 'is'} of the wrong type in the request.`,
      ];
    case 'unknown-user':
      return [`${head}: ${user} is no member of ${table.policy.name}.`];
    case 'unknown-role':
      return [`${head}: an application may not name these roles for ${user}.`];
    case 'unknown-action':
      return [`${head}: ${table.policy.name} knows no such action.`];
    case 'inactive-member':
      return [`${head}: ${user} is inactive.`];
    case 'outside-dates':
      return [`${head}: the assignment that would allow it is not in force now.`];
    default:
      return decision.reason satisfies never;
  }
}

/** What somebody can do about a deny. */
export function adviceFor(
  table: Table,
  action: string,
  decision: Decision,
  assignments: readonly AssignmentExplanation[],
): readonly string[] {
  switch (decision.reason) {
    case 'missing-fact':
      return [`send ${list(decision.missing)} with the request`];
    case 'wrong-type':
      return [`send ${list(decision.missing)} in the type that the catalog declares`];
    case 'no-grant':
    case 'condition-false':
      return grantAdvice(assignments);
    case 'out-of-scope':
    case 'prohibited':
      return assignments.flatMap((item) => {
        const part = item.scopes.find((scope) => scope.name === decision.decidedBy?.name && scope.holds === 'no');
        return part ? scopeAdvice(part, item) : [];
      });
    case 'outside-dates':
      return assignments
        .filter((item) => !item.inForce)
        .map(
          (item) =>
            `role ${item.role} counts${item.from === null ? '' : ` from ${instant(item.from)}`}${item.until === null ? '' : ` until ${instant(item.until)}`}`,
        );
    case 'inactive-member':
      return ['set `status: active`; the roles are kept'];
    case 'unknown-action': {
      const resource = action.slice(0, Math.max(0, action.lastIndexOf('.')));
      const verbs = viewOf(table)
        .actions.filter((item) => item.resource === resource)
        .map((item) => item.name);
      return verbs.length > 0 ? [`ask for one of ${list(verbs)}`] : [];
    }
    default:
      return [];
  }
}

function grantAdvice(assignments: readonly AssignmentExplanation[]): readonly string[] {
  const inForce = assignments.filter((item) => item.inForce);
  // What another of the user's roles has already is not what is missing.
  const held = new Set(inForce.flatMap((item) => item.grants.flatMap((part) => part.permission ?? [])));
  const advice = inForce.flatMap((assignment) => [
    ...assignment.lacking.filter((item) => !held.has(item.permission)).map((item) => lackingAdvice(item, assignment)),
    ...assignment.grants.flatMap((part) => (part.holds === 'no' ? askedAdvice(part, assignment) : [])),
    ...(assignment.grants.some((part) => part.holds !== 'yes' && part.atoms.length > 0)
      ? ['the values above are what the request and the member bring; other values may be allowed']
      : []),
  ]);
  return [...new Set(advice)].slice(0, 6);
}

/** What would lift a scope or prohibition: a permission or feature that it asks for, else only where it is written. */
function scopeAdvice(part: PartExplanation, { role }: AssignmentExplanation): readonly string[] {
  const missing = part.asks.filter((item) => !item.has && item.kind !== 'account');
  const ways = missing.map(({ kind, name, title }) =>
    kind === 'feature'
      ? `the feature ${name} is off; the practice switches it on by \`features: { ${name}: on }\``
      : `${named(name, title)} would lift it; role ${role} does not have that`,
  );
  return ways.length > 0 ? ways : [`the ${part.kind} is written at ${place(part)}; it holds for everybody it covers`];
}

/** A condition may ask for permissions that the role lacks; one of them may be what is missing. */
function askedAdvice(part: PartExplanation, { role }: AssignmentExplanation): readonly string[] {
  const lacking = part.asks.filter((item) => item.kind === 'permission' && !item.has);
  return lacking.map(({ name, title, level }) => {
    return `the condition at ${place(part)} asks for ${named(name, title)}${level === null ? '' : ` (level ${level})`}, which role ${role} lacks`;
  });
}

function lackingAdvice(
  { permission, title, level, fellFor, requires, by }: LackingPermission,
  { role }: AssignmentExplanation,
): string {
  const name = named(permission, title);
  if (fellFor !== null) return `${name} is there, but worth nothing without ${missingText(fellFor)}; add that`;
  if (by === 'level') return `${name} gives it; it comes with the level ${level}`;
  const comes = level === null ? '' : ` (level ${level})`;
  const needs = requires === null ? '' : `; it requires ${requires}`;
  return `${name}${comes} gives it; add it to \`with\` of role ${role}${needs}`;
}

/** Many names at once help nobody. */
function missingText(names: readonly string[]): string {
  return names.length <= 6 ? list(names) : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

function place(part: PartExplanation): string {
  return part.file === null ? 'a place the table does not keep' : `${part.file}:${part.line}`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
