// What `npm start` shows: a clinic compiled, its matrix, and three requests with their answers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'chaperone-'));
const table = join(folder, 'harbour-physio.chaperone');

function chaperone(...words) {
  const shown = words.map((word) => (/[^\w./=@-]/.test(word) ? `'${word}'` : word)).join(' ');
  console.log(`\n$ chaperone ${shown.replace(table, 'harbour-physio.chaperone')}`);
  const run = spawnSync(process.execPath, ['dist/cli.js', ...words], { encoding: 'utf8' });
  process.stdout.write(run.stdout.replaceAll(table, 'harbour-physio.chaperone'));
  process.stderr.write(run.stderr);
  if (run.status !== 0) process.exitCode = run.status ?? 3;
}

try {
  chaperone('compile', 'examples/harbour-physio', '-o', table);
  chaperone('matrix', 'examples/harbour-physio');
  chaperone('can', table, 'client.search', '--user', 'lee');
  const note = '{"author": "lee", "client": {"preferred": "dr-lee"}}';
  chaperone('can', table, 'note.view', '--user', 'lee', '--on', note);
  chaperone('can', table, 'note.view', '--user', 'amira', '--on', note, '--explain');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
