import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The folder of the project; the bundle of the benchmark lies elsewhere. */
export const project = process.env.CHAPERONE_PROJECT ?? process.cwd();

/** A package that is installed beside the benchmark alone. */
export const requirePeer = createRequire(join(project, 'test/bench/package.json'));
