/** Attributes of a small clinic, and questions about them. */
import { expect } from 'vitest';
import { buildRequest, type Literal, type Options, type Request, solve, type Term } from '../../src/solver/index.ts';
import { attribute, date, instant, int, oneOf, setOf, show, slot } from './atoms.ts';

export const status = attribute('resource.status', oneOf('draft', 'locked', 'void'));
export const owner = attribute('resource.owner');
export const author = attribute('resource.author');
export const id = attribute('user.id');
export const tags = setOf(attribute('resource.tags'));
export const marks = setOf(attribute('resource.marks'));
export const [x, y, z] = ['x', 'y', 'z'].map((name) => attribute(`resource.${name}`, int)) as [Term, Term, Term];
export const born = attribute('resource.born', date);
export const visit = attribute('resource.visit', date);
export const signed = attribute('resource.signed', instant);
export const now = attribute('context.now', instant);
export const sites = setOf(slot('sites'));

export function request(literals: readonly Literal[], options: Options = {}): Request {
  const answer = solve(literals, options);
  if (answer.kind !== 'possible') throw new Error(`${answer.kind}:\n${show(literals, options)}`);
  return buildRequest(answer.model);
}

export function impossible(literals: readonly Literal[], options: Options = {}): void {
  const answer = solve(literals, options);
  if (answer.kind === 'possible') expect(buildRequest(answer.model)).toBe('impossible');
  expect(answer.kind, show(literals, options)).toBe('impossible');
}
