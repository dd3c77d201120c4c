import { InternalError } from '../diagnostics/index.ts';
import type { Policy, SettingValues } from '../resolve/policy.ts';
import type { Pool } from './pool.ts';

/** The slots of a policy's settings, numbered. */
export interface Slots {
  readonly rows: readonly number[];
  number(name: string): number;
  /** First and count in `settings` of what a role or an assignment sets. */
  pairs(values: SettingValues): [first: number, count: number];
}

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
  return {
    rows: slots.flatMap(({ name, setting, keys }) => [
      pool.text(name),
      pool.text(setting.name),
      ...pool.list(keys),
      setting.default === null ? -1 : pool.value(setting.default),
    ]),
    number,
    pairs(values) {
      const pairs = [...values].map(([name, value]) => [number(name), pool.value(value)] as const);
      return pool.settings(pairs.sort((a, b) => a[0] - b[0]));
    },
  };
}
