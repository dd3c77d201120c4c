import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const bundles = dirname(fileURLToPath(import.meta.url));

const peers = ['casl', 'casl-functions', 'casbin', 'cedar', 'cerbos'];

/**
 * Puts an application's own module for each engine beside `hand.mjs`, `clinic.chaperone` and `clinic.mjs` and gives their
 * paths. All are alike: one file that imports its engine, loads its policy and exports `decide`.
 */
export function writeApplications(folder: string, project: string, withPeers: boolean): ReadonlyMap<string, string> {
  const byTable = (runtime: string) => `import { readFileSync } from 'node:fs';
import { loadTable } from ${quote(join(project, 'dist', runtime))};

const table = loadTable(readFileSync(new URL('./clinic.chaperone', import.meta.url)));
export const decide = ({ user, action, resource }) => table.user(user.id).can(action, resource);
`;
  const texts = new Map([
    [
      'hand',
      `import { can } from './hand.mjs';

export const decide = ({ user, action, resource }) => can(user, action, resource);
`,
    ],
    ['chaperone', byTable('runtime.js')],
    ['chaperone-can', byTable('can.js')],
  ]);
  if (existsSync(join(folder, 'clinic.mjs'))) {
    texts.set(
      'chaperone-module',
      `import { table } from './clinic.mjs';

export const decide = ({ user, action, resource }) => table.user(user.id).can(action, resource);
`,
    );
  }
  const paths = new Map<string, string>();
  for (const [name, text] of texts) {
    paths.set(name, join(folder, `app-${name}.mjs`));
    writeFileSync(join(folder, `app-${name}.mjs`), text);
  }
  for (const name of withPeers ? peers : []) {
    paths.set(name, join(folder, `app-${name}.mjs`));
    copyFileSync(join(bundles, `app-${name}.mjs`), join(folder, `app-${name}.mjs`));
  }
  return paths;
}

function quote(path: string): string {
  return JSON.stringify(pathToFileURL(path).href);
}
