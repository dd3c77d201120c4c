/** Records as RFC 4180 writes them, each with as many fields as the first; a field that starts a formula is kept a text. */
export function csvOf(records: readonly (readonly string[])[]): string {
  const width = records[0]?.length ?? 0;
  const line = (fields: readonly string[]) =>
    Array.from({ length: Math.max(width, fields.length) }, (_, at) => field(fields[at] ?? '')).join(',');
  return records.map((fields) => `${line(fields)}\n`).join('');
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
