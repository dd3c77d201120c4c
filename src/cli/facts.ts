import { hasErrors, parseData, plain, renderDiagnostics } from '../index.ts';
import { UsageError } from './output.ts';

/** Facts by name. */
export function readFacts(text: string, option: string): object {
  const data = readData(text, option);
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
  throw new UsageError(`\`${option}\` holds no facts`, `write \`${option} '{"name": "value"}'\``);
}

/** JSON (or YAML in flow style) of an argument. */
export function readData(text: string, option: string): unknown {
  if (text.trim() === '') throw new UsageError(`\`${option}\` is empty`);
  const { data, diagnostics } = parseData({ path: option, text });
  if (data && !hasErrors(diagnostics)) return plain(data);
  throw new UsageError(`\`${option}\` is not JSON\n${renderDiagnostics(diagnostics, { colour: false }).trimEnd()}`);
}
