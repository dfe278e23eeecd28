import { normal, uniform } from '@stillpoint/operators';
import type { KnownMixture } from '../src/index.js';

export const ring: KnownMixture = {
  name: 'ring',
  centres: Array.from({ length: 8 }, (_, k) => [Math.cos((Math.PI * k) / 4), Math.sin((Math.PI * k) / 4)]),
  deviation: 0.01,
};

/** Independent samples of a mixture, from the modes named (default: all). */
export function draw({ centres, deviation }: KnownMixture, n: number, call: number, modes: readonly number[] = [...centres.keys()]): Float32Array {
  const dim = centres[0]!.length;
  const out = normal(new Float32Array(n * dim), { seed: 1, purpose: 'test-noise', call }, 0, deviation);
  const pick = uniform(new Float64Array(n), { seed: 1, purpose: 'test-modes', call });
  return out.map((x, at) => x + centres[modes[Math.floor(pick[Math.floor(at / dim)]! * modes.length)]!]![at % dim]!);
}

/** Independent standard normal numbers. */
export const gaussians = (length: number, call: number): Float64Array => normal(new Float64Array(length), { seed: 7, purpose: 'test', call });

/** The examples of a flat set in another order. */
export const reordered = (samples: Float64Array, dim: number, order: Uint32Array): Float64Array =>
  samples.map((_, at) => samples[order[Math.floor(at / dim)]! * dim + (at % dim)]!);
