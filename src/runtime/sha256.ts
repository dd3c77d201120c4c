let constants: Int32Array | null = null;
let start: Int32Array | null = null;

/**
 * The first 32 bits of the fractions of the cube roots of the first 64 primes and of the square roots of the first eight,
 * as the standard defines them. Not made before somebody asks for a digest: applications start without one.
 */
function fractions(root: (prime: number) => number, count: number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

/** SHA-256 (FIPS 180-4) in plain JavaScript: the runtime has no library, and a browser's own is asynchronous. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer((bytes.length + 72) & ~63));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setBigUint64(padded.byteLength - 8, BigInt(8 * bytes.length));
  constants ??= fractions(Math.cbrt, 64);
  start ??= fractions(Math.sqrt, 8);
  const state = start.slice();
  const words = new Int32Array(64);
  for (let at = 0; at < padded.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = padded.getInt32(at + 4 * i);
    compress(state, constants, words);
  }
  state.forEach((word, i) => {
    padded.setInt32(4 * i, word);
  });
  return new Uint8Array(padded.buffer, 0, 32);
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

/**
 * One block, given its 16 words; the others are made on the way. To take the state apart as a list would ask an iterator, in
 * twice the time of all this.
 */
function compress(state: Int32Array, constants: Int32Array, words: Int32Array): void {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    if (i > 15) words[i] = nextWord(words, i);
    const sum =
      (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
      ((e & f) ^ (~e & g)) +
      h +
      (constants[i] as number) +
      (words[i] as number);
    h = g;
    g = f;
    f = e;
    e = (d + sum) | 0;
    d = c;
    c = b;
    b = a;
    a = ((turn(b, 2) ^ turn(b, 13) ^ turn(b, 22)) + ((b & c) ^ (b & d) ^ (c & d)) + sum) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = (state[i] as number) + word;
  });
}

function nextWord(words: Int32Array, i: number): number {
  const x = words[i - 15] as number;
  const y = words[i - 2] as number;
  return (
    (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) +
    (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)) +
    (words[i - 16] as number) +
    (words[i - 7] as number)
  );
}

function turn(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}
