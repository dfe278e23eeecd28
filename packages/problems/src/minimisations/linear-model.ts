import { dot, eigh, lazyFacts, waxpy, type Eigen, type Vector } from '@stillpoint/operators';
import { finiteSum, type FiniteSum, type FiniteSumGame } from './finite-sum.js';
import { lazy } from './lazy.js';
import { rowTimes, type RegressionData } from './least-squares-data.js';

/** φ of f(x) = (1/n) Σ φ(aᵢᵀx, bᵢ) + (λ/2)‖x‖², convex in its first argument. */
export interface Fit {
  /** φ(t, b). */
  readonly loss: (t: number, b: number) => number;
  /** dφ/dt. */
  readonly slope: (t: number, b: number) => number;
  /** [least, most] of d²φ/dt². */
  readonly curvature: readonly [number, number];
}

/** φ(t, b) = ½(t − b)²: least squares. */
export const squaredError: Fit = {
  loss: (t, b) => (t - b) ** 2 / 2,
  slope: (t, b) => t - b,
  curvature: [1, 1],
};

/** What makes f(x) = (1/n) Σ φ(aᵢᵀx, bᵢ) + (λ/2)‖x‖². */
export interface LinearModel extends Fit {
  readonly name: string;
  readonly data: RegressionData;
  /** λ. */
  readonly regularisation: number;
  /** x*, given the eigenvalues of AᵀA/n and f. */
  readonly solution: (gram: Eigen, sum: WholeSum) => Float64Array;
}

/** The mean over all terms. */
export interface WholeSum {
  readonly gradient: (x: Vector, out: Vector) => void;
  readonly loss: (x: Vector) => number;
}

/** The eigenvalues and eigenvectors of AᵀWA/n, W the diagonal matrix of `weight`. */
export function gramEigen({ rows: n, columns: d, A }: RegressionData, weight: (i: number) => number): Eigen {
  const gram = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    const w = weight(i) / n;
    for (let j = 0; j < d; j++)
      for (let k = 0; k < d; k++) gram[j * d + k]! += A[i * d + j]! * A[i * d + k]! * w;
  }
  return eigh(gram);
}

/** (M + λI)⁻¹b, M of these eigenvalues. */
export function solveShifted({ values, vectors }: Eigen, λ: number, b: Vector): Float64Array {
  const d = b.length;
  const x = new Float64Array(d);
  for (let m = 0; m < d; m++) {
    const v = vectors.subarray(m * d, (m + 1) * d);
    waxpy(x, x, dot(v, b) / (values[m]! + λ), v);
  }
  return x;
}

/** The mean of some terms' gradients and losses, each term with all of (λ/2)‖x‖². */
export function linearTerms(
  { rows: n, columns: d, A, b }: RegressionData,
  { loss, slope }: Fit,
  λ: number,
): Pick<FiniteSum, 'gradient' | 'loss'> {
  return {
    gradient(x, out, of) {
      const count = of?.length ?? n;
      for (let j = 0; j < d; j++) out[j] = λ * x[j]!;
      for (let k = 0; k < count; k++) {
        const i = of?.[k] ?? k;
        const r = slope(rowTimes(A, d, i, x), b[i]!) / count;
        for (let j = 0; j < d; j++) out[j] = out[j]! + r * A[i * d + j]!;
      }
    },
    loss(x, of) {
      const count = of?.length ?? n;
      let sum = 0;
      for (let k = 0; k < count; k++) {
        const i = of?.[k] ?? k;
        sum += loss(rowTimes(A, d, i, x), b[i]!);
      }
      return sum / count + (λ / 2) * dot(x, x);
    },
  };
}

/** A regularised linear model as a finite sum: a term for each row, which holds all of (λ/2)‖x‖². */
export function linearModel(model: LinearModel): FiniteSumGame {
  const { name, data, regularisation: λ, curvature } = model;
  const { rows: n, columns: d, A } = data;
  const { gradient, loss } = linearTerms(data, model, λ);
  const whole: WholeSum = {
    gradient: (x, out) => gradient(x, out, undefined),
    loss: (x) => loss(x, undefined),
  };
  const gram = lazy(() => gramEigen(data, () => 1));
  const solution = lazy(() => model.solution(gram(), whole));
  const [least, most] = curvature;
  const L = (): number => most * gram().values[d - 1]! + λ;
  return finiteSum({
    name,
    dim: d,
    terms: n,
    start: Array<number>(d).fill(0),
    gradient,
    loss,
    facts: lazyFacts({
      lipschitz: L,
      stronglyMonotone: () => least * Math.max(0, gram().values[0]!) + λ,
      cocoercive: () => 1 / L(),
      comonotone: () => 1 / L(),
      solution: () => Array.from(solution()),
      optimum: () => loss(solution(), undefined),
      convexTerms: () => true,
      termLipschitz() {
        let longest = 0; // the largest ‖aᵢ‖²
        for (let i = 0; i < n; i++) longest = Math.max(longest, rowTimes(A, d, i, A.subarray(i * d)));
        return most * longest + λ;
      },
      termVariance() {
        const g = new Float64Array(d);
        let sum = 0;
        for (let i = 0; i < n; i++) {
          gradient(solution(), g, [i]);
          sum += dot(g, g) / n;
        }
        return sum;
      },
    }),
  });
}
