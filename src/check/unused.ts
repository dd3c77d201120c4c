import { type Diagnostic, diagnose, suggest } from '../diagnostics/index.ts';
import type { CatalogSyntax, Expression, OperandSyntax } from '../parse/index.ts';
import type { Formula, Policy, SettingValues } from '../resolve/index.ts';
import type { Name } from '../source/index.ts';
import type { CheckedSources } from './index.ts';

/**
 * What is declared and leads to nothing. What a catalog declares is judged when the catalog itself is compiled: a
 * practice or a catalog that extends it cannot mend it, and need not use all of it.
 */
export function checkUnused(sources: CheckedSources, policy: Policy): readonly Diagnostic[] {
  const expressions = expressionsOf(sources);
  const own = sources.catalogs.at(-1);
  const found = sources.practice
    ? [...unusedRoles(sources, policy), ...unusedValues(sources, policy, expressions)]
    : own
      ? [
          ...unusedConstants(own, expressions),
          ...unusedPermissions(own, policy, expressions),
          ...ungrantedActions(own, policy),
        ]
      : [];
  return [...unusedConditions(sources, expressions), ...found];
}

function unusedConditions(sources: CheckedSources, expressions: readonly Expression[]): readonly Diagnostic[] {
  const owner = sources.practice ?? sources.catalogs.at(-1);
  const called = new Set<string>();
  for (const expression of expressions)
    walk(
      expression,
      (at) => at.kind === 'call' && called.add(at.name.text),
      () => {},
    );
  return (owner?.conditions ?? [])
    .filter(({ key }) => !called.has(key.text))
    .map(({ key }) =>
      diagnose('unused-condition', key.span, `nothing uses the condition \`${key.text}\``, { help: 'remove it' }),
    );
}

function unusedRoles({ practice }: CheckedSources, policy: Policy): readonly Diagnostic[] {
  if (!practice || practice.members.length === 0) return [];
  const used = new Set([...policy.members.values()].flatMap((member) => member.assignments.map(({ role }) => role)));
  for (const role of policy.roles.values()) for (const base of role.extends) used.add(base);
  return practice.roles
    .filter(({ key }) => !used.has(key.text) && !policy.roles.get(key.text)?.givenByApplication)
    .map(({ key }) =>
      diagnose('unused-role', key.span, `nobody holds the role \`${key.text}\``, {
        help: 'give it to a member, or remove it',
      }),
    );
}

/** Values that no setting or condition of this practice holds; lists that facts have as their type are left to applications. */
function unusedValues(
  { practice }: CheckedSources,
  policy: Policy,
  expressions: readonly Expression[],
): readonly Diagnostic[] {
  if (!practice) return [];
  const used = new Set<string | number | boolean>();
  const keep = (values: SettingValues) => {
    for (const value of values.values()) {
      if (value.kind === 'scalar') used.add(value.value);
      else if (value.kind === 'set') for (const item of value.values) used.add(item);
    }
  };
  for (const role of policy.roles.values()) keep(role.settings);
  for (const member of policy.members.values()) for (const assignment of member.assignments) keep(assignment.settings);
  for (const expression of expressions)
    walk(
      expression,
      () => {},
      () => {},
      (literal) => used.add(literal),
    );
  const sent = listsOfFacts(policy);
  return practice.values.flatMap(({ key, value }) =>
    (sent.has(key.text) ? [] : value)
      .filter((name) => !used.has(name.text))
      .map((name) =>
        diagnose('unused-value', name.span, `nothing in this practice mentions the ${key.text} \`${name.text}\``, {
          help: 'remove it',
        }),
      ),
  );
}

/** Value lists whose values applications send. */
function listsOfFacts(policy: Policy): ReadonlySet<string> {
  const facts = [...policy.resources.values()].flatMap((resource) => [...resource.facts.values()]);
  const types = [...facts, ...policy.userFacts.values(), ...policy.contextFacts.values()];
  const scalars = types.map((type) => (type.kind === 'set' ? type.of : type));
  return new Set(scalars.flatMap((type) => (type.kind === 'list' ? [type.name] : [])));
}

function unusedConstants(catalog: CatalogSyntax, expressions: readonly Expression[]): readonly Diagnostic[] {
  const read = new Set<string>();
  const onPath = (path: Path) => {
    const step = path.steps[0];
    if (path.root.text === 'action' && step?.kind === 'name') read.add(step.name.text);
  };
  for (const expression of expressions) walk(expression, () => {}, onPath);
  const first = new Map<string, Name>();
  for (const { value } of catalog.resources.flatMap((resource) => resource.value.actions)) {
    for (const { key } of value.constants) if (!read.has(key.text) && !first.has(key.text)) first.set(key.text, key);
  }
  return [...first.values()].map((name) =>
    diagnose('unused-constant', name.span, `no condition reads \`action.${name.text}\``, {
      help: suggest(name.text, read) ?? 'remove it',
    }),
  );
}

