import { writeWhole } from '../node/index.ts';
import { UsageError } from './output.ts';

/** Writes a file that the command line names; where that fails, the usage is wrong. */
export function write(file: string, data: Uint8Array | string): void {
  try {
    writeWhole(file, data);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UsageError(
      `\`${file}\` cannot be written (${code})`,
      code === 'EISDIR' ? 'it is a folder; name a file' : null,
    );
  }
}
