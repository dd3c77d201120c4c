/**
 * The first 32 bits of the fractions of the cube roots of the first 64 primes and of the square roots of the first eight,
 * as the standard defines them. Not made before somebody asks for a digest: applications start without one.
 */
function prepare() {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return {
    constants: Int32Array.from(primes, (prime) => (Math.cbrt(prime) % 1) * 2 ** 32),
    start: Int32Array.from(primes.slice(0, 8), (prime) => (Math.sqrt(prime) % 1) * 2 ** 32),
  };
}

let prepared: ReturnType<typeof prepare> | null = null;

/** SHA-256 (FIPS 180-4) in plain JavaScript: the runtime has no library, and a browser's own is asynchronous. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer((bytes.length + 72) & ~63));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(padded.byteLength - 8, Math.floor(bytes.length / 2 ** 29));
  padded.setUint32(padded.byteLength - 4, bytes.length << 3);
  prepared ??= prepare();
  const { constants, start } = prepared;
  const state = start.slice();
  const words = new Int32Array(64);
  for (let at = 0; at < padded.byteLength; at += 64) compress(state, constants, words, padded, at);
  for (let i = 0; i < 8; i++) padded.setInt32(4 * i, state[i] as number);
  return new Uint8Array(padded.buffer, 0, 32);
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

function compress(state: Int32Array, constants: Int32Array, words: Int32Array, bytes: DataView, at: number): void {
  for (let i = 0; i < 64; i++) {
    if (i < 16) words[i] = bytes.getInt32(at + 4 * i);
    else {
      const x = words[i - 15] as number;
      const y = words[i - 2] as number;
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      words[i] = (words[i - 16] as number) + s0 + (words[i - 7] as number) + s1;
    }
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] as number) + (words[i] as number)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

function turn(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}
