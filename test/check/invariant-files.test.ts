/** Files of invariants and silences, as far as a folder of cases cannot show them. */
import { expect, test } from 'vitest';
import { compile, type Diagnostic, loadFiles } from '../../src/index.ts';
import { verify } from '../../src/verify/index.ts';

const catalog = `chaperone: 1
kind: catalog
name: tiny
version: 1.0.0
features: [claims]
resources: { note: { actions: { view: {}, edit: {} } } }
permissions:
  view: { grants: [{ actions: [note.view] }] }
  edit: { grants: [{ actions: [note.edit], when: feature(claims) }] }
`;
const practice = `chaperone: 1
kind: practice
name: clinic
version: 1.0.0
catalog: ./catalog.yaml
roles: { reader: { with: [view, edit] }, viewer: { with: [view, edit] } }
members: { amira: { role: reader }, noa: { role: viewer } }
invariant-files: [./safety.yaml]
silence: [{ code: equal-roles, because: they are to differ }]
`;
const safety = `chaperone: 1
kind: invariants
invariants:
  - nobody edits: { never: note.edit }
`;
const tests = (policy: string, more = '') => `chaperone: 1
kind: tests
practice: ${policy}
roles: { other: { with: [view] } }
${more}tests:
  - { name: a, user: { role: other }, resources: { n: { type: note } }, expect: { note.view on n: allow } }
`;

function host(files: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = {
    'catalog.yaml': catalog,
    'practice.yaml': practice,
    'safety.yaml': safety,
    ...files,
  };
  return { read: (path: string) => all[path] ?? null };
}

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, span }) => `${code} ${span?.file.path}`);
}

test('what a practice stands on includes its files of invariants', () => {
  const { files, diagnostics } = compile('practice.yaml', host({}));
  expect(files).toEqual(['practice.yaml', 'catalog.yaml', 'safety.yaml']);
  expect(codes(diagnostics)).toEqual([]);
});

test('a file of invariants is no policy by itself, and no catalog', () => {
  expect(codes(compile('safety.yaml', host({})).diagnostics)).toEqual(['wrong-shape safety.yaml']);
  const { diagnostics } = verify(loadFiles('a.tests.yaml', host({ 'a.tests.yaml': tests('./safety.yaml') })));
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '`./safety.yaml` is a file of invariants, not a practice or catalog',
  ]);
  const onIt = practice.replace('./catalog.yaml', './safety.yaml');
  const [found] = compile('practice.yaml', host({ 'practice.yaml': onIt })).diagnostics;
  expect(found?.message).toBe('`./safety.yaml` is a file of invariants, not a catalog');
});

test('a file that is missing is reported where it is named', () => {
  const { diagnostics } = compile('practice.yaml', host({ 'practice.yaml': practice.replace('safety', 'safty') }));
  expect(codes(diagnostics)).toEqual(['unreadable-file practice.yaml']);
});

test('the meaning of a table does not depend on invariants or silences', () => {
  const bare = practice.slice(0, practice.indexOf('invariant-files'));
  const [one, other] = [{}, { 'practice.yaml': bare }].map((files) => compile('practice.yaml', host(files)));
  expect(one?.meaningDigest).toBe(other?.meaningDigest);
});

test('a tests file brings no findings about the practice that are not its own', () => {
  const { diagnostics } = verify(loadFiles('a.tests.yaml', host({ 'a.tests.yaml': tests('./practice.yaml') })));
  expect(codes(diagnostics)).toEqual([]);
});

test('a sentence in a file of its own is proved with the features of the tests', () => {
  const own = tests('./practice.yaml', 'features: { claims: on }\n');
  const { diagnostics } = verify(loadFiles('a.tests.yaml', host({ 'a.tests.yaml': own })));
  expect(codes(diagnostics)).toEqual(['invariant-failed safety.yaml']);
});

test('a silence in a file of invariants is about that file', () => {
  const own = `${safety}silence:\n  - { code: equal-roles, because: it stands elsewhere }\n`;
  const { diagnostics } = compile('practice.yaml', host({ 'safety.yaml': own }));
  expect(codes(diagnostics)).toEqual(['unneeded-silence safety.yaml']);
});
