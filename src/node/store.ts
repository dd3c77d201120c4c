import { EventEmitter } from 'node:events';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadOptions, Table } from '../runtime/index.ts';
import { ALL, createTest, type Test } from '../runtime/tools.ts';
import { LeastRecent, type Used } from './least-recent.ts';
import { loadPacked, type PackedTable } from './packed-table.ts';
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
import { createScratch, LastRead, readTableFile, sourceError, stampOf } from './table-file.ts';
import { findTenantFile, type PathOfTenant, pathOfTenant, refuseOtherSpelling } from './tenant-path.ts';

/** Tests of atoms that tables share; more are forgotten, and made again for tables that are loaded later. */
const MOST_TESTS = 20_000;

/** Bytes of one of them, with its name, as measured in Node 20. */
const PER_TEST = 1_200;

export interface StoreOptions extends Succession {
  /** Memory that the tables may take, about; by default 256 MiB. The table in use is kept however large it is. */
  readonly maxBytes?: number;
  /** Milliseconds for which a tenant's file is not looked at again; by default 1,000. 0: it is at each call. */
  readonly interval?: number;
  /** The file of a tenant, in the folder, with `/` between names; by default `TENANT.chaperone`. */
  readonly path?: PathOfTenant;
  /** The name that a tenant's policy must have; by default any. */
  readonly policy?: (tenant: string) => string;
  /** As of `loadTable`. */
  readonly now?: () => number;
}

export interface StoreEvents {
  /** A table was read: the first one of a tenant since it was evicted, or, with `from`, one that came in its place. */
  loaded: [load: { readonly tenant: string; readonly from: TableVersion | null; readonly to: TableVersion }];
  /** A table was forgotten: for want of memory, or since its file is gone. */
  evicted: [eviction: { readonly tenant: string; readonly bytes: number; readonly isGone: boolean }];
  /** A tenant's file is not what may follow, and the table in force was kept; `found` is what it is, if a whole table. */
  refused: [
    refusal: {
      readonly tenant: string;
      readonly error: SourceError;
      readonly found: TableVersion | null;
      readonly inForce: TableVersion;
    },
  ];
}

export interface StoreStats {
  readonly tables: number;
  /** Memory that they take, about. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Calls of `table` so far that read no file. */
  readonly hits: number;
  readonly loads: number;
  readonly evictions: number;
  /** Tables that were kept when their file was not to be trusted. */
  readonly refusals: number;
}

interface Entry extends Used<Entry> {
  readonly key: string;
  table: Table;
  /** The round in which the file was looked at. */
  round: number;
  readonly last: LastRead;
  /** Of the file, while there are any. */
  troubles: Troubles | null;
}

/** Tables of many tenants, read when they are asked for; the least recently used are forgotten. */
export class TableStore extends EventEmitter<StoreEvents> {
  private readonly folder: string;
  private readonly maxBytes: number;
  private readonly options: StoreOptions;
  private readonly loading: LoadOptions;
  private readonly pathOf: PathOfTenant;
  private readonly tests = new Map<string, Test>();
  private readonly entries = new LeastRecent<Entry>();
  private readonly scratch = createScratch();
  /** Versions of tenants whose tables were evicted, so that what is a downgrade does not depend on memory. */
  private readonly versions = new Map<string, string>();
  /** Turns on a timer: to read the clock costs more than a decision. */
  private round = 0;
  private readonly timer: NodeJS.Timeout | null = null;
  private isClosed = false;
  private hits = 0;
  private loads = 0;
  private evictions = 0;
  private refusals = 0;

  /** Use `openStore`. */
  constructor(folder: string, options: StoreOptions) {
    super();
    const { maxBytes = 1 << 28, interval = 1_000, path = pathOfTenant, now } = options;
    if (!(maxBytes > 0)) throw new RangeError('`maxBytes` is a number of bytes above 0');
    if (!(interval >= 0 && interval < 2 ** 31)) throw new RangeError('`interval` is from 0 to 2147483647 milliseconds');
    this.folder = resolve(folder);
    this.maxBytes = maxBytes;
    this.options = options;
    this.pathOf = path;
    this.loading = now ? { now } : {};
    if (interval === 0) this.round = Number.NaN;
    else this.timer = setInterval(() => this.refresh(), interval).unref();
  }

  /**
   * The table of a tenant, by its exact name. Take it anew for each request; a user bound to it keeps it, also when it is
   * replaced or evicted. Throws a SourceError where there is none.
   */
  table(tenant: string): Table {
    const entry = this.entries.use(tenant);
    if (entry === undefined) return this.open(tenant);
    if (entry.round !== this.round) return this.lookAt(entry);
    this.hits++;
    return entry.table;
  }

  /** Number of tables that are loaded. */
  get size(): number {
    return this.entries.size;
  }

  get stats(): StoreStats {
    const { hits, loads, evictions, refusals, maxBytes } = this;
    return { tables: this.size, bytes: this.entries.bytes + this.shared, maxBytes, hits, loads, evictions, refusals };
  }

  /** Every tenant's file is looked at again the next time that its table is asked for, however soon that is. */
  refresh(): void {
    this.round++;
  }

  /** Forgets all tables; those in use stay good. */
  close(): void {
    this.isClosed = true;
    if (this.timer) clearInterval(this.timer);
    this.entries.clear();
    this.versions.clear();
    this.tests.clear();
  }

