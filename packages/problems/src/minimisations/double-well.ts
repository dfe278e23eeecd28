import { parseOptions, type Game, type OptionTable } from '@stillpoint/operators';
import * as option from '../options.js';

/** Options of {@link doubleWell}. */
export interface DoubleWellOptions {
  /** a. */
  readonly barrier: number;
  /** b. */
  readonly stiffness: number;
  /** How many points are held side by side. */
  readonly particles: number;
}

/** Options of {@link doubleWell}: what is accepted, and the defaults. */
export const doubleWellTable: OptionTable<DoubleWellOptions> = {
  barrier: option.number({ about: 'height of the barrier', symbol: 'a', above: 0, default: 0.025 }),
  stiffness: option.number({ about: 'weight of y²', symbol: 'b', above: 0, default: 0.1 }),
  particles: option.integer({
    about: 'points held side by side, each with a loss of its own; f is their sum',
    from: 1,
    to: 100_000,
    default: 1,
  }),
};

/**
 * f(x, y) = a(x² − 1)² + by²: wells at (±1, 0), a saddle of height a at 0. It starts in the left well.
 * Several particles are (x₀, y₀, x₁, y₁, …), so that a sampler moves a thousand at once, each on its own.
 * The setting in which `langevin`’s forms leave the well at different rates has a = 0.025, b = 0.1, β = 160.
 */
export function doubleWell(options: Partial<DoubleWellOptions> = {}): Game {
  const {
    barrier: a,
    stiffness: b,
    particles,
  } = parseOptions('minimisation double-well', doubleWellTable, options);
  const dim = 2 * particles;
  return {
    name: 'double-well',
    dim,
    players: [{ name: 'x', start: 0, end: dim }],
    start: Array.from({ length: dim }, (_, i) => (i % 2 === 0 ? -1 : 0)),
    operator(z, out) {
      for (let i = 0; i < dim; i += 2) {
        const x = z[i]!;
        out[i] = 4 * a * x * (x - 1) * (x + 1);
        out[i + 1] = 2 * b * z[i + 1]!;
      }
    },
    losses(z, out) {
      let sum = 0;
      for (let i = 0; i < dim; i += 2) sum += a * ((z[i]! - 1) * (z[i]! + 1)) ** 2 + b * z[i + 1]! ** 2;
      out[0] = sum;
    },
    jacobianVector(z, v, out) {
      for (let i = 0; i < dim; i += 2) {
        out[i] = 4 * a * (3 * z[i]! ** 2 - 1) * v[i]!;
        out[i + 1] = 2 * b * v[i + 1]!;
      }
    },
    facts: { optimum: 0 },
  };
}
