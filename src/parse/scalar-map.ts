/** A scalar as it stands in the file; `bodyOffset` is where the lines of a block scalar start. */
export type RawScalar =
  | { readonly style: 'plain' | 'single' | 'double'; readonly offset: number; readonly source: string }
  | {
      readonly style: 'block';
      readonly offset: number;
      readonly header: string;
      readonly bodyOffset: number;
      readonly source: string;
      /** The indentation of the node that holds the scalar. */
      readonly indent: number;
    };

/** `text` with the range of the file of each of its UTF-16 units. */
export class ScalarMap {
  text = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  /** Adds `text`, all of it from `[start, end)`. */
  add(text: string, start: number, end: number): void {
    this.text += text;
    for (let index = 0; index < text.length; index++) {
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  /** Adds `text` as it stands in the file at `start`. */
  copy(text: string, start: number): void {
    this.text += text;
    for (let index = 0; index < text.length; index++) {
      this.starts.push(start + index);
      this.ends.push(start + index + 1);
    }
  }
}
