import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadTable, type Table } from '../runtime/index.ts';
import { SourceError } from './source-error.ts';
import {
  type Succession,
  type TableVersion,
  type Trouble,
  Troubles,
  tableError,
  troubleOfBytes,
  troubleOfNext,
  troubleOfSource,
  versionOf,
} from './succession.ts';
import { createFileSource, type NamedSource, readSource, type TableSource } from './table-source.ts';

export interface WatchOptions extends Succession {
  /** Milliseconds between two looks; by default the source's, or 1,000. */
  readonly interval?: number;
  /** Milliseconds that a read may take; by default 30,000. */
  readonly timeout?: number;
  /** The name that the policy must have; by default any. */
  readonly policy?: string;
  /** As of `loadTable`. */
  readonly now?: () => number;
}

export interface WatchEvents {
  /** Another table is in force. */
  changed: [change: { readonly from: TableVersion; readonly to: TableVersion }];
  /** Something else came, and the table in force was kept; `found` is what came, where it is a whole table. */
  refused: [
    refusal: { readonly error: SourceError; readonly found: TableVersion | null; readonly inForce: TableVersion },
  ];
  /** The source could not be read, and the table in force was kept. Nothing is thrown where nobody listens. */
  error: [error: SourceError];
}

/** What a look at the source came to; `waiting`: there is trouble that may pass, to be told when it is met again. */
export type Look = 'changed' | 'same' | 'waiting' | 'refused' | 'failed';

/** A table that follows its source. What is damaged, older or missing leaves the table in force as it is. */
export class WatchedTable extends EventEmitter<WatchEvents> {
  private readonly source: NamedSource;
  private readonly options: WatchOptions;
  private readonly troubles = new Troubles();
  private inForce: Table;
  private running: Promise<Look> | null = null;
  private next: Promise<Look> | null = null;
  private reading: AbortController | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  /** Use `watchTable`. */
  constructor(source: NamedSource, first: Uint8Array, options: WatchOptions) {
    super();
    const interval = options.interval ?? source.interval ?? 1_000;
    if (!(interval >= 1 && interval < 2 ** 31)) throw new RangeError('`interval` is from 1 to 2147483647 milliseconds');
    this.source = source;
    this.options = options;
    this.inForce = loadFirst(first, source.shown, options);
    this.wait(interval);
  }

  /** The table in force. Take it anew for each request; a user bound to it keeps it. */
  get table(): Table {
    return this.inForce;
  }

  /** Why the source has nothing good at the moment; null where it has. */
  get problem(): SourceError | null {
    return this.troubles.current?.error ?? null;
  }

  /** Looks at the source now, besides the looks at intervals; fails only as a listener does. One look runs at a time. */
  check(): Promise<Look> {
    if (this.running === null) {
      this.running = this.look().finally(() => {
        this.running = null;
      });
      return this.running;
    }
    // The one that runs may have read already.
    const again = () => {
      this.next = null;
      return this.check();
    };
    this.next ??= this.running.then(again, again);
    return this.next;
  }

  /** Ends the looks; the table stays. */
  close(): void {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.reading?.abort();
  }

  private wait(interval: number): void {
    this.timer = setTimeout(async () => {
      try {
        await this.check();
      } finally {
        if (!this.isClosed) this.wait(interval);
      }
    }, interval);
    // To watch is no reason for a process to go on.
    this.timer.unref();
  }

  private async look(): Promise<Look> {
    if (this.isClosed) return 'same';
    const { source, options } = this;
    this.reading = new AbortController();
    const bytes = await readSource(source, timeoutOf(options), this.reading).catch(asSourceError);
    this.reading = null;
    if (this.isClosed) return 'same';
    if (bytes instanceof SourceError) return this.meet(troubleOfSource(bytes));
    const { current } = this.troubles;
    if (bytes !== null) return this.judge(bytes);
    // As it was read last: good, or refused.
    if (current?.isRefusal) return this.meet(current);
    this.troubles.end();
    return 'same';
  }

  private judge(bytes: Uint8Array): Look {
    const { troubles, source, options, inForce } = this;
    let table: Table;
    try {
      table = loadTable(bytes, loading(options));
    } catch (error) {
      return this.meet(troubleOfBytes(error, bytes, source.shown));
    }
    const isSame = table.digest === inForce.digest;
    const trouble = isSame ? null : troubleOfNext(table, inForce.policy.version, options, source.shown);
    if (trouble) return this.meet(trouble);
    troubles.end();
    if (isSame) return 'same';
    this.inForce = table;
    this.emit('changed', { from: versionOf(inForce), to: versionOf(table) });
    return 'changed';
  }

  private meet(trouble: Trouble): Look {
    const when = this.troubles.meet(trouble);
    if (when === 'later') return 'waiting';
    const { error, found, isRefusal } = trouble;
    if (when === 'now' && isRefusal) this.emit('refused', { error, found, inForce: versionOf(this.inForce) });
    if (when === 'now' && !isRefusal && this.listenerCount('error') > 0) this.emit('error', error);
    return isRefusal ? 'refused' : 'failed';
  }
}

/**
 * Loads a table and keeps it up to date. A file is loaded before this returns; other sources give a promise. Fails with a
 * SourceError where there is no table to begin with.
 */
export function watchTable(source: string | URL, options?: WatchOptions): WatchedTable;
export function watchTable(source: TableSource, options?: WatchOptions): Promise<WatchedTable>;
export function watchTable(
  source: string | URL | TableSource,
  options: WatchOptions = {},
): WatchedTable | Promise<WatchedTable> {
  if (typeof source !== 'string' && !(source instanceof URL)) return watchSource(source, options);
  const file = createFileSource(typeof source === 'string' ? source : fileURLToPath(source));
  return new WatchedTable(file, file.readNow(), options);
}

async function watchSource(given: TableSource, options: WatchOptions): Promise<WatchedTable> {
  const read = (signal: AbortSignal) => given.read(signal);
  const source = { read, shown: 'the source', ...(given.interval !== undefined && { interval: given.interval }) };
  const bytes = await readSource(source, timeoutOf(options), new AbortController());
  if (bytes === null) throw new SourceError('missing', `${source.shown} has no table`);
  return new WatchedTable(source, bytes, options);
}

function loadFirst(bytes: Uint8Array, shown: string, options: WatchOptions): Table {
  let table: Table;
  try {
    table = loadTable(bytes, loading(options));
  } catch (error) {
    throw tableError(error, shown);
  }
  const trouble = troubleOfNext(table, null, options, shown);
  if (trouble) throw trouble.error;
  return table;
}

function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  throw error;
}

function loading({ now }: WatchOptions): { readonly now?: () => number } {
  return now ? { now } : {};
}

function timeoutOf({ timeout = 30_000 }: WatchOptions): number {
  return timeout;
}
