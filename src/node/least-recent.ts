/** Something in the order of use; only `LeastRecent` touches the order. */
export interface Used<Entry> {
  readonly key: string;
  /** What it weighs. */
  bytes: number;
  newer: Entry | null;
  older: Entry | null;
}

/** Entries by key in the order of their last use, within a number of bytes. */
export class LeastRecent<Entry extends Used<Entry>> {
  /** Of all entries. */
  bytes = 0;
  private readonly entries = new Map<string, Entry>();
  private newest: Entry | null = null;
  private oldest: Entry | null = null;

  get size(): number {
    return this.entries.size;
  }

  /** Finds an entry without using it. */
  find(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  /** Finds an entry, which is the last one used from now on. */
  use(key: string): Entry | undefined {
    const { newest } = this;
    // Many requests of one tenant come together, and to look a text up costs as much as half a decision.
    if (newest !== null && newest.key === key) return newest;
    const entry = this.entries.get(key);
    if (entry !== undefined) {
      this.unlink(entry);
      this.link(entry);
    }
    return entry;
  }

  /** Under a key that has no entry yet. */
  add(entry: Entry): void {
    this.entries.set(entry.key, entry);
    this.bytes += entry.bytes;
    this.link(entry);
  }

  remove(entry: Entry): void {
    this.entries.delete(entry.key);
    this.bytes -= entry.bytes;
    this.unlink(entry);
  }

  resize(entry: Entry, bytes: number): void {
    this.bytes += bytes - entry.bytes;
    entry.bytes = bytes;
  }

  /** Removes the least recently used until no more than so many bytes are left, but never the last one used. */
  shrink(bytes: number): readonly Entry[] {
    const removed: Entry[] = [];
    while (this.bytes > bytes && this.oldest !== null && this.oldest !== this.newest) {
      removed.push(this.oldest);
      this.remove(this.oldest);
    }
    return removed;
  }

  clear(): void {
    this.entries.clear();
    this.bytes = 0;
    this.newest = null;
    this.oldest = null;
  }

  private link(entry: Entry): void {
    entry.older = this.newest;
    entry.newer = null;
    if (this.newest === null) this.oldest = entry;
    else this.newest.newer = entry;
    this.newest = entry;
  }

  private unlink(entry: Entry): void {
    if (entry.older === null) this.oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === null) this.newest = entry.older;
    else entry.newer.older = entry.older;
    entry.older = null;
    entry.newer = null;
  }
}
