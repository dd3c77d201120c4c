import type { Diagrams } from '../lower/diagrams.ts';
import type { Policy, SettingValues } from '../resolve/policy.ts';
import { sha256, toHex } from '../runtime/sha256.ts';
import type { Kept } from './reach.ts';
import { needsZone } from './zone.ts';

/**
 * The meaning digest: SHA-256 over what the table decides, never over how it is laid out (numbers of nodes and atoms
 * shift when one is added). Everything stands as content and in an order of content. Not inside: titles, versions,
 * sources, reasons, provenance, the order of files, and what no decision depends on, such as an unused time zone.
 */
export function digestMeaning(policy: Policy, diagrams: Diagrams, kept: Kept): Uint8Array {
  const nodes = digestNodes(policy, kept);
  const cell = (role: number, action: number) => {
    const decision = diagrams.cells[role * diagrams.actions.length + action]?.decision ?? 0;
    return toHex(nodes.subarray(32 * kept.node(decision), 32 * kept.node(decision) + 32));
  };
  return digest([
    'chaperone meaning 1',
    policy.outcomes.map(({ name, duties }) => [name, duties]),
    sort(diagrams.actions.map((name) => [name, policy.actions.get(name)?.presentation ?? null])),
    sort(
      diagrams.roles.map((name, role) => [
        name,
        policy.roles.get(name)?.givenByApplication ?? false,
        settings(policy.roles.get(name)?.settings ?? new Map()),
        digestHex(sort(diagrams.actions.map((action, column) => [action, cell(role, column)]))),
      ]),
    ),
    sort([...policy.settings.values()].flatMap(({ name, default: value }) => (value ? [[name, value]] : []))),
    digestMembers(policy),
    needsZone(decidedAtoms(diagrams, kept)) ? policy.timeZone : null,
  ]);
}

/** 32 bytes a node: of a leaf its name, of any other its atom's text and the digests of its sides. */
function digestNodes(policy: Policy, { atoms, nodeAtom, nodeLow, nodeHigh }: Kept): Uint8Array {
  const leaves = ['deny', ...policy.outcomes.map(({ name }) => ['outcome', name]).reverse(), 'allow'];
  const atomDigests = atoms.map(({ text }) => digest(['atom', text]));
  const digests = new Uint8Array(32 * nodeAtom.length);
  const parts = new Uint8Array(96);
  nodeAtom.forEach((atom, node) => {
    if (node < leaves.length) {
      digests.set(digest(['leaf', leaves[node]]), 32 * node);
      return;
    }
    const side = (of: readonly number[]) => digests.subarray(32 * (of[node] ?? 0), 32 * (of[node] ?? 0) + 32);
    parts.set(atomDigests[atom] ?? [], 0);
    parts.set(side(nodeLow), 32);
    parts.set(side(nodeHigh), 64);
    digests.set(sha256(parts), 32 * node);
  });
  return digests;
}

function decidedAtoms({ leaves }: Diagrams, { atoms, nodeAtom, decided }: Kept) {
  const used = new Set(nodeAtom.slice(leaves, decided));
  return atoms.filter((_, atom) => used.has(atom));
}

function digestMembers(policy: Policy): string {
  const members = [...policy.members.values()].map(({ key, id, active, assignments }) => [
    key,
    id,
    active,
    sort(assignments.map((item) => [item.role, settings(item.settings), item.from, item.until])),
  ]);
  return digestHex(sort(members));
}

function settings(values: SettingValues): unknown {
  return sort([...values].map(([slot, value]) => [slot, value]));
}

/** By the code units of the JSON, so that equal content has one order. */
function sort(items: readonly unknown[]): readonly string[] {
  return items.map((item) => JSON.stringify(item)).sort();
}

function digestHex(content: unknown): string {
  return toHex(digest(content));
}

/** JSON keeps apart what lies side by side: no two contents give one text. */
function digest(content: unknown): Uint8Array {
  return sha256(new TextEncoder().encode(JSON.stringify(content)));
}