function unusedPermissions(
  catalog: CatalogSyntax,
  policy: Policy,
  expressions: readonly Expression[],
): readonly Diagnostic[] {
  const used = new Set<string>(policy.grants.flatMap((grant) => grant.permission ?? []));
  for (const expression of expressions)
    walk(
      expression,
      (at) => at.kind === 'has' && used.add(at.permission.text),
      () => {},
      (literal) => used.add(String(literal)), // "notes.all" in user.permissions
    );
  for (const permission of policy.permissions.values()) {
    if (permission.implies.length > 0) used.add(permission.name);
    if (permission.requires) walkRequirement(permission.requires, used);
  }
  return [...policy.permissions.values()]
    .filter(({ name, span }) => !used.has(name) && span.file === catalog.file)
    .map(({ name, span }) =>
      diagnose('unused-permission', span, `\`${name}\` grants nothing, and no condition or requirement asks for it`, {
        help: 'give it grants, ask for it with `has`, or remove it',
      }),
    );
}

function walkRequirement(
  requirement: NonNullable<ReturnType<Policy['permissions']['get']>>['requires'],
  used: Set<string>,
): void {
  if (!requirement) return;
  if (requirement.kind === 'permission') used.add(requirement.name);
  else for (const term of requirement.terms) walkRequirement(term, used);
}

function ungrantedActions(catalog: CatalogSyntax, policy: Policy): readonly Diagnostic[] {
  const granted = new Set(
    policy.grants.flatMap((grant) =>
      [...grant.formulas].filter(([, formula]) => !isNever(formula)).map(([action]) => action),
    ),
  );
  return [...policy.actions.values()]
    .filter(({ name, span }) => !granted.has(name) && span.file === catalog.file && !isClosed(policy, name))
    .map(({ name, span }) =>
      diagnose('ungranted-action', span, `nothing grants \`${name}\``, {
        help: 'grant it, remove it, or close it to everybody by a prohibition',
      }),
    );
}

/** A prohibition without a condition says that nobody may: such an action is meant never to be granted. */
export function isClosed(policy: Policy, action: string): boolean {
  return policy.scopes.some(({ kind, formulas }) => {
    const formula = formulas.get(action);
    return kind === 'prohibition' && formula?.kind === 'not' && formula.term.kind === 'constant' && formula.term.value;
  });
}

export function isNever(formula: Formula): boolean {
  return formula.kind === 'constant' && !formula.value;
}

function expressionsOf({ catalogs, practice, invariants }: CheckedSources): readonly Expression[] {
  const sentences = [practice, ...invariants].flatMap((file) => file?.invariants ?? []);
  const rules = [...catalogs, ...(practice ? [practice] : [])].flatMap((file) => [
    ...file.conditions.map(({ value }) => value.is),
    ...file.scopes.map(({ value }) => value.is),
    ...file.prohibitions.flatMap((item) => item.when ?? []),
    ...(file.kind === 'catalog'
      ? [...file.permissions.flatMap(({ value }) => value.grants), ...file.grants].flatMap((grant) => grant.when ?? [])
      : []),
    ...(file.kind === 'catalog'
      ? file.resources.flatMap(({ value }) => value.actions.flatMap((item) => item.value.changesOwnPermissions ?? []))
      : []),
  ]);
  return [...rules, ...sentences.flatMap((item) => item.when ?? [])];
}

type Path = Extract<OperandSyntax, { kind: 'path' }>;

type Literal = (value: string | number) => void;

function walk(
  expression: Expression,
  onExpression: (at: Expression) => void,
  onPath: (path: Path) => void,
  onLiteral: Literal = () => {},
): void {
  onExpression(expression);
  switch (expression.kind) {
    case 'and':
    case 'or':
      for (const term of expression.terms) walk(term, onExpression, onPath, onLiteral);
      break;
    case 'not':
      walk(expression.term, onExpression, onPath, onLiteral);
      break;
    case 'comparison':
      walkOperand(expression.left, onPath, onLiteral);
      walkOperand(expression.right, onPath, onLiteral);
      break;
    case 'is-set':
    case 'truth':
      walkOperand(expression.operand, onPath, onLiteral);
      break;
    case 'call':
      for (const operand of expression.arguments) walkOperand(operand, onPath, onLiteral);
      break;
    default:
      break;
  }
}

function walkOperand(operand: OperandSyntax, onPath: (path: Path) => void, onLiteral: Literal): void {
  if (operand.kind === 'string' || operand.kind === 'number') onLiteral(operand.value);
  else if (operand.kind === 'sum') walkOperand(operand.operand, onPath, onLiteral);
  else if (operand.kind === 'list') for (const item of operand.items) walkOperand(item, onPath, onLiteral);
  else if (operand.kind === 'path') {
    onPath(operand);
    for (const step of operand.steps) if (step.kind === 'index') walkOperand(step.operand, onPath, onLiteral);
  }
}
