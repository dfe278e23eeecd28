import type { Vector } from '../contracts/index.js';

// The types of safetensors as vectors. A type is read as a float32 vector if float32 holds all of its values,
// otherwise as a float64 one.

/** How a type is read. */
export interface DataType {
  /** Bytes of an element. */
  readonly width: number;
  /**
   * The elements in `bytes`; undefined if one of them is an integer beyond 2⁵³. `bytes` is a copy, which may
   * become the vector's memory.
   */
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => Vector | undefined;
}

/** A type whose elements `of` reads one by one, given their offset in bytes. */
function each(
  width: number,
  make: (n: number) => Vector,
  of: (view: DataView, at: number) => number,
): DataType {
  return {
    width,
    read(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const out = make(bytes.byteLength / width);
      for (let i = 0; i < out.length; i++) out[i] = of(view, i * width);
      return out;
    },
  };
}
const narrow = (n: number): Vector => new Float32Array(n);
const wide = (n: number): Vector => new Float64Array(n);

/** An integer type of 8 bytes. It is not read beyond 2⁵³, where float64 has gaps. */
function long(of: (view: DataView, at: number) => bigint): DataType {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return {
    width: 8,
    read(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const out = new Float64Array(bytes.byteLength / 8);
      for (let i = 0; i < out.length; i++) {
        const x = of(view, 8 * i);
        if (x > limit || x < -limit) return undefined;
        out[i] = Number(x);
      }
      return out;
    },
  };
}

/**
 * The value of a small float that is finite: sign, exponent, then `mantissa` bits, with denormals at exponent
 * 0.
 */
function small(code: number, bits: number, mantissa: number, bias: number): number {
  const sign = code >> (bits - 1) === 0 ? 1 : -1;
  const exponent = (code >> mantissa) & (2 ** (bits - 1 - mantissa) - 1);
  const fraction = code & (2 ** mantissa - 1);
  return (
    sign *
    (exponent === 0
      ? fraction * 2 ** (1 - bias - mantissa)
      : (2 ** mantissa + fraction) * 2 ** (exponent - bias - mantissa))
  );
}

/** The value of a small float as in IEEE 754: the highest exponent means infinity or NaN. */
function ieee(code: number, bits: number, mantissa: number, bias: number): number {
  const most = 2 ** (bits - 1 - mantissa) - 1;
  if (((code >> mantissa) & most) < most) return small(code, bits, mantissa, bias);
  return (code & (2 ** mantissa - 1)) !== 0 ? NaN : code >> (bits - 1) === 0 ? Infinity : -Infinity;
}

/** The bytes themselves become the vector: conversion through a number could lose the payload of a NaN. */
const float32: DataType = {
  width: 4,
  read: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
};
const float64: DataType = {
  width: 8,
  read: ({ buffer, byteOffset, length }) => new Float64Array(buffer, byteOffset, length / 8),
};
const bfloat16 = (code: number): number => ieee(code, 16, 7, 127);

/**
 * Every type that is read, by its name in the format. F8: Micikevicius et al., "FP8 formats for deep
 * learning" (2022), arXiv 2209.05433; those that end in FNUZ have no −0 and one NaN in its place; E8M0 is a
 * power of 2, the scale of a block. Not read: C64, and F4 and F6, whose elements share bytes.
 */
export const dataTypes: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ['F32', float32],
  ['F64', float64],
  ['F16', each(2, narrow, (view, at) => ieee(view.getUint16(at, true), 16, 10, 15))],
  ['BF16', each(2, narrow, (view, at) => bfloat16(view.getUint16(at, true)))],
  ['BOOL', each(1, narrow, (view, at) => (view.getUint8(at) === 0 ? 0 : 1))],
  ['U8', each(1, narrow, (view, at) => view.getUint8(at))],
  ['I8', each(1, narrow, (view, at) => view.getInt8(at))],
  ['U16', each(2, narrow, (view, at) => view.getUint16(at, true))],
  ['I16', each(2, narrow, (view, at) => view.getInt16(at, true))],
  ['U32', each(4, wide, (view, at) => view.getUint32(at, true))],
  ['I32', each(4, wide, (view, at) => view.getInt32(at, true))],
  ['U64', long((view, at) => view.getBigUint64(at, true))],
  ['I64', long((view, at) => view.getBigInt64(at, true))],
  [
    'F8_E4M3',
    each(1, narrow, (view, at) =>
      (view.getUint8(at) & 0x7f) === 0x7f ? NaN : small(view.getUint8(at), 8, 3, 7),
    ),
  ],
  ['F8_E5M2', each(1, narrow, (view, at) => ieee(view.getUint8(at), 8, 2, 15))],
  [
    'F8_E4M3FNUZ',
    each(1, narrow, (view, at) => (view.getUint8(at) === 0x80 ? NaN : small(view.getUint8(at), 8, 3, 8))),
  ],
  [
    'F8_E5M2FNUZ',
    each(1, narrow, (view, at) => (view.getUint8(at) === 0x80 ? NaN : small(view.getUint8(at), 8, 2, 16))),
  ],
  [
    'F8_E8M0',
    each(1, narrow, (view, at) => (view.getUint8(at) === 0xff ? NaN : 2 ** (view.getUint8(at) - 127))),
  ],
]);
