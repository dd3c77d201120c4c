import { type Compilation, compile, compileForAnyone, type Host } from '../../index.ts';
import { loadTable } from '../../runtime/index.ts';
import { standIns } from '../catalog-roles.ts';
import { noteDiagnostics, reportFailure } from '../compiling.ts';
import type { Output } from '../output.ts';
import type { Side } from './side.ts';

/** A side that is source; null when the policy has errors, which were said. */
export function compileSide(path: string, host: () => Host, format: string, out: Output): Side | null {
  let compilation = compile(path, host());
  const { policy } = compilation;
  const isCatalog = policy !== null && policy.roles.size === 0;
  if (isCatalog) compilation = compile(path, host(), { overlay: standIns(policy) });
  const { table }: Compilation = compilation;
  if (!table) {
    reportFailure(compilation.diagnostics, format, out);
    return null;
  }
  if (format === 'human' && !isCatalog) noteDiagnostics(compilation.diagnostics, out);
  const anyone = (name: string, names?: ReadonlyMap<string, string>) =>
    policy && isCatalog ? compileForAnyone(policy, name, names) : null;
  return { table: loadTable(table), isCatalog, anyone, notes: [] };
}
