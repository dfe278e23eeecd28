import { type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

/**
 * f(x, y) = a(x² − 1)² + by²: wells at (±1, 0), a saddle of height a at 0. It starts in the left well.
 * Several particles are (x₀, y₀, x₁, y₁, …), so that a sampler moves a thousand at once, each on its own.
 * The setting in which `langevin`’s forms leave the well at different rates has a = 0.025, b = 0.1, β = 160.
 */
export const doubleWell = minimisation({
  name: 'double-well',
  about: 'two wells with a saddle between them, in the plane; any number of particles side by side',
  reference: 'Gao, Gürbüzbalaban, Zhu 2018, arXiv 1812.07725',
  shown: { method: 'langevin(stepSize=0.5, inverseTemperature=80)' },
  options: {
    barrier: option.number({ about: 'height of the barrier', symbol: 'a', above: 0, default: 0.025 }),
    stiffness: option.number({ about: 'weight of y²', symbol: 'b', above: 0, default: 0.1 }),
    particles: option.integer({
      about: 'points held side by side, each with a loss of its own; f is their sum',
      from: 1,
      to: 100_000,
      default: 1,
    }),
  },
  make({ barrier: a, stiffness: b, particles }): Game {
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
  },
});
