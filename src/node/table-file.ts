import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { MAX_BYTES } from '../runtime/format.ts';
import { reasonOf } from './host.ts';
import { SourceError } from './source-error.ts';

/** File systems count time in steps, some of two seconds: until then, a file may be written again and look the same. */
const COARSE = 2_000;

/** Whether a file must be read again. */
export class LastRead {
  private stamp = '';
  private seenAt = 0;
  private readAt = 0;

  /** To be called before the file is read: what is written meanwhile must look new the next time. */
  note(stamp: string): void {
    this.readAt = performance.now();
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.seenAt = this.readAt;
  }

  /** Is the file surely as it was when it was read? */
  isSame(stamp: string): boolean {
    return stamp === this.stamp && this.readAt - this.seenAt > COARSE;
  }

  forget(): void {
    this.stamp = '';
  }
}

/** Changes with every write, but see `LastRead`; also where a symbolic link on the way leads elsewhere. */
export function stampOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

/** Memory for a number of bytes. */
export type Allocate = (length: number) => Uint8Array<ArrayBuffer>;

/** Memory that is used again for each file; what lies in it is good until then. Files of clinics are smaller than this. */
export function createScratch(): Allocate {
  const scratch = new ArrayBuffer(1 << 18);
  return (length) => (length <= scratch.byteLength ? new Uint8Array(scratch, 0, length) : new Uint8Array(length));
}

/** A file's bytes; throws a SourceError that shows the file as `shown`. */
export function readTableFile(
  path: string,
  shown: string,
  last: LastRead,
  allocate: Allocate = (length) => new Uint8Array(length),
): Uint8Array<ArrayBuffer> {
  let file: number | null = null;
  try {
    // A pipe would wait for a writer.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    const kind = stats.isDirectory() ? 'a folder, not a file' : stats.isFile() ? null : 'no ordinary file';
    if (kind) throw new SourceError('unreadable', `\`${shown}\` is ${kind}`);
    if (stats.size > MAX_BYTES) throw new SourceError('unreasonable', `\`${shown}\` has ${stats.size} bytes`);
    last.note(stampOf(stats));
    const bytes = allocate(stats.size);
    let at = 0;
    for (let count = -1; at < bytes.length && count !== 0; at += count) {
      count = readSync(file, bytes, at, bytes.length - at, at);
    }
    return at < bytes.length ? bytes.subarray(0, at) : bytes;
  } catch (error) {
    throw sourceError(error, shown);
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** What the file system said, in our words. */
export function sourceError(error: unknown, shown: string): SourceError {
  if (error instanceof SourceError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
  return new SourceError(isMissing ? 'missing' : 'unreadable', reasonOf(error, shown), { cause: error });
}
