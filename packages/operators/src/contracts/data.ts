/** One flat vector of parameters: Float64 for mathematical games, Float32 for networks. */
export type Vector = Float32Array | Float64Array;

/** Plain data: what options and states are made of, so that everything can be saved, compared and printed. */
export type Data =
  | number
  | string
  | boolean
  | null
  | Vector
  | readonly Data[]
  | { readonly [key: string]: Data };

/** A method's state. Declare states with `type`, not `interface`: only aliases match the index signature. */
export type State = { readonly z: Vector; readonly [key: string]: Data };

/** A player owns the slice [start, end) of the flat vector. */
export interface Player {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Whether a value is a vector. */
export const isVector = (value: unknown): value is Vector =>
  value instanceof Float64Array || value instanceof Float32Array;

/** Whether a value is an object with entries by name: neither an array nor a vector. */
export const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value);
