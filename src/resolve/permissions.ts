import type { RequirementExpression } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';
import type { Joined } from './catalog.ts';
import type { Declarations } from './declarations.ts';
import type { Permission, Requirement } from './policy.ts';
import type { Report } from './report.ts';

/** The permissions with their dependencies resolved; circles are reported with their whole path. */
export function readPermissions(
  joined: Joined,
  declarations: Declarations,
  report: Report,
): ReadonlyMap<string, Permission> {
  const permissions = new Map<string, Permission>();
  const names = [...declarations.permissions];
  let needsAll: Name | null = null;
  for (const { key, value } of joined.permissions) {
    const known = (name: Name): boolean => {
      if (declarations.permissions.has(name.text)) return true;
      report.unknown('unknown-permission', 'permission', name, names);
      return false;
    };
    if (value.level && !declarations.rungs.has(value.level.text)) {
      report.unknown('unknown-level', 'level', value.level, declarations.rungs.keys());
    }
    const requires = value.requires?.expression ?? null;
    if (requires?.kind === 'all' && needsAll) {
      report.add(
        'requirement-cycle',
        requires.span,
        `\`${needsAll.text}\` and \`${key.text}\` require all others: a circle`,
        {
          help: 'only one permission can require all others',
        },
      );
    }
    permissions.set(key.text, {
      name: key.text,
      title: value.title,
      level: value.level?.text ?? null,
      requires:
        requires && !(requires.kind === 'all' && needsAll) ? readRequirement(requires, key.text, names, known) : null,
      fallsSilently: value.requires?.fallsSilently ?? false,
      implies: value.implies.filter(known).map((name) => name.text),
      span: key.span,
    });
    if (requires?.kind === 'all') needsAll ??= key;
  }
  const spans = new Map([...permissions].map(([name, permission]) => [name, permission.span]));
  reportCycles(
    new Map([...permissions].map(([name, item]) => [name, item.implies])),
    spans,
    'implies-cycle',
    'implies',
    report,
  );
  // `requires: all` names everything, so nothing else may lean on such a permission; that is a circle like any other.
  reportCycles(
    new Map([...permissions].map(([name, item]) => [name, item.requires ? [...namesIn(item.requires)] : []])),
    spans,
    'requirement-cycle',
    'requires',
    report,
  );
  return permissions;
}

/** Null where a name in it is unknown: what it would demand cannot be told. */
function readRequirement(
  expression: RequirementExpression,
  owner: string,
  names: readonly string[],
  known: (name: Name) => boolean,
): Requirement | null {
  switch (expression.kind) {
    case 'all': {
      const others = names.filter((name) => name !== owner);
      return { kind: 'and', terms: others.map((name) => ({ kind: 'permission', name })) };
    }
    case 'permission':
      return known(expression.name) ? { kind: 'permission', name: expression.name.text } : null;
    default: {
      const terms = expression.terms
        .map((term) => readRequirement(term, owner, names, known))
        .filter((term) => term !== null);
      return terms.length === expression.terms.length ? { kind: expression.kind, terms } : null;
    }
  }
}

/** The permissions a requirement speaks of. */
export function namesIn(requirement: Requirement): ReadonlySet<string> {
  if (requirement.kind === 'permission') return new Set([requirement.name]);
  return new Set(requirement.terms.flatMap((term) => [...namesIn(term)]));
}

export function isMet(requirement: Requirement, has: (permission: string) => boolean): boolean {
  switch (requirement.kind) {
    case 'permission':
      return has(requirement.name);
    case 'and':
      return requirement.terms.every((term) => isMet(term, has));
    case 'or':
      return requirement.terms.some((term) => isMet(term, has));
    default:
      return requirement satisfies never;
  }
}

/** As people write it: `a and (b or c)`. */
export function requirementText(requirement: Requirement): string {
  if (requirement.kind === 'permission') return requirement.name;
  const terms = requirement.terms.map((term) =>
    term.kind === 'permission' ? term.name : `(${requirementText(term)})`,
  );
  return terms.join(` ${requirement.kind} `);
}

function shorten(path: readonly string[]): readonly string[] {
  const names = path.map((item) => `\`${item}\``);
  return names.length > 20 ? [...names.slice(0, 10), '...', ...names.slice(-5)] : names;
}

/** Each circle of a graph once, named from its first member on, at that member. */
export function reportCycles(
  graph: ReadonlyMap<string, readonly string[]>,
  spans: ReadonlyMap<string, Span>,
  code: 'implies-cycle' | 'requirement-cycle' | 'extends-cycle' | 'condition-cycle',
  verb: string,
  report: Report,
): ReadonlySet<string> {
  const done = new Set<string>();
  const inCycle = new Set<string>();
  for (const [start, links] of graph) {
    if (links.length === 0 || done.has(start)) continue;
    // Walks with an explicit stack: a chain of thousands of names must not overflow ours.
    const path: string[] = [];
    const onPath = new Map<string, number>();
    const open: { readonly name: string; readonly next: readonly string[]; index: number }[] = [];
    const enter = (name: string) => {
      onPath.set(name, path.length);
      path.push(name);
      open.push({ name, next: graph.get(name) ?? [], index: 0 });
    };
    enter(start);
    for (let frame = open[open.length - 1]; frame; frame = open[open.length - 1]) {
      const name = frame.next[frame.index++];
      if (name === undefined) {
        open.pop();
        path.pop();
        onPath.delete(frame.name);
        done.add(frame.name);
      } else if (onPath.has(name)) {
        const circle = path.slice(onPath.get(name));
        const span = spans.get(name);
        const isNews = circle.some((item) => !inCycle.has(item));
        for (const item of circle) inCycle.add(item);
        if (span && isNews) {
          const whole = shorten([...circle, name]).join(` ${verb} `);
          report.add(code, span, `${whole}: a circle`, { help: 'take one of the links out' });
        }
      } else if (!done.has(name) && graph.has(name)) enter(name);
    }
  }
  return inCycle;
}
