/**
 * A text of a policy as a literal of JavaScript. Plain ASCII, so that no encoding, line separator or sign that turns the
 * direction of writing changes what a reader or a machine sees; nothing in it ends a script of a page.
 */
export function quote(text: string): string {
  return toAscii(JSON.stringify(text));
}

/** A text of a policy as a comment, which ends with its line. */
export function comment(text: string): string {
  return `// ${toAscii(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'))}`;
}

function toAscii(text: string): string {
  const code = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[^\x20-\x7e]|<(?=[/!]|script)/gi, code);
}
