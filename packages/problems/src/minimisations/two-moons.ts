import { normal, randomFrom, type Game, type Vector } from '@stillpoint/operators';
import { minimisation } from '../kinds/minimisation.js';
import * as option from '../options.js';

/** Points in the plane, pairs one after the other, and their labels ±1. */
interface Points {
  readonly x: Float64Array;
  readonly labels: Float64Array;
}

/** The half circle (cos t, sin t), label 1, and (1 − cos t, ½ − sin t), label −1, in turns, with noise. */
function pointsOf(count: number, noise: number, seed: number, purpose: string): Points {
  const random = randomFrom({ seed, purpose })(0);
  const x = normal(new Float64Array(2 * count), { seed, purpose: `${purpose} noise` }, 0, noise);
  const labels = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const t = Math.PI * random.uniform();
    labels[i] = i % 2 === 0 ? 1 : -1;
    x[2 * i]! += i % 2 === 0 ? Math.cos(t) : 1 - Math.cos(t);
    x[2 * i + 1]! += i % 2 === 0 ? Math.sin(t) : 0.5 - Math.sin(t);
  }
  return { x, labels };
}

/** Added to the variance in batch normalisation, as PyTorch does. */
const FLOOR = 1e-5;

/** The problem, with what measures a network on points that it has not seen. */
export interface TwoMoons extends Game {
  /** How many per cent of the held-out points it has right, with the moments of the training examples. */
  readonly accuracy: (z: Vector) => number;
}

/**
 * A small network that tells two half moons apart, for quantised weights: one hidden layer of rectified
 * units, batch normalisation over all examples, the mean logistic loss. The weights W [2, m] and v [m, 1] are
 * matrices; the gain, the shift and the bias are vectors, which methods for quantised weights leave alone.
 * Source: after the two-moons experiment of Leconte, Schechtman, Moulines 2023, arXiv 2211.03741, which has
 * 2,000 points, noise 0.1 and three units; the bias of the output is Stillpoint’s.
 */
export const twoMoons = minimisation({
  name: 'two-moons',
  about: 'three rectified units with batch normalisation tell two half moons apart: for quantised weights',
  reference: 'after Leconte, Schechtman, Moulines 2023, arXiv 2211.03741',
  options: {
    examples: option.integer({
      about: 'training examples',
      symbol: 'n',
      from: 2,
      to: 100_000,
      default: 2000,
    }),
    heldOut: option.integer({ about: 'examples that no gradient sees', from: 1, to: 100_000, default: 200 }),
    units: option.integer({ about: 'hidden units', symbol: 'm', from: 1, to: 1000, default: 3 }),
    noise: option.number({ about: 'standard deviation of the noise of the points', from: 0, default: 0.1 }),
    seed: option.seed({ default: 1 }),
  },
  make({ examples: n, heldOut, units: m, noise, seed }): TwoMoons {
    const { x, labels } = pointsOf(n, noise, seed, 'moons');
    const test = pointsOf(heldOut, noise, seed, 'held-out moons');
    const dim = 5 * m + 1;
    const [V, GAIN, SHIFT, BIAS] = [2 * m, 3 * m, 4 * m, 5 * m];
    const before = new Float64Array(n * m); // x W, then normalised
    const slopes = new Float64Array(n);
    const [mean, width] = [new Float64Array(m), new Float64Array(m)];

    /** aᵢⱼ = (xᵢW)ⱼ, normalised over all examples; its mean and deviation stay in `mean` and `width`. */
    function normalise(z: Vector): void {
      for (let j = 0; j < m; j++) {
        let [sum, squares] = [0, 0];
        for (let i = 0; i < n; i++) {
          const a = x[2 * i]! * z[j]! + x[2 * i + 1]! * z[m + j]!;
          before[i * m + j] = a;
          sum += a / n;
        }
        for (let i = 0; i < n; i++) squares += (before[i * m + j]! - sum) ** 2 / n;
        mean[j] = sum;
        width[j] = Math.sqrt(squares + FLOOR);
        for (let i = 0; i < n; i++) before[i * m + j] = (before[i * m + j]! - sum) / width[j]!;
      }
    }
    const hidden = (z: Vector, j: number, a: number): number => z[GAIN + j]! * a + z[SHIFT + j]!;
    /** The loss; `slopes` are its derivatives by the outputs. */
    function forward(z: Vector): number {
      normalise(z);
      let loss = 0;
      for (let i = 0; i < n; i++) {
        let out = z[BIAS]!;
        for (let j = 0; j < m; j++) out += z[V + j]! * Math.max(0, hidden(z, j, before[i * m + j]!));
        const margin = labels[i]! * out;
        loss += (Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)))) / n;
        slopes[i] = -labels[i]! / (1 + Math.exp(margin)) / n;
      }
      return loss;
    }
    const game: Game = {
      name: 'two-moons',
      dim,
      players: [{ name: 'x', start: 0, end: dim }],
      start: Array.from(normal(new Float64Array(dim), { seed, purpose: 'start' }, 0, 0.5), (value, i) =>
        i < GAIN ? value : i < SHIFT ? 1 : 0,
      ),
      blocks: [
        { name: 'hidden.weight', offset: 0, shape: [2, m], player: 0 },
        { name: 'output.weight', offset: V, shape: [m, 1], player: 0 },
        { name: 'norm.gain', offset: GAIN, shape: [m], player: 0 },
        { name: 'norm.shift', offset: SHIFT, shape: [m], player: 0 },
        { name: 'output.bias', offset: BIAS, shape: [1], player: 0 },
      ],
      operator(z, out) {
        forward(z);
        out.fill(0);
        for (let i = 0; i < n; i++) out[BIAS]! += slopes[i]!;
        for (let j = 0; j < m; j++) {
          let [gain, shift, weight] = [0, 0, 0];
          for (let i = 0; i < n; i++) {
            const a = before[i * m + j]!;
            const h = hidden(z, j, a);
            if (h <= 0) continue;
            const back = slopes[i]! * z[V + j]!;
            weight += slopes[i]! * h;
            gain += back * a;
            shift += back;
          }
          out[V + j] = weight;
          out[GAIN + j] = gain;
          out[SHIFT + j] = shift;
          // through the normalisation: g(d − mean d − a·mean(a d))/width, d the derivative by gain·a + shift
          for (let i = 0; i < n; i++) {
            const a = before[i * m + j]!;
            const d = hidden(z, j, a) > 0 ? slopes[i]! * z[V + j]! : 0;
            const inner = (z[GAIN + j]! / width[j]!) * (d - shift / n - (a * gain) / n);
            out[j]! += inner * x[2 * i]!;
            out[m + j]! += inner * x[2 * i + 1]!;
          }
        }
      },
      losses(z, out) {
        out[0] = forward(z);
      },
    };
    return {
      ...game,
      accuracy(z) {
        normalise(z);
        let right = 0;
        for (let i = 0; i < heldOut; i++) {
          let out = z[BIAS]!;
          for (let j = 0; j < m; j++) {
            const a = test.x[2 * i]! * z[j]! + test.x[2 * i + 1]! * z[m + j]!;
            out += z[V + j]! * Math.max(0, hidden(z, j, (a - mean[j]!) / width[j]!));
          }
          if (out * test.labels[i]! > 0) right++;
        }
        return (100 * right) / heldOut;
      },
    };
  },
});
