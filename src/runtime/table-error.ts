export type TableErrorCode = 'not-a-table' | 'format-version' | 'truncated' | 'damaged' | 'unreasonable';

/** Why bytes were refused as a table; nothing of them was used. */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly code: TableErrorCode;

  constructor(code: TableErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
