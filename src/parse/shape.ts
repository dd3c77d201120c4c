import type { ErrorObject } from 'ajv';
import { type Diagnostic, suggest } from '../diagnostics/index.ts';
import { limits } from './limits.ts';
import { type Located, locate, type Node, toPlain } from './node.ts';
import { explainShapeError } from './shape-messages.ts';
import { accepts, type ValidatorName, validatorOf } from './validators.ts';

export const fileKinds = ['catalog', 'practice', 'tests', 'invariants'] as const;

export type FileKind = (typeof fileKinds)[number];

/** Compares a file with the schema of its kind; one diagnostic for each cause. */
export function checkShape(root: Node, kind: FileKind): readonly Diagnostic[] {
  return check(root, kind, kind);
}

/** Compares the members of a file of their own with what `members` of a practice may be. */
export function checkMembers(root: Node): readonly Diagnostic[] {
  return check(root, 'practice', 'members');
}

/** Compares a user alone with what an entry of `users` in tests may be. */
export function checkUser(root: Node): readonly Diagnostic[] {
  return check(root, 'tests', 'user');
}

function check(root: Node, kind: FileKind, name: ValidatorName): readonly Diagnostic[] {
  const data = toPlain(root);
  if (accepts(name, data)) return [];
  const validate = validatorOf(name);
  validate(data);
  const seen = new Set<string>(misspelt(validate.errors ?? []));
  const found: Diagnostic[] = [];
  const locations = new Map<string, Located>();
  for (const error of validate.errors ?? []) {
    if (found.length === limits.findings) break;
    const cause = causeOf(error);
    if (seen.has(cause)) continue;
    seen.add(cause);
    const located = locations.get(error.instancePath) ?? locate(root, error.instancePath);
    locations.set(error.instancePath, located);
    const diagnostic = located.isBroken ? null : explainShapeError(error, located, kind);
    if (diagnostic) found.push(diagnostic);
  }
  return found;
}

/** The causes "key is missing" that have the cause "unknown key" already: the one is nearly the other. */
function* misspelt(errors: readonly ErrorObject[]): Iterable<string> {
  const unknown = new Map<string, string[]>();
  for (const error of errors) {
    const key = error.params.additionalProperty;
    if (typeof key !== 'string') continue;
    const keys = unknown.get(error.instancePath);
    if (keys) keys.push(key);
    else unknown.set(error.instancePath, [key]);
  }
  for (const error of errors) {
    const missing = error.params.missingProperty;
    if (typeof missing !== 'string') continue;
    if (unknown.get(error.instancePath)?.some((key) => suggest(key, [missing]))) yield causeOf(error);
  }
}

function causeOf(error: ErrorObject): string {
  return `${error.instancePath} ${subject(error)}`;
}

/** What an error is about at its place: a key of the map, or the value itself. */
function subject(error: ErrorObject): string {
  const key = error.params.additionalProperty ?? error.params.missingProperty ?? error.propertyName;
  if (typeof key === 'string') return `${error.keyword === 'required' ? 'missing' : 'key'} ${key}`;
  return error.keyword === 'if' || error.keyword === 'not' ? error.keyword : 'value';
}
