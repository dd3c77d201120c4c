import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Output } from './output.ts';

/**
 * Runs `round` now and after every change beside the files that it read; ends only when the process does. `round` gives
 * the paths that matter for the next time.
 */
export async function repeatOnChange(round: () => readonly string[], out: Output): Promise<never> {
  const watchers = new Map<string, FSWatcher>();
  let wake: () => void = () => {};
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    for (const folder of new Set(round().map((path) => dirname(path)))) {
      if (watchers.has(folder)) continue;
      try {
        watchers.set(
          folder,
          watch(folder, () => wake()),
        );
      } catch {
        out.note(`cannot watch \`${folder}\``);
      }
    }
    out.note('watching; Ctrl-C ends');
    await changed;
    // Editors write in several steps: wait until they are done.
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
