import { createHash } from 'node:crypto';
import { type Table, TableError } from '../runtime/index.ts';
import { SourceError } from './source-error.ts';
import { isBefore } from './versions.ts';

/** Which table that is. */
export interface TableVersion {
  /** The name of the policy. */
  readonly policy: string;
  readonly version: string;
  readonly digest: string;
  readonly meaningDigest: string;
}

export interface Succession {
  /** May an older version of the policy follow? By default it is refused. */
  readonly allowDowngrade?: boolean;
}

/** Looks after which trouble is told even if it is another each time. */
const MOST_UNTOLD = 5;

/** Why there is no new table. */
export interface Trouble {
  readonly error: SourceError;
  /** What was found; null where nothing could be read. */
  readonly found: TableVersion | null;
  /** Equal for what is wrong in the same way, however it is put. */
  readonly mark: string;
  /** Looking again cannot help: the table is whole, and not wanted. */
  readonly isCertain: boolean;
  /** Was there something that was refused, or nothing? */
  readonly isRefusal: boolean;
}

export function versionOf({ policy, digest, meaningDigest }: Table): TableVersion {
  return { policy: policy.name, version: policy.version, digest, meaningDigest };
}

/** Of a source that could not be read. */
export function troubleOfSource(error: SourceError): Trouble {
  return { error, found: null, mark: error.code, isCertain: false, isRefusal: false };
}

/** Of bytes that are no table, or not whole yet. Throws what is our own bug. */
export function troubleOfBytes(error: unknown, bytes: Uint8Array, shown: string): Trouble {
  const mark = createHash('sha256').update(bytes).digest('hex');
  return { error: tableError(error, shown), found: null, mark, isCertain: false, isRefusal: true };
}

/** What the loader said of a source. */
export function tableError(error: unknown, shown: string): SourceError {
  if (!(error instanceof TableError)) throw error;
  return new SourceError(error.code, `${shown}: ${error.message}`, { cause: error });
}

/** Why the next table may not follow one of the version, or be the first where that is null; null where it may. */
export function troubleOfNext(
  next: Table,
  version: string | null,
  { allowDowngrade = false, policy = null }: Succession & { readonly policy?: string | null },
  shown: string,
): Trouble | null {
  const found = versionOf(next);
  const refuse = (error: SourceError): Trouble => {
    return { error, found, mark: found.digest, isCertain: true, isRefusal: true };
  };
  if (policy !== null && found.policy !== policy) {
    return refuse(new SourceError('other-policy', `${shown} is of policy \`${found.policy}\`, not \`${policy}\``));
  }
  if (version === null || allowDowngrade || !isBefore(found.version, version)) return null;
  return refuse(new SourceError('downgrade', `${shown} has version ${found.version}, older than ${version}`));
}

/** Tells each trouble once, and one that may pass only when it is met again: a file may be half written. */
export class Troubles {
  private last: Trouble | null = null;
  private isTold = false;
  private untold = 0;

  /** What is wrong now, told or not. */
  get current(): Trouble | null {
    return this.last;
  }

  /** Is it to be told now, later if at all, or was it already? */
  meet(trouble: Trouble): 'now' | 'later' | 'told' {
    const isSame = this.last?.mark === trouble.mark;
    if (isSame && this.isTold) return 'told';
    this.last = trouble;
    this.untold++;
    this.isTold = isSame || trouble.isCertain || this.untold >= MOST_UNTOLD;
    if (!this.isTold) return 'later';
    this.untold = 0;
    return 'now';
  }

  end(): void {
    this.last = null;
    this.isTold = false;
    this.untold = 0;
  }
}
