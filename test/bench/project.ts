import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of the project; the bundle of the benchmark lies elsewhere. */
export const project = process.env.CHAPERONE_PROJECT ?? process.cwd();

/** A package that is installed beside the benchmark alone. */
export const requirePeer = createRequire(join(project, 'test/bench/package.json'));

/** A module of the project or of a temporary folder, by its path. */
export function importFile(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href);
}
