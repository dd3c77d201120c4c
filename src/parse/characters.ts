import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { SourceFile } from '../source/index.ts';
import { limits } from './limits.ts';

const names: ReadonlyMap<number, string> = new Map([
  [0x0, 'NUL'],
  [0xd, 'a carriage return without a line feed'],
  [0x1b, 'ESC'],
  [0x7f, 'DEL'],
  [0x61c, 'Arabic letter mark'],
  [0x200b, 'zero width space'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'pop directional formatting'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x2060, 'word joiner'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'pop directional isolate'],
  [0xfeff, 'byte order mark'],
]);

/** Characters that a reader cannot see, or that change what a reader sees. */
export const hiddenCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|\r(?!\n)/g;

/** Characters that a reader of the file cannot see, one diagnostic a place; a byte order mark may start the file. */
export function checkCharacters(file: SourceFile): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const match of file.text.matchAll(hiddenCharacters)) {
    const code = match[0].charCodeAt(0);
    if (code === 0xfeff && match.index === 0) continue;
    if (found.length === limits.repeats) break;
    const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const name = names.get(code) ?? 'a control character';
    found.push(
      diagnose(
        'hidden-character',
        { file, start: match.index, end: match.index + 1 },
        `the file has the hidden character ${point} (${name})`,
        {
          notes: ['what a reviewer sees could differ from what the policy says'],
          help: 'delete it; where a text needs it, write it as an escape in double quotes',
        },
      ),
    );
  }
  return found;
}
