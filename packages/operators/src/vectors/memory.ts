import type { Vector } from '../contracts/index.js';
import { adamWasm } from './adam-wasm.js';
import { panelsWasm } from './panels-wasm.js';
import { vectorsWasm } from './vectors-wasm.js';

// Vectors that lie in one WebAssembly memory are worked on there, 16 bytes at a time, without being copied.

/**
 * What ../../wasm/vectors.ts exports. A vector is the address of its first entry. Names in 32 work on
 * float32, names in 64 on float64.
 */
interface VectorExports {
  readonly waxpy32: Kernels['waxpy'];
  readonly mix32: Kernels['mix'];
  readonly scale32: Kernels['scale'];
  readonly waxpy64: Kernels['waxpy'];
  readonly mix64: Kernels['mix'];
  readonly scale64: Kernels['scale'];
  readonly dot32: Kernels['dot'];
  readonly squares32: Kernels['squares'];
  readonly finite32: Kernels['finite'];
  readonly dot64: Kernels['dot'];
  readonly squares64: Kernels['squares'];
  readonly finite64: Kernels['finite'];
}

/**
 * out = Σ x_i·(row i of each panel): panels of `rows` times 8 float64 entries, one after another; `rows` is
 * even.
 */
export type PanelProduct = (out: number, panels: number, x: number, rows: number, count: number) => void;

/**
 * The kernels over one memory, for vectors of one precision and n entries. They do what the loops in
 * float32.ts, long.ts and vectors.ts do, to the bit.
 */
export interface Kernels {
  readonly waxpy: (out: number, z: number, a: number, g: number, n: number) => void;
  readonly mix: (z: number, t: number, w: number, n: number) => void;
  readonly scale: (z: number, c: number, n: number) => void;
  readonly dot: (a: number, b: number, n: number) => number;
  /** ‖a − b‖². */
  readonly squares: (a: number, b: number, n: number) => number;
  /** 1 if every entry is finite, otherwise 0. */
  readonly finite: (z: number, n: number) => number;
  /** The memory that they work on. */
  readonly memory: Memory;
  /** That of Adam's direction, if `adamKernel` was asked for it; null: it cannot be compiled. */
  adam: AdamKernel | null | undefined;
}

/** Adam's direction, with the scalars of `longAdam`. */
export type AdamKernel = (
  g: number,
  m: number,
  v: number,
  n: number,
  beta1: number,
  rest1: number,
  beta2: number,
  rest2: number,
  scale1: number,
  scale2: number,
  epsilon: number,
) => void;

/** The part of the standard that is used here; TypeScript states it only together with the whole DOM. */
declare const WebAssembly:
  | {
      readonly Module: new <E>(bytes: Uint8Array) => Module<E>;
      readonly Memory: new (size: { readonly initial: number }) => Memory;
      readonly Instance: new <E>(
        module: Module<E>,
        imports: { readonly env: { readonly memory: Memory } },
      ) => { readonly exports: E };
    }
  | undefined;
interface Memory {
  readonly buffer: ArrayBuffer;
}
/** A module that exports E. */
interface Module<E> {
  readonly exported?: E;
}

/** One WebAssembly memory and what was lent from it. */
interface Lent {
  readonly buffer: ArrayBuffer;
  readonly kernels: Kernels;
  /** Bytes of an entry: all vectors of a memory have one precision. */
  readonly width: number;
  /** Bytes lent so far. */
  used: number;
}

/**
 * The lent memories by buffer. A kernel receives vectors only, and a vector's buffer is its only link to the
 * memory it lies in. An entry lives as long as its buffer.
 */
const lentBy = new WeakMap<ArrayBufferLike, Lent>();

/** Below this many entries SIMD gains nothing: finding the kernels takes as long as the loop. */
export const LONG = 256;

const PAGE = 2 ** 16;
const ALIGNMENT = 16;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * What a module exports, over a memory, or a new one of `over` bytes; undefined if there is no SIMD or no
 * room. A memory is never grown, since that would detach every vector lent from it. The operating system
 * commits a page of it when the page is first written to.
 * @param digits the module, in hexadecimal digits.
 */
function instance<E>(
  digits: string,
  over: Memory | number,
): { readonly memory: Memory; readonly exports: E } | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    const bytes = new Uint8Array(digits.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
    const module = new WebAssembly.Module<E>(bytes);
    const memory =
      typeof over === 'number' ? new WebAssembly.Memory({ initial: Math.ceil(over / PAGE) }) : over;
    return { memory, exports: new WebAssembly.Instance(module, { env: { memory } }).exports };
  } catch {
    // no SIMD, no permission to compile, or no room: then ordinary memory is used, which is slower and gives
    // the same bits
    return undefined;
  }
}