  /** What conditions of several tables have in common is made once. */
  private readonly createTest: typeof createTest = (...atom) => {
    const name = JSON.stringify(atom, plain);
    const known = this.tests.get(name) ?? createTest(...atom);
    this.tests.set(name, known);
    return known;
  };

  private get shared(): number {
    return this.tests.size * PER_TEST;
  }

  private open(tenant: string): Table {
    if (this.isClosed) throw new SourceError('closed', 'the store is closed');
    const last = new LastRead();
    const { path, shown } = findTenantFile(this.folder, tenant, this.pathOf);
    const bytes = readTableFile(path, shown, last, this.scratch);
    refuseOtherSpelling(path, shown);
    let packed: PackedTable;
    try {
      packed = this.load(tenant, bytes);
    } catch (error) {
      throw tableError(error, `\`${shown}\``);
    }
    const { table, bytes: size } = packed;
    const trouble = this.troubleOf(tenant, table, this.versions.get(tenant) ?? null, shown);
    if (trouble) throw trouble.error;
    this.versions.delete(tenant);
    this.loads++;
    const { round } = this;
    this.entries.add({
      key: ownText(tenant),
      table,
      bytes: size,
      round,
      last,
      troubles: null,
      newer: null,
      older: null,
    });
    const evicted = this.shrink();
    this.emit('loaded', { tenant, from: null, to: versionOf(table) });
    this.tellEvicted(evicted);
    return table;
  }

  /** Reads the file of a loaded table if it looks new. */
  private lookAt(entry: Entry): Table {
    entry.round = this.round;
    const { path, shown } = findTenantFile(this.folder, entry.key, this.pathOf);
    let bytes: Uint8Array;
    try {
      if (entry.last.isSame(stampOf(statSync(path)))) {
        this.hits++;
        return entry.table;
      }
      bytes = readTableFile(path, shown, entry.last, this.scratch);
    } catch (error) {
      entry.last.forget();
      return this.meet(entry, troubleOfSource(sourceError(error, shown)));
    }
    return this.judge(entry, bytes, shown);
  }

  private judge(entry: Entry, bytes: Uint8Array, shown: string): Table {
    const { table: before, key: tenant } = entry;
    let packed: PackedTable;
    try {
      packed = this.load(tenant, bytes);
    } catch (error) {
      return this.meet(entry, troubleOfBytes(error, bytes, `\`${shown}\``));
    }
    const { table, bytes: size } = packed;
    const isSame = table.digest === before.digest;
    const trouble = isSame ? null : this.troubleOf(tenant, table, before.policy.version, shown);
    if (trouble) return this.meet(entry, trouble);
    entry.troubles = null;
    if (isSame) return before;
    this.loads++;
    entry.table = table;
    this.entries.resize(entry, size);
    const evicted = this.shrink();
    this.emit('loaded', { tenant, from: versionOf(before), to: versionOf(table) });
    this.tellEvicted(evicted);
    return table;
  }

  private load(tenant: string, bytes: Uint8Array): PackedTable {
    const packed = loadPacked(bytes, this.loading, (table, more) => {
      const entry = this.entries.find(tenant);
      if (entry?.table === table) this.entries.resize(entry, entry.bytes + more);
    });
    packed.table.world.createTest = this.createTest;
    return packed;
  }

  private troubleOf(tenant: string, next: Table, version: string | null, shown: string): Trouble | null {
    const { policy, allowDowngrade = false } = this.options;
    return troubleOfNext(next, version, { allowDowngrade, policy: policy?.(tenant) ?? null }, `\`${shown}\``);
  }

  private meet(entry: Entry, trouble: Trouble): Table {
    entry.troubles ??= new Troubles();
    if (entry.troubles.meet(trouble) !== 'now') return entry.table;
    const { key: tenant, table, bytes } = entry;
    const { error, found } = trouble;
    if (error.code === 'missing') {
      // Twice: nobody is about to put another in its place, the tenant has left.
      this.entries.remove(entry);
      this.forget(entry);
      this.emit('evicted', { tenant, bytes, isGone: true });
      throw error;
    }
    this.refusals++;
    this.emit('refused', { tenant, error, found, inForce: versionOf(table) });
    return table;
  }

  private forget({ key, table }: Entry): void {
    this.evictions++;
    if (!this.options.allowDowngrade) this.versions.set(key, table.policy.version);
  }

  private shrink(): readonly Entry[] {
    if (this.tests.size > MOST_TESTS) this.tests.clear();
    const evicted = this.entries.shrink(this.maxBytes - this.shared);
    for (const entry of evicted) this.forget(entry);
    return evicted;
  }

  /** Last of all, since a listener may ask the store. */
  private tellEvicted(evicted: readonly Entry[]): void {
    for (const { key: tenant, bytes } of evicted) this.emit('evicted', { tenant, bytes, isGone: false });
  }
}

/**
 * Tables of many tenants in one folder: `store.table(tenant)`. A tenant's name leads to no other tenant's file, and to none
 * outside the folder.
 */
export function openStore(folder: string, options: StoreOptions = {}): TableStore {
  return new TableStore(folder, options);
}

/**
 * A text of its own: a name that was cut out of a request would keep that in memory. As the name of a property it is the very
 * one that code has which names the tenant so, and then found at a glance.
 */
function ownText(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

function plain(_: string, value: unknown): unknown {
  if (value === ALL) return { all: true };
  return value instanceof Set || value instanceof Map ? [...value] : value;
}
