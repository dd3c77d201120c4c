/**
 * The schemas of files as functions. The build puts the code that ajv makes of them in the place of this file, so that
 * no program waits for ajv at its start; see build.mjs.
 */
import { Ajv, type ValidateFunction } from 'ajv';
import catalog from '../../schemas/catalog.schema.json' with { type: 'json' };
import invariants from '../../schemas/invariants.schema.json' with { type: 'json' };
import practice from '../../schemas/practice.schema.json' with { type: 'json' };
import tests from '../../schemas/tests.schema.json' with { type: 'json' };

/** What is validated: a whole file, a user alone, or a file of members. */
export type ValidatorName = 'catalog' | 'practice' | 'tests' | 'invariants' | 'user' | 'members';

// INVARIANT: `allErrors` is safe because the size of the file was limited before.
export const options = {
  allErrors: true,
  ownProperties: true,
  verbose: true,
  strict: false,
  // The schemas are our own, and a test checks them.
  validateSchema: false,
} as const;

/** Of what only says yes or no: a tenth of the code, and all that a file without mistakes needs. */
export const quickOptions = {
  inlineRefs: false,
  ownProperties: true,
  messages: false,
  strict: false,
  validateSchema: false,
} as const;

/** The schema of each. */
export const quickSchemas: Readonly<Record<ValidatorName, () => object>> = {
  catalog: () => catalog,
  practice: () => practice,
  tests: () => tests,
  invariants: () => invariants,
  user: () => ({ ...tests.definitions.member, definitions: tests.definitions }),
  members: () => ({ ...practice.properties.members.else, definitions: practice.definitions }),
};

/** The schema of each, with its definitions written out. */
export const schemas: Readonly<Record<ValidatorName, () => object>> = {
  catalog: () => whole(quickSchemas.catalog()),
  practice: () => whole(quickSchemas.practice()),
  tests: () => whole(quickSchemas.tests()),
  invariants: () => whole(quickSchemas.invariants()),
  user: () => whole(quickSchemas.user()),
  members: () => whole(quickSchemas.members()),
};

const compiled = new Map<ValidatorName, ValidateFunction>();
const quick = new Map<ValidatorName, ValidateFunction>();

/** Whether the data have the shape that is wanted, without a word on what is wrong. */
export function accepts(name: ValidatorName, data: unknown): boolean {
  const validate = quick.get(name) ?? new Ajv(quickOptions).compile(quickSchemas[name]());
  quick.set(name, validate);
  return validate(data);
}

export function validatorOf(name: ValidatorName): ValidateFunction {
  const validate = compiled.get(name) ?? new Ajv(options).compile(schemas[name]());
  compiled.set(name, validate);
  return validate;
}

type Definitions = Readonly<Record<string, unknown>>;

function whole(schema: object): object {
  const { definitions, ...root } = schema as { readonly definitions: Definitions };
  return expand(root, definitions) as object;
}

/**
 * The schema with its definitions written out, which no definition of ours forbids by using itself: ajv joins the
 * errors of a reference in time that is quadratic in their number.
 */
function expand(part: unknown, definitions: Definitions): unknown {
  if (Array.isArray(part)) return part.map((each) => expand(each, definitions));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref: reference, ...own } = part as Readonly<Record<string, unknown>>;
  const expanded = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, expand(value, definitions)]));
  if (typeof reference !== 'string') return expanded;
  const definition = expand(definitions[reference.replace('#/definitions/', '')], definitions);
  return { ...(definition as object), ...expanded };
}