function reserve(like: Vector, bytes: number): Lent | undefined {
  const made = instance<VectorExports>(vectorsWasm, bytes);
  if (made === undefined) return undefined;
  const { memory, exports: e } = made;
  const { buffer } = memory;
  const adam = undefined;
  const kernels: Kernels =
    like instanceof Float32Array
      ? {
          waxpy: e.waxpy32,
          mix: e.mix32,
          scale: e.scale32,
          dot: e.dot32,
          squares: e.squares32,
          finite: e.finite32,
          memory,
          adam,
        }
      : {
          waxpy: e.waxpy64,
          mix: e.mix64,
          scale: e.scale64,
          dot: e.dot64,
          squares: e.squares64,
          finite: e.finite64,
          memory,
          adam,
        };
  const lent: Lent = { buffer, kernels, width: like.BYTES_PER_ELEMENT, used: 0 };
  lentBy.set(buffer, lent);
  return lent;
}

/** A memory of `bytes` bytes for one matrix, and its kernel; undefined if there is no SIMD or no room. */
export function matrixMemory(
  bytes: number,
): { readonly buffer: ArrayBuffer; readonly product: PanelProduct } | undefined {
  const made = instance<{ readonly panels: PanelProduct }>(panelsWasm, bytes);
  return made && { buffer: made.memory.buffer, product: made.exports.panels };
}

/**
 * The kernel of Adam's direction over a memory, of float32 if `narrow`. It is compiled when it is first asked
 * for. Null if it cannot be.
 */
export function adamKernel(kernels: Kernels, narrow: boolean): AdamKernel | null {
  if (kernels.adam === undefined) {
    type AdamExports = { readonly [name in 'adam32' | 'adam64']: AdamKernel };
    const made = instance<AdamExports>(adamWasm, kernels.memory);
    kernels.adam = made === undefined ? null : made.exports[narrow ? 'adam32' : 'adam64'];
  }
  return kernels.adam;
}

/** Makes zero vectors of one precision in ordinary memory. */
export function ordinaryMemory(like: Vector): (length: number) => Vector {
  return like instanceof Float32Array
    ? (length) => new Float32Array(length)
    : (length) => new Float64Array(length);
}

/**
 * Makes zero vectors in the precision of `like`, side by side in one WebAssembly memory with room for `count`
 * of `length` entries, so that the kernels run on them in SIMD. A vector shorter than 256 entries, one that
 * no longer fits, and all of them if there is no WebAssembly SIMD or no room, come from ordinary memory.
 * Memory is not reused: it is freed as a whole, with the last of its vectors. A vector's `buffer` is the
 * whole memory: copy it (`slice`) before handing it to `structuredClone` or `postMessage`.
 */
export function lendMemory(like: Vector, count: number, length: number): (length: number) => Vector {
  const ordinary = ordinaryMemory(like);
  const lent = reserve(like, count * aligned(length * like.BYTES_PER_ELEMENT));
  if (lent === undefined) return ordinary;
  return (entries) => {
    const start = lent.used;
    const end = start + aligned(entries * lent.width);
    if (entries < LONG || end > lent.buffer.byteLength) return ordinary(entries);
    lent.used = end;
    return like instanceof Float32Array
      ? new Float32Array(lent.buffer, start, entries)
      : new Float64Array(lent.buffer, start, entries);
  };
}

/**
 * How many bytes have been lent of the memory that z lies in, and how many it has; undefined if z lies in
 * ordinary memory.
 */
export function memoryUse(z: Vector): { readonly used: number; readonly size: number } | undefined {
  const lent = lentBy.get(z.buffer);
  return lent && { used: lent.used, size: lent.buffer.byteLength };
}

/**
 * The kernels for the entries [start, end) of these; undefined if there are fewer than 256 or the vectors do
 * not all lie in one lent memory.
 */
export function kernelsOf(
  start: number,
  end: number,
  a: Vector,
  b: Vector = a,
  c: Vector = a,
): Kernels | undefined {
  if (end - start < LONG || start < 0 || end > a.length || end > b.length || end > c.length) return undefined;
  const { buffer } = a;
  if (b.buffer !== buffer || c.buffer !== buffer) return undefined;
  const lent = lentBy.get(buffer);
  return lent !== undefined &&
    a.BYTES_PER_ELEMENT === lent.width &&
    b.BYTES_PER_ELEMENT === lent.width &&
    c.BYTES_PER_ELEMENT === lent.width
    ? lent.kernels
    : undefined;
}

/** The address of z[index] in its memory, in bytes. */
export function addressOf(z: Vector, index = 0): number {
  return z.byteOffset + index * z.BYTES_PER_ELEMENT;
}
