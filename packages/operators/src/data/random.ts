// Counter-based randomness: a stream is a key, a number is a pure function of (key, counter). Only counters
// have to be saved, and the order of calls does not matter. Philox4x32-10: Salmon, Moraes, Dror, Shaw,
// "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

import type { Random } from '../contracts/index.js';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** The high 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function mulhi(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const low = al * bl;
  const mid1 = ah * bl + (low >>> 16);
  const mid2 = al * bh + (mid1 & 0xffff);
  return (ah * bh + Math.floor(mid1 / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/**
 * Philox4x32-10: four 32-bit words, written to `out[0..4)`, of the counter (c0, c1, c2, c3) under the key
 * (k0, k1).
 */
export function philox(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = mulhi(M0, c0);
    const low0 = Math.imul(M0, c0);
    const high1 = mulhi(M1, c2);
    const low1 = Math.imul(M1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * A stream of random numbers. (seed, purpose) is the key, and (call, player, worker), each 0 by default, are
 * three words of the counter; the fourth counts blocks.
 */
export interface Stream {
  readonly seed: number;
  /** What the numbers are for, so that two uses of one seed stay independent: `noise`, `order`, `weights`. */
  readonly purpose: string;
  readonly call?: number;
  readonly player?: number;
  readonly worker?: number;
}

/** FNV-1a: a purpose's name as a 32-bit key word. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Calls `use` with the four words of each block until it returns false. */
function blocks(stream: Stream, use: (words: Uint32Array, block: number) => boolean): void {
  const words = new Uint32Array(4);
  const { seed, purpose, call = 0, player = 0, worker = 0 } = stream;
  for (const [name, value] of Object.entries({ seed, call, player, worker })) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
      throw new RangeError(`${name} is ${value}; expected an integer from 0 to 4294967295`);
  }
  const key = hash(purpose);
  for (let block = 0; ; block++) {
    philox(words, block, call, player, worker, seed, key);
    if (!use(words, block)) return;
  }
}

/** Fills `out` with independent uniform numbers in [0, 1), 32 bits each. */
export function uniform<V extends Float32Array | Float64Array>(out: V, stream: Stream): V {
  const n = out.length;
  const unit = out instanceof Float32Array ? 2 ** -24 : 2 ** -32;
  const shift = out instanceof Float32Array ? 8 : 0; // a float32 would round 1 − 2⁻³² up to 1
  if (n > 0)
    blocks(stream, (words, block) => {
      for (let j = 0; j < 4 && 4 * block + j < n; j++) out[4 * block + j] = (words[j]! >>> shift) * unit;
      return 4 * (block + 1) < n;
    });
  return out;
}

/** Fills `out` with independent N(mean, deviation²) numbers: Box–Muller on pairs of Philox words. */
export function normal<V extends Float32Array | Float64Array>(
  out: V,
  stream: Stream,
  mean = 0,
  deviation = 1,
): V {
  const n = out.length;
  if (n > 0)
    blocks(stream, (words, block) => {
      for (let j = 0; j < 4 && 4 * block + j < n; j += 2) {
        const radius = deviation * Math.sqrt(-2 * Math.log((words[j]! + 0.5) * 2 ** -32)); // +½: never log 0
        const angle = 2 * Math.PI * 2 ** -32 * words[j + 1]!;
        const at = 4 * block + j;
        out[at] = mean + radius * Math.cos(angle);
        if (at + 1 < n) out[at + 1] = mean + radius * Math.sin(angle);
      }
      return 4 * (block + 1) < n;
    });
  return out;
}

/**
 * A uniformly random order of 0 … n − 1 (Fisher–Yates; indices from 32-bit words by multiply-shift, bias <
 * n·2⁻³²).
 */
export function permutation(n: number, stream: Stream): Uint32Array {
  if (!Number.isInteger(n) || n < 0)
    throw new RangeError(`a permutation of ${n} things; expected a whole number >= 0`);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  if (n > 1)
    blocks(stream, (words, block) => {
      for (let j = 0; j < 4; j++) {
        const last = n - 1 - (4 * block + j);
        if (last < 1) return false;
        const pick = Math.floor((words[j]! * (last + 1)) / 4294967296);
        const held = order[pick]!;
        order[pick] = order[last]!;
        order[last] = held;
      }
      return true;
    });
  return order;
}

/**
 * The function counter ↦ random numbers, a pure function of (seed, purpose, worker, counter). The numbers of
 * one counter come in order. It returns the same object for every counter.
 */
export function randomFrom({
  seed,
  purpose,
  worker = 0,
}: Pick<Stream, 'seed' | 'purpose' | 'worker'>): (counter: number) => Random {
  const words = new Uint32Array(4);
  const key = hash(purpose);
  let [low, high, block, used] = [0, 0, 0, 4];
  const word = (): number => {
    if (used === 4) {
      philox(words, low, high, worker, block++, seed, key);
      used = 0;
    }
    return words[used++]!;
  };
  const uniform = (): number => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) * 2 ** -53;
  const random: Random = {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normals(out) {
      for (let i = 0; i < out.length; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        const angle = 2 * Math.PI * uniform();
        out[i] = radius * Math.cos(angle);
        if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
      }
      return out;
    },
  };
  return (counter) => {
    [low, high, block, used] = [counter >>> 0, Math.floor(counter / 2 ** 32), 0, 4];
    return random;
  };
}

/**
 * `count` different whole numbers from 0 to n − 1; every set is equally likely (Floyd 1987, in Bentley, "A
 * sample of brilliance"). Asks for `count` random numbers.
 */
export function subset(n: number, count: number, random: Random): readonly number[] {
  const chosen = new Set<number>();
  for (let j = n - count; j < n; j++) {
    const t = random.below(j + 1);
    chosen.add(chosen.has(t) ? j : t);
  }
  return [...chosen];
}
