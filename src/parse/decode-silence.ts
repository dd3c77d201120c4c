import { type Code, catalogue, diagnose, suggest } from '../diagnostics/index.ts';
import { type Decode, name, read, type Sink } from './decode.ts';
import type { SilenceSyntax } from './syntax.ts';

const warnings = Object.keys(catalogue).filter((code) => catalogue[code as Code].severity === 'warning');

/** `- { code: equal-roles, because: ... }`; codes are words of this program, so they are judged here. */
export function silence(sink: Sink): Decode<SilenceSyntax> {
  return (node) => {
    if (node.kind !== 'map') return null;
    const code = read(node, 'code', name);
    if (!code) return null;
    if (warnings.includes(code.text)) return { code, about: read(node, 'about', name) };
    const isError = code.text in catalogue;
    sink.diagnostics.push(
      diagnose(
        'unknown-warning',
        code.span,
        isError ? `\`${code.text}\` is an error, and errors cannot be silenced` : `unknown warning \`${code.text}\``,
        { help: isError ? 'mend what it is about' : (suggest(code.text, warnings) ?? 'write the code of a warning') },
      ),
    );
    return null;
  };
}
