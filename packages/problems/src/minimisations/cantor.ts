import { type Vector } from '@stillpoint/operators';
import * as option from '../options.js';
import { finiteSum, type Indices, type FiniteSumGame } from './finite-sum.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';

/**
 * f(w) = (1/n) Σ ½‖w − aᵢ‖², a finite sum whose SGD draws fractals. A step of batch 1 is w⁺ = (1 − η)w + ηaᵢ:
 * one of n maps that shrink everything by r = |1 − η| towards its own point. The iterates get as near as they
 * like to a set K = ∪ ((1 − η)K + ηaᵢ), and never converge to a point of it. If these n copies do not
 * overlap, its dimension is log n/(−log r). Points 0 and 1 with η = 2/3 give the Cantor set, of dimension
 * log 2/log 3; with η = ½ it is the interval, with η < ½ the copies overlap. The points (0, 0), (1, 0),
 * (0, 1) with η = ½ give a Sierpiński triangle, of dimension log 3/log 2. The start ¼ is in the Cantor set.
 * Source: Hutchinson, "Fractals and self similarity", 1981; as SGD: Camuto, Deligiannidis, Erdogdu,
 * Gürbüzbalaban, Şimşekli, Zhu 2021, arXiv 2106.04881.
 */
export const cantor = minimisationWithBatches({
  name: 'cantor',
  about: 'the mean of ½‖w − a‖² over a few points: steps of batch 1 fill a Cantor set',
  reference: 'after Camuto et al. 2021, arXiv 2106.04881',
  options: {
    points: option.matrix({ about: 'the points, one a row', symbol: 'a', default: [[0], [1]] }),
    start: option.number({ about: 'each entry of w at the start', default: 0.25 }),
  },
  make({ points, start }): FiniteSumGame {
    const [n, d] = [points.length, points[0]!.length];
    const over = (of: Indices): readonly (readonly number[])[] => of?.map((i) => points[i]!) ?? points;
    const mean = Array.from({ length: d }, (_, j) => points.reduce((sum, a) => sum + a[j]!, 0) / n);
    const loss = (w: Vector, of: Indices): number => {
      const rows = over(of);
      return (
        rows.reduce((sum, a) => sum + a.reduce((s, x, j) => s + (w[j]! - x) ** 2, 0) / 2, 0) / rows.length
      );
    };
    const solution = Float64Array.from(mean);
    const optimum = loss(solution, undefined);
    return {
      ...finiteSum({
        name: 'cantor',
        dim: d,
        terms: n,
        start: Array<number>(d).fill(start),
        gradient(w, out, of) {
          const rows = over(of);
          for (let j = 0; j < d; j++) out[j] = w[j]! - rows.reduce((sum, a) => sum + a[j]!, 0) / rows.length;
        },
        loss,
        facts: {
          lipschitz: 1,
          stronglyMonotone: 1,
          polyakLojasiewicz: 1,
          cocoercive: 1,
          comonotone: 1,
          solution: mean,
          optimum,
          convexTerms: true,
          termLipschitz: 1,
          termVariance: 2 * optimum,
        },
      }),
      prices: { product: 1, transposedProduct: 1 },
      jacobianVector: (_, v, out) => out.set(v),
    };
  },
});
