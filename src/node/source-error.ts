import type { TableErrorCode } from '../runtime/index.ts';

export type SourceErrorCode =
  | TableErrorCode
  /** There is nothing at that place. */
  | 'missing'
  /** There is something, but it cannot be read. */
  | 'unreadable'
  /** Reading took too long. */
  | 'timeout'
  /** The name of a tenant that no file may have. */
  | 'bad-tenant'
  /** An older version of the policy than the one before. */
  | 'downgrade'
  /** The table of a policy of another name than was asked for. */
  | 'other-policy'
  /** The store was closed. */
  | 'closed';

/** Why there is no table from a file or another source. The cause is what the runtime or the system said. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
