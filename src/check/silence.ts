import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { CatalogSyntax, InvariantsSyntax, PracticeSyntax, SilenceSyntax } from '../parse/index.ts';
import type { SourceFile } from '../source/index.ts';
import type { CheckedSources } from './index.ts';

/**
 * What was found without the warnings that a file silences about itself. Once everything was looked for, silences of the
 * files that are judged here (not of a catalog below) are reported when they silence nothing.
 */
export function silence(
  sources: CheckedSources,
  found: readonly Diagnostic[],
  isEverything: boolean,
): readonly Diagnostic[] {
  const { catalogs, practice, invariants } = sources;
  const last = catalogs.at(-1);
  const judged: readonly File[] = practice ? [practice, ...invariants] : last ? [last] : [];
  const files: readonly File[] = [...catalogs, ...(practice ? [practice] : []), ...invariants];
  const used = new Set<SilenceSyntax>();
  const owners = new Map(files.flatMap((owner) => filesOf(owner).map((file) => [file, owner])));
  const left = found.filter((item) => {
    const file = item.span && owners.get(item.span.file);
    const covering = (file?.silences ?? []).filter((each) => covers(each, item));
    for (const each of covering) used.add(each);
    return covering.length === 0;
  });
  const unneeded = judged.flatMap(({ silences }) => silences.filter((item) => !used.has(item)));
  return isEverything ? [...left, ...unneeded.map(report)] : left;
}

/** A file, and what stands beside a practice as a part of it: its members. */
function filesOf(owner: File): readonly SourceFile[] {
  const parts = owner.kind === 'practice' ? owner.members.map(({ key }) => key.span.file) : [];
  return [owner.file, ...new Set(parts)];
}

type File = CatalogSyntax | PracticeSyntax | InvariantsSyntax;

function covers({ code, about }: SilenceSyntax, { severity, code: own, message }: Diagnostic): boolean {
  return severity === 'warning' && own === code.text && (about === null || message.includes(`\`${about.text}\``));
}

function report({ code, about }: SilenceSyntax): Diagnostic {
  const what = about ? ` about \`${about.text}\`` : '';
  return diagnose('unneeded-silence', code.span, `there is no warning \`${code.text}\`${what} to silence`, {
    notes: ['a silence is for warnings with a place in the same file'],
    help: 'remove it',
  });
}
