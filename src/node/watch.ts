import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { loadTable } from '../runtime/index.ts';

type Table = ReturnType<typeof loadTable>;

/** A table that is read again when its file changes; a damaged new file leaves the old table in force. */
export class WatchedTable {
  /** The table in force. Take it anew for each request. */
  table: Table;
  private readonly path: string;
  private readonly onChange: () => void;

  constructor(path: string, onProblem: (error: unknown) => void = () => {}, interval = 1_000) {
    this.path = path;
    this.table = loadTable(readFileSync(path));
    this.onChange = () => {
      try {
        this.table = loadTable(readFileSync(path));
      } catch (error) {
        onProblem(error);
      }
    };
    watchFile(path, { interval, persistent: false }, this.onChange);
  }

  close(): void {
    unwatchFile(this.path, this.onChange);
  }
}

/** Loads a table and keeps it up to date; `onProblem` hears of files that could not be loaded. */
export function watchTable(path: string, onProblem?: (error: unknown) => void): WatchedTable {
  return new WatchedTable(path, onProblem);
}
