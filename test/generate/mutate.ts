/** Small changes of a policy whose effect on meaning is known. */
import type { Draft } from '../generate.ts';
import { makeGrant, makeSettingValue } from './catalog.ts';
import { type Choose, chance, oneOf } from './choices.ts';
import { entryOf, type Tree, tree, withEntry } from './tree.ts';
import { elementOf, rungs, zones } from './vocabulary.ts';

/** One more grant, of a permission or of the catalog. */
export function grantMore(draft: Draft, choose: Choose): Draft {
  const grant = tree(makeGrant({ ...draft.world, conditions: [] }, choose));
  const permissions = entryOf(draft.catalog, 'permissions')!;
  const name = chance(choose, 40) ? null : oneOf(choose, draft.world.permissions);
  if (name === null) return { ...draft, catalog: withItem(draft.catalog, 'grants', grant) };
  const permission = withItem(entryOf(permissions, name)!, 'grants', grant);
  return { ...draft, catalog: withEntry(draft.catalog, 'permissions', withEntry(permissions, name, permission)) };
}

/** Without one scope or prohibition; null where there is none. */
export function dropScope(draft: Draft, choose: Choose): Draft | null {
  const places = (['catalog', 'practice'] as const).flatMap((file) =>
    (['scopes', 'prohibitions'] as const).flatMap((key) => {
      const scopes = entryOf(draft[file], key);
      return scopes !== undefined && sizeOf(scopes) > 0 ? [{ file, key, scopes }] : [];
    }),
  );
  if (places.length === 0) return null;
  const { file, key, scopes } = oneOf(choose, places);
  const dropped = choose(sizeOf(scopes));
  const keep = (_: unknown, index: number) => index !== dropped;
  const left =
    scopes.kind === 'map'
      ? { ...scopes, entries: scopes.entries.filter(keep) }
      : { ...scopes, ...(scopes.kind === 'list' && { items: scopes.items.filter(keep) }) };
  return { ...draft, [file]: withEntry(draft[file], key, left) };
}

/** One value of a set setting made smaller, on a role or an assignment; null where there is none. */
export function narrowSetting(draft: Draft, names: readonly string[], choose: Choose): Draft | null {
  const sets = new Set(draft.world.settings.filter(({ type }) => elementOf(type) !== null).map(({ name }) => name));
  const isSet = (name: string) => sets.has(name) && names.includes(name);
  const found: Tree[] = [];
  walkSettings(draft.practice, isSet, (value) => {
    if (isNarrowable(value)) found.push(value);
    return value;
  });
  if (found.length === 0) return null;
  const chosen = oneOf(choose, found);
  const practice = walkSettings(draft.practice, isSet, (value) => (value === chosen ? narrowed(value, choose) : value));
  return { ...draft, practice };
}

/** Another value of one setting for whoever sets none; null where there are no settings. */
export function moveDefault(draft: Draft, choose: Choose): Draft | null {
  if (draft.world.settings.length === 0) return null;
  const setting = oneOf(choose, draft.world.settings);
  const settings = entryOf(draft.catalog, 'settings')!;
  const value = makeSettingValue({ ...setting, indexes: [] }, draft.world, choose);
  const moved = withEntry(entryOf(settings, setting.name)!, 'default', value);
  return { ...draft, catalog: withEntry(draft.catalog, 'settings', withEntry(settings, setting.name, moved)) };
}

/** A clinic in another time zone. */
export function moveZone(draft: Draft, choose: Choose): Draft {
  return { ...draft, practice: withEntry(draft.practice, 'time-zone', tree(oneOf(choose, zones))) };
}

/** Members under other ids: one gets a new one, or two change theirs. */
export function moveId(draft: Draft, choose: Choose): Draft {
  const members = entryOf(draft.practice, 'members')!;
  if (members.kind !== 'map') return draft;
  const idOf = ([key, member]: (typeof members.entries)[number]) => {
    const id = entryOf(member, 'id');
    return id?.kind === 'scalar' ? String(id.value) : key;
  };
  const first = oneOf(choose, members.entries);
  const other = oneOf(choose, members.entries);
  const taken = members.entries.flatMap((entry) => [entry[0], idOf(entry)]);
  const fresh = oneOf(choose, ['north', 'p1', 'g1', 'x9', 'u1', 'u2']);
  const isFree = (id: string, [key]: typeof first) => id === key || !members.entries.some(([name]) => name === id);
  const [one, two] = first === other ? [fresh, fresh] : [idOf(other), idOf(first)];
  const isPossible = first === other ? !taken.includes(fresh) : isFree(one, first) && isFree(two, other);
  if (!isPossible) return draft;
  const entries = members.entries.map((entry) => {
    if (entry !== first && entry !== other) return entry;
    return [entry[0], withEntry(entry[1], 'id', tree(entry === first ? one : two))] as const;
  });
  return { ...draft, practice: withEntry(draft.practice, 'members', { ...members, entries }) };
}

