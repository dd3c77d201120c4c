import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import catalog from '../../schemas/catalog.schema.json' with { type: 'json' };
import invariants from '../../schemas/invariants.schema.json' with { type: 'json' };
import practice from '../../schemas/practice.schema.json' with { type: 'json' };
import tests from '../../schemas/tests.schema.json' with { type: 'json' };
import { type Diagnostic, suggest } from '../diagnostics/index.ts';
import { limits } from './limits.ts';
import { type Located, locate, type Node, toPlain } from './node.ts';
import { explainShapeError } from './shape-messages.ts';

const schemas = { catalog, practice, tests, invariants } as const;

export type FileKind = keyof typeof schemas;

export const fileKinds = Object.keys(schemas) as readonly FileKind[];

const validators = new Map<string, ValidateFunction>();

/** Compares a file with the schema of its kind; one diagnostic for each cause. */
export function checkShape(root: Node, kind: FileKind): readonly Diagnostic[] {
  return check(root, kind, kind, schemas[kind]);
}

/** Compares a user alone with what an entry of `users` in tests may be. */
export function checkUser(root: Node): readonly Diagnostic[] {
  return check(root, 'tests', 'user', { ...tests.definitions.member, definitions: tests.definitions });
}

function check(root: Node, kind: FileKind, id: string, schema: Schema): readonly Diagnostic[] {
  const validate = validators.get(id) ?? compile(schema);
  validators.set(id, validate);
  if (validate(toPlain(root))) return [];
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

interface Schema {
  readonly [keyword: string]: unknown;
  readonly definitions: Readonly<Record<string, unknown>>;
}

// INVARIANT: `allErrors` is safe because the size of the file was limited before.
function compile(schema: Schema): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    ownProperties: true,
    verbose: true,
    strict: false,
    // The schemas are our own, and a test checks them.
    validateSchema: false,
  });
  const { definitions, ...root } = schema;
  return ajv.compile(expand(root, definitions) as object);
}

/**
 * The schema with its definitions written out, which no definition of ours forbids by using itself: ajv joins the
 * errors of a reference in time that is quadratic in their number.
 */
function expand(part: unknown, definitions: Schema['definitions']): unknown {
  if (Array.isArray(part)) return part.map((each) => expand(each, definitions));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref: reference, ...own } = part as Readonly<Record<string, unknown>>;
  const expanded = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, expand(value, definitions)]));
  if (typeof reference !== 'string') return expanded;
  const definition = expand(definitions[reference.replace('#/definitions/', '')], definitions);
  return { ...(definition as object), ...expanded };
}
