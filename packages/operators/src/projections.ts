import type { Vector } from './contracts/index.js';
import { InputError } from './errors.js';
import { expectNumber, expectOptions, expectPositive } from './expect.js';
import { number, parseOptions, type Given, type OptionTable } from './options.js';
import { cutDepth } from './proximal/cut.js';
import { norm, rescale } from './vectors.js';

/** Euclidean projection onto a closed convex set, in place, of the slice [start, end). */
export type Projection = (z: Vector, start?: number, end?: number) => void;

/** Projection onto {lower ≤ z_i ≤ upper}: clamp each entry. −Infinity and Infinity are no bounds. */
export function box(bounds: { readonly lower: number; readonly upper: number }): Projection {
  const { lower, upper } = expectOptions('box', bounds, '{ lower: 0, upper: 1 }');
  for (const [name, bound, none] of [
    ['lower', lower, -Infinity],
    ['upper', upper, Infinity],
  ] as const) {
    if (bound !== none) expectNumber('box', name, bound);
  }
  if (!(lower <= upper))
    throw new InputError(`a box from ${lower} to ${upper} is empty; expected lower <= upper`);
  return (z, start = 0, end = z.length) => {
    for (let i = start; i < end; i++) z[i] = Math.min(upper, Math.max(lower, z[i]!));
  };
}

/** Projection onto {‖z‖₂ ≤ radius}: scale back to the sphere from outside. */
export function ball(options: { readonly radius: number }): Projection {
  const { radius } = expectOptions('ball', options, '{ radius: 1 }');
  expectPositive('ball', 'radius', radius);
  return (z, start = 0, end = z.length) => {
    const length = norm(z, start, end);
    if (length > radius) rescale(z, length, radius, start, end);
  };
}

/** Projection onto {z ≥ 0, Σz_i = sum}: z_i ← max(z_i − θ, 0) with the θ that meets the sum. */
export function simplex(options: { readonly sum?: number } = {}): Projection {
  const { sum = 1 } = expectOptions('simplex', options, '{ sum: 1 }');
  expectPositive('simplex', 'sum', sum);
  return (z, start = 0, end = z.length) => {
    let top = -Infinity;
    for (let i = start; i < end; i++) top = Math.max(top, z[i]!);
    const depth = cutDepth(z, top, sum, start, end);
    for (let i = start; i < end; i++) z[i] = Math.max(z[i]! - top + depth, 0);
  };
}

/** A row of the registry of projections. */
export interface ProjectionRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  /** Builds it from options. @throws InputError for an unknown or unacceptable one. */
  build(given: Given): Projection;
}

function row<O extends object>(
  name: string,
  about: string,
  options: OptionTable<O>,
  make: (options: O) => Projection,
): ProjectionRow {
  return { name, about, options, build: (given) => make(parseOptions(`projection ${name}`, options, given)) };
}

/** Every projection, by name. */
export const projections: readonly ProjectionRow[] = [
  row(
    'box',
    'lower ≤ z_i ≤ upper',
    {
      lower: number({ about: 'least entry', default: -1 }),
      upper: number({ about: 'largest entry', default: 1 }),
    },
    box,
  ),
  row('ball', '‖z‖₂ ≤ radius', { radius: number({ about: 'radius', above: 0, default: 1 }) }, ball),
  row(
    'simplex',
    'z ≥ 0, Σ z_i = sum',
    { sum: number({ about: 'sum of the entries', above: 0, default: 1 }) },
    simplex,
  ),
];
