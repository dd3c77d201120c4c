import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { DiagramStore } from '../diagram/index.ts';
import type { Permission, Policy, Requirement } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { type Anyone, decisionOf, type Scene } from './anyone.ts';
import { permissionOf } from './switches.ts';

/**
 * Permissions of this catalog that change no decision of any role that could have them, whatever else the role has. One
 * that others require, or that brings others along, has its effect there; one without any grant is unused.
 */
export function unneededPermissions(file: SourceFile, anyone: Anyone): readonly Permission[] {
  const { policy } = anyone;
  const required = new Set<string>();
  const add = (requirement: Requirement | null): void => {
    if (requirement?.kind === 'permission') required.add(requirement.name);
    else requirement?.terms.forEach(add);
  };
  for (const { requires } of policy.permissions.values()) add(requires);
  const readers = readersOf(anyone);
  if (!readers) return [];
  const granted = new Set(policy.grants.flatMap(({ permission }) => permission ?? []));
  return [...policy.permissions.values()].filter(
    ({ name, span, implies }) =>
      span.file === file &&
      granted.has(name) &&
      implies.length === 0 &&
      !required.has(name) &&
      !readers.get(name)?.some((reader) => changesSomething(anyone, reader)),
  );
}

export function reportPermission(policy: Policy, { name, span }: Permission): Diagnostic {
  const grants = policy.grants.filter(({ permission }) => permission === name);
  return diagnose('unneeded-permission', span, `\`${name}\` changes nothing in any role`, {
    notes: grants.slice(0, 3).map((grant) => ({
      message: 'this gives nothing that whoever has the permission lacks without it',
      span: grant.span,
    })),
    help: 'remove it, or correct what it grants',
  });
}

/** A scene, and by which atom it asks for a permission. */
interface Reader {
  readonly scene: Scene;
  readonly atom: number;
}

/** Null where some action cannot be judged. */
function readersOf(anyone: Anyone): ReadonlyMap<string, readonly Reader[]> | null {
  const readers = new Map<string, Reader[]>();
  for (const action of anyone.policy.actions.keys()) {
    const scene = anyone.scene(action);
    if (!scene) return null;
    scene.world.atoms.forEach((item, atom) => {
      const name = permissionOf(item);
      if (name !== null) readers.set(name, [...(readers.get(name) ?? []), { scene, atom }]);
    });
  }
  return readers;
}

function changesSomething(anyone: Anyone, { scene, atom }: Reader): boolean {
  const { store } = scene.world;
  const decision = decisionOf(scene);
  const [on, off] = [given(store, decision, atom, true), given(store, decision, atom, false)];
  const among = { ...scene, roles: given(store, scene.roles, atom, true) };
  return anyone.mayExceed(among, on, off) || anyone.mayExceed(among, off, on);
}

/** The diagram where the atom is known. */
function given(store: DiagramStore, node: number, atom: number, is: boolean): number {
  const memo = new Map<number, number>();
  const visit = (at: number): number => {
    if (at < store.leaves || store.atomOf(at) > atom) return at;
    if (store.atomOf(at) === atom) return is ? store.highOf(at) : store.lowOf(at);
    let result = memo.get(at);
    if (result === undefined) {
      result = store.node(store.atomOf(at), visit(store.lowOf(at)), visit(store.highOf(at)));
      memo.set(at, result);
    }
    return result;
  };
  return visit(node);
}
