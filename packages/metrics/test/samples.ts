import { normal, uniform } from '@stillpoint/operators';
import type { KnownMixture } from '../src/index.js';

export const ring: KnownMixture = {
  name: 'ring',
  centres: Array.from({ length: 8 }, (_, k) => [Math.cos((Math.PI * k) / 4), Math.sin((Math.PI * k) / 4)]),
  deviation: 0.01,
};

/** Independent samples of a mixture, from the modes named (default: all). */
export function draw(
  { centres, deviation }: KnownMixture,
  n: number,
  call: number,
  modes: readonly number[] = [...centres.keys()],
): Float32Array {
  const dim = centres[0]!.length;
  const out = normal(new Float32Array(n * dim), { seed: 1, purpose: 'test-noise', call }, 0, deviation);
  const pick = uniform(new Float64Array(n), { seed: 1, purpose: 'test-modes', call });
  return out.map(
    (x, at) => x + centres[modes[Math.floor(pick[Math.floor(at / dim)]! * modes.length)]!]![at % dim]!,
  );
}

/** Independent standard normal numbers. */
export const gaussians = (length: number, call: number): Float64Array =>
  normal(new Float64Array(length), { seed: 7, purpose: 'test', call });

/** The examples of a flat set in another order. */
export const reordered = (samples: Float64Array, dim: number, order: Uint32Array): Float64Array =>
  samples.map((_, at) => samples[order[Math.floor(at / dim)]! * dim + (at % dim)]!);

/** The sets one after the other. */
export function joined(...sets: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(sets.reduce((length, set) => length + set.length, 0));
  sets.reduce((at, set) => (all.set(set, at), at + set.length), 0);
  return all;
}

/** All squared distances, row by row: what no metric may hold in memory. */
export function squaredDistances(
  a: Float64Array,
  b: Float64Array,
  dim: number,
): readonly (readonly number[])[] {
  const rows = (set: Float64Array): Float64Array[] =>
    Array.from({ length: set.length / dim }, (_, i) => set.subarray(i * dim, (i + 1) * dim));
  return rows(a).map((x) => rows(b).map((y) => x.reduce((sum, value, j) => sum + (value - y[j]!) ** 2, 0)));
}

/** Mean and its standard error over independent runs. */
export function meanOf(
  runs: number,
  measure: (run: number) => number,
): { readonly mean: number; readonly error: number } {
  const values = Array.from({ length: runs }, (_, run) => measure(run));
  const mean = values.reduce((sum, x) => sum + x, 0) / runs;
  return { mean, error: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (runs - 1) / runs) };
}