/** A role one rung up; null where no role can go up. */
export function raiseRung(draft: Draft, choose: Choose): Draft | null {
  const levels = rolesOf(draft).flatMap(([name, role]) => {
    const level = entryOf(role, 'level');
    const next = level?.kind === 'scalar' ? rungs[1 + (rungs as readonly unknown[]).indexOf(level.value)] : undefined;
    return next === undefined ? [] : [{ name, next }];
  });
  if (levels.length === 0) return null;
  const { name, next } = oneOf(choose, levels);
  return changeRole(draft, name, (role) => withEntry(role, 'level', tree(next)));
}

/** A role with one more permission. */
export function switchOn(draft: Draft, choose: Choose): Draft {
  const [name] = oneOf(choose, rolesOf(draft));
  const permission = tree(oneOf(choose, draft.world.permissions));
  const isIt = (item: Tree) =>
    item.kind === 'scalar' && permission.kind === 'scalar' && item.value === permission.value;
  return changeRole(draft, name, (role) => {
    const without = entryOf(role, 'without');
    const left =
      without?.kind === 'list' ? { ...without, items: without.items.filter((item) => !isIt(item)) } : without;
    const given = entryOf(role, 'with');
    if (given?.kind === 'list' && given.items.some(isIt)) return role;
    return withItem(withEntry(role, 'without', left), 'with', permission);
  });
}

function rolesOf(draft: Draft): readonly (readonly [string, Tree])[] {
  const roles = entryOf(draft.practice, 'roles');
  return roles?.kind === 'map' ? roles.entries : [];
}

function changeRole(draft: Draft, name: string, change: (role: Tree) => Tree): Draft {
  const roles = entryOf(draft.practice, 'roles')!;
  return {
    ...draft,
    practice: withEntry(draft.practice, 'roles', withEntry(roles, name, change(entryOf(roles, name)!))),
  };
}

function withItem(map: Tree, key: string, item: Tree): Tree {
  const list = entryOf(map, key);
  const items = list?.kind === 'list' ? list.items : [];
  return withEntry(map, key, { kind: 'list', items: [...items, item], isOrdered: false });
}

/** Every value of a chosen setting in roles and members, slots one by one. */
function walkSettings(practice: Tree, isChosen: (name: string) => boolean, change: (value: Tree) => Tree): Tree {
  const slots = (value: Tree): Tree =>
    value.kind === 'map'
      ? { ...value, entries: value.entries.map(([key, slot]) => [key, slots(slot)] as const) }
      : change(value);
  const holder = (from: Tree): Tree => {
    if (from.kind === 'list') return { ...from, items: from.items.map(holder) };
    if (from.kind !== 'map') return from;
    const entries = from.entries.map(
      ([key, value]) => [key, isChosen(key) ? slots(value) : key === 'holds' ? holder(value) : value] as const,
    );
    return { ...from, entries };
  };
  const all = (from: Tree): Tree =>
    from.kind === 'map'
      ? { ...from, entries: from.entries.map(([key, value]) => [key, holder(value)] as const) }
      : from;
  return ['roles', 'members'].reduce((changed, key) => withEntry(changed, key, all(entryOf(changed, key)!)), practice);
}

function isNarrowable(value: Tree): boolean {
  return value.kind === 'list' ? value.items.length > 0 : value.kind === 'scalar' && value.value === 'all';
}

function narrowed(value: Tree, choose: Choose): Tree {
  if (value.kind !== 'list') return tree('none');
  const dropped = choose(value.items.length);
  return { ...value, items: value.items.filter((_, index) => index !== dropped) };
}

function sizeOf(scopes: Tree): number {
  if (scopes.kind === 'map') return scopes.entries.length;
  return scopes.kind === 'list' ? scopes.items.length : 0;
}
