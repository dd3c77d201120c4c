import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Code, catalogue, nearest } from '../../index.ts';
import { packageFolder } from '../../node/index.ts';
import { addFormat, formatOf } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

export function addExplain(program: Command, out: Output): void {
  const command = program
    .command('explain')
    .description('Explains a code that diagnostics bear: what it means, an example, and what to write instead.')
    .argument('[code]', 'such as unmet-requirement; without it, all codes are listed')
    .addHelpText('after', '\nExamples:\n  chaperone explain unmet-requirement\n  chaperone explain --json\n');
  addFormat(command).action((code: string | undefined, options: { format?: string; json?: boolean }) => {
    const format = formatOf(options);
    if (code === undefined) listCodes(format, out);
    else explainCode(code, format, out);
  });
}

function listCodes(format: string, out: Output): void {
  const codes = Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1));
  if (format === 'json') {
    out.json(codes.map(([code, { severity, claim }]) => ({ code, severity, claim })));
    return;
  }
  const width = Math.max(...codes.map(([code]) => code.length));
  for (const [code, { severity, claim }] of codes) {
    out.write(`${out.paint(severity === 'error' ? 'red' : 'yellow', code.padEnd(width))}  ${claim}\n`);
  }
}

function explainCode(code: string, format: string, out: Output): void {
  if (!Object.hasOwn(catalogue, code)) {
    const near = nearest(code, Object.keys(catalogue));
    throw new UsageError(
      `there is no code \`${code}\``,
      near ? `did you mean \`${near}\`?` : '`chaperone explain` lists all codes',
    );
  }
  const { severity, claim } = catalogue[code as Code];
  const path = join(packageFolder(), 'src/diagnostics/pages', `${code}.md`);
  const page = existsSync(path) ? readFileSync(path, 'utf8') : `# ${code}\n\n${claim}\n`;
  if (format === 'json') out.json({ code, severity, claim, page });
  else out.write(`${severity}\n\n${page}`);
}
