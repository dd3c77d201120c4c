import { InternalError } from '../diagnostics/index.ts';
import type { Policy, SettingValues } from '../resolve/policy.ts';
import { DEFAULTS, SLOTS } from '../runtime/format.ts';
import type { Pool } from './pool.ts';

/** The slots of a policy's settings, numbered. */
export interface Slots {
  number(name: string): number;
  /** From the keys of a setting, outermost first, to its slots. */
  tree(setting: string): SlotTree | number;
  /** `[slot, text of its value, ...]` of what a role or an assignment sets. */
  pairs(values: SettingValues): readonly number[];
}

type SlotTree = { [key: string]: SlotTree | number };

/** A setting with indexes has a slot for each choice of keys; slots stand in the order of their names. */
export function laySettings(pool: Pool, policy: Policy): Slots {
  const slots = [...policy.settings.values()].flatMap((setting) => {
    const product = setting.indexes.reduce<readonly (readonly string[])[]>(
      (choices, index) => choices.flatMap((choice) => index.values.map((value) => [...choice, value])),
      [[]],
    );
    return product.map((keys) => ({ name: [setting.name, ...keys].join('/'), setting, keys }));
  });
  slots.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const numbers = new Map(slots.map(({ name }, index) => [name, index]));
  const number = (name: string) => {
    const slot = numbers.get(name);
    if (slot === undefined) throw new InternalError(`there is no slot ${name}`);
    return slot;
  };
  pool.set(
    SLOTS,
    slots.map(({ name, setting, keys }) => [name, setting.name, keys]),
  );
  pool.set(
    DEFAULTS,
    slots.map(({ setting }) => (setting.default === null ? null : pool.value(setting.default))),
  );
  return {
    number,
    tree(wanted) {
      const root: SlotTree = Object.create(null);
      slots.forEach(({ setting, keys }, slot) => {
        if (setting.name !== wanted) return;
        let branch = root;
        for (const key of keys.slice(0, -1)) {
          const next = (branch[key] ?? Object.create(null)) as SlotTree;
          branch[key] = next;
          branch = next;
        }
        branch[keys.at(-1) ?? ''] = slot;
      });
      return root;
    },
    pairs(values) {
      const pairs = [...values].map(([name, value]) => [number(name), pool.value(value)] as const);
      return pairs.sort((a, b) => a[0] - b[0]).flat();
    },
  };
}
