import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFile } from '../project.ts';
import type { Clinic, Person, Resource } from './model.ts';

/** What a user's roles come to, prepared once for the whole session. */
export interface Session {
  readonly user: Person;
}

/** The module that an expert would write for this one clinic. */
export interface HandWritten {
  can(user: Person, action: string, resource: Resource): boolean;
  bind(user: Person): Session;
  canBound(session: Session, action: string, resource: Resource): boolean;
  isRelated(user: Person, resource: Resource): boolean;
}

/** Source text of the module: sets of actions a role and a few ifs, no interpreter. */
export function writeHandWritten({ roles, prohibited, owner }: Clinic): string {
  const sets = (pick: 'always' | 'related') =>
    roles.map((role) => `  ${role.name}: new Set(${JSON.stringify(role[pick])}),\n`).join('');
  return `const always = {\n${sets('always')}};
const related = {\n${sets('related')}};

export function isRelated(user, resource) {
  if (resource.owner === user.practitioner) return true;
  const own = user.tags;
  const tags = resource.client.tags;
  for (let i = 0; i < tags.length; i++) if (own.includes(tags[i])) return true;
  return resource.assigned.includes(user.id);
}

export function can(user, action, resource) {
  const roles = user.roles;
  if (action === '${prohibited}' && resource.protected && !roles.includes('${owner}')) return false;
  for (let i = 0; i < roles.length; i++) if (always[roles[i]].has(action)) return true;
  for (let i = 0; i < roles.length; i++) if (related[roles[i]].has(action)) return isRelated(user, resource);
  return false;
}

export function bind(user) {
  const union = (sets) => new Set(user.roles.flatMap((role) => [...sets[role]]));
  return { user, isOwner: user.roles.includes('${owner}'), always: union(always), related: union(related) };
}

export function canBound(session, action, resource) {
  if (action === '${prohibited}' && resource.protected && !session.isOwner) return false;
  return session.always.has(action) || (session.related.has(action) && isRelated(session.user, resource));
}
`;
}

export async function loadHandWritten(clinic: Clinic, folder: string): Promise<HandWritten> {
  const file = join(folder, 'hand.mjs');
  writeFileSync(file, writeHandWritten(clinic));
  return (await importFile(file)) as HandWritten;
}
