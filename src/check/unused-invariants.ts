import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { InvariantsSyntax } from '../parse/index.ts';
import { silence } from './silence.ts';

/** A file of invariants that lies beside a practice and that it does not name; the file itself may accept that. */
export function checkUnusedInvariants(syntax: InvariantsSyntax): readonly Diagnostic[] {
  const { file, invariants } = syntax;
  const message = 'the practice does not name this file of invariants';
  const found = diagnose('unused-invariants', { file, start: 0, end: 0 }, message, {
    notes: [
      invariants.length === 1 ? 'nothing keeps its sentence' : `nothing keeps its ${invariants.length} sentences`,
    ],
    help: 'add it to `invariant-files` of the practice, or delete it',
  });
  return silence({ catalogs: [], practice: null, invariants: [syntax], isHypothetical: false }, [found], false);
}
