import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { types } from 'node:util';
import { SourceError } from './source-error.ts';
import { LastRead, readTableFile, sourceError, stampOf } from './table-file.ts';

/** Where a table comes from, if not from a file: a bucket, a database. */
export interface TableSource {
  /**
   * The bytes of the table; they are copied. Null where they are still those that were read last, as a conditional
   * request tells. The signal says that nobody waits any more.
   */
  read(signal: AbortSignal): Promise<Uint8Array | null> | Uint8Array | null;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

/** A source, with its name in messages. */
export interface NamedSource extends TableSource {
  readonly shown: string;
}

export interface FileSource extends NamedSource {
  /** At once; throws a SourceError. */
  readNow(): Uint8Array<ArrayBuffer>;
}

/** A file, which is read when it looks new. Looking does not block, whatever the disk does. */
export function createFileSource(name: string): FileSource {
  const path = resolve(name);
  const last = new LastRead();
  const readNow = () => readTableFile(path, name, last);
  return {
    shown: `\`${name}\``,
    readNow,
    async read() {
      try {
        return last.isSame(stampOf(await stat(path))) ? null : readNow();
      } catch (error) {
        // What comes back may look as before.
        last.forget();
        throw sourceError(error, name);
      }
    },
  };
}

/** A copy of what the source has, since it may use its buffer again. Fails with a SourceError. */
export async function readSource(
  source: NamedSource,
  timeout: number,
  reading: AbortController,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { shown } = source;
  let timer: NodeJS.Timeout | undefined;
  try {
    const given = await new Promise<unknown>((resolve, reject) => {
      reading.signal.addEventListener('abort', () => reject(reading.signal.reason), { once: true });
      const late = () => reading.abort(new SourceError('timeout', `${shown} gave nothing within ${timeout} ms`));
      timer = setTimeout(late, timeout).unref();
      Promise.resolve(source.read(reading.signal)).then(resolve, reject);
    });
    if (given === null) return null;
    // Not `slice`: a Buffer's shares the memory.
    if (ArrayBuffer.isView(given)) {
      return new Uint8Array(new Uint8Array(given.buffer, given.byteOffset, given.byteLength));
    }
    if (types.isAnyArrayBuffer(given)) return new Uint8Array(new Uint8Array(given));
    throw new SourceError('unreadable', `${shown} gave no bytes`);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new SourceError('unreadable', `${shown} cannot be read: ${said}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
