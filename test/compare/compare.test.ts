import { describe, expect, it } from 'vitest';
import { type Clinic, diff, lines } from './pairs.ts';

const clinic = (when: string, more: Partial<Clinic> = {}): Clinic => ({
  permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: '${when}' }] }`,
  practice: `roles: { desk: { account: clinical, level: low } }\nmembers: { amira: { role: desk, practitioner: p1 } }`,
  ...more,
});

describe('compare', () => {
  it('finds nothing between a table and itself', () => {
    const result = diff(clinic('resource.author == user.id'), clinic('resource.author == user.id'));
    expect(result).toMatchObject({ equal: true, sameMeaning: true, changes: [], renames: [], semver: 'patch' });
  });

  it('finds nothing in a refactoring', () => {
    const base = clinic('not (resource.author == user.id and resource.size < 5)');
    const head = clinic('resource.author != user.id or resource.size >= 5');
    expect(diff(base, head)).toMatchObject({ equal: true, sameMeaning: true });
  });

  it('knows what no request can show', () => {
    const base = clinic('resource.size < 5');
    const head = clinic('resource.size < 5 and resource.size < 9');
    expect(diff(base, head)).toMatchObject({ equal: true, sameMeaning: false });
  });

  it('shows what one more grant gives', () => {
    const result = diff(clinic('resource.author == user.id'), clinic('resource.author == user.id or resource.client.preferred == user.practitioner'));
    expect(lines(result)).toEqual([]);
  });

  it('sees what only a missing fact shows', () => {
    const result = diff(clinic('resource.state == "draft" or resource.state == "locked" or resource.state == "unlocked"'), clinic('resource.size < 5 or resource.size >= 5'));
    expect(lines(result)).toEqual([]);
  });
});
