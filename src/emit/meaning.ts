import type { Cell, Diagrams } from '../lower/diagrams.ts';
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
  return digest([
    'chaperone meaning 2',
    policy.outcomes.map(({ name, duties }) => [name, duties]),
    sort(diagrams.actions.map((name) => [name, policy.actions.get(name)?.presentation ?? null])),
    diagrams.roles.map((name) => [
      name,
      policy.roles.get(name)?.givenByApplication ?? false,
      settings(policy.roles.get(name)?.settings ?? new Map()),
    ]),
    digestCells(diagrams, digestNodes(policy, kept), kept),
    sort([...policy.settings.values()].flatMap(({ name, default: value }) => (value ? [[name, value]] : []))),
    digestMembers(policy),
    needsZone(decidedAtoms(diagrams, kept)) ? policy.timeZone : null,
  ]);
}

/**
 * The decisions of all roles and actions, in the order of their names. What several cells decide stands once, and cells
 * name it by its place in the order of the content of all of them.
 */
function digestCells({ rows, actions }: Diagrams, nodes: Uint8Array, kept: Kept): readonly string[] {
  const decisions = new Set<number>();
  for (const row of new Set(rows)) for (const { decision } of row) decisions.add(kept.node(decision));
  const contents = new Map([...decisions].map((node) => [node, toHex(nodes.subarray(32 * node, 32 * node + 32))]));
  const ordered = [...contents].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  const places = new Int32Array(kept.nodeAtom.length);
  ordered.forEach(([node], place) => {
    places[node] = place;
  });
  const width = 4 * actions.length;
  const bytes = new Uint8Array(width * rows.length);
  const words = new DataView(bytes.buffer);
  const written = new Map<readonly Cell[], number>(); // roles that are alike share their cells
  rows.forEach((row, index) => {
    const start = width * index;
    const before = written.get(row);
    if (before !== undefined) {
      bytes.copyWithin(start, before, before + width);
      return;
    }
    written.set(row, start);
    let at = start;
    for (const { decision } of row) {
      words.setUint32(at, places[kept.node(decision)] ?? 0, true);
      at += 4;
    }
  });
  return [...ordered.map(([, content]) => content), toHex(sha256(bytes))];
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

/** What many members hold stands once: they name it by its place in the order of the content of all of them. */
function digestMembers(policy: Policy): string {
  const members = [...policy.members.values()];
  const held = members.map(({ active, assignments }) =>
    JSON.stringify([
      active,
      sort(assignments.map((item) => [item.role, settings(item.settings), item.from, item.until])),
    ]),
  );
  const holdings = [...new Set(held)].sort();
  const places = new Map(holdings.map((holding, place) => [holding, place]));
  return digestHex([holdings, sort(members.map(({ key, id }, index) => [key, id, places.get(held[index] ?? '')]))]);
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
