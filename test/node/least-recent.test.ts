import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LeastRecent, type Used } from '../../src/node/least-recent.ts';

interface Item extends Used<Item> {
  readonly key: string;
}

it('entries in the order of use are what a plain list says', () => {
  const operation = fc.record({
    kind: fc.constantFrom('use', 'use', 'add', 'add', 'remove', 'resize', 'shrink'),
    key: fc.constantFrom(...'abcdefgh'),
    bytes: fc.nat(100),
  });
  const law = fc.property(fc.array(operation, { minLength: 1_000, maxLength: 1_000 }), (operations) => {
    const entries = new LeastRecent<Item>();
    // The last one used stands last.
    let model: { readonly key: string; readonly bytes: number }[] = [];
    for (const { kind, key, bytes } of operations) {
      const known = model.find((item) => item.key === key);
      const others = model.filter((item) => item.key !== key);
      const entry = kind === 'shrink' || kind === 'add' ? undefined : entries.use(key);
      if (kind !== 'shrink' && kind !== 'add') expect(entry?.key).toBe(known?.key);
      if (known && kind === 'use') model = [...others, known];
      if (!known && kind === 'add') {
        entries.add({ key, bytes, newer: null, older: null });
        model = [...model, { key, bytes }];
      }
      if (entry && kind === 'remove') {
        entries.remove(entry);
        model = others;
      }
      if (entry && kind === 'resize') {
        entries.resize(entry, bytes);
        model = [...others, { key, bytes }];
      }
      if (kind === 'shrink') {
        const removed: string[] = [];
        while (model.length > 1 && sum(model) > 2 * bytes) removed.push(model.shift()?.key ?? '');
        expect(entries.shrink(2 * bytes).map((item) => item.key)).toEqual(removed);
      }
      expect([entries.size, entries.bytes]).toEqual([model.length, sum(model)]);
    }
  });
  fc.assert(law, { numRuns: 10 });
});

function sum(items: readonly { readonly bytes: number }[]): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}
