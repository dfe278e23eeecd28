import { dot, eigh, lazyFacts, waxpy, type Eigen, type Game, type Vector } from '@stillpoint/operators';
import { finiteSum, type Indices } from './finite-sum.js';
import { lazy } from './lazy.js';
import { rowTimes, type RegressionData } from './least-squares-data.js';

/** What makes f(x) = (1/n) Σ φ(aᵢᵀx, bᵢ) + (λ/2)‖x‖², φ convex in its first argument. */
export interface LinearModel {
  readonly name: string;
  readonly data: RegressionData;
  /** λ. */
  readonly regularisation: number;
  /** φ(t, b). */
  readonly loss: (t: number, b: number) => number;
  /** dφ/dt. */
  readonly slope: (t: number, b: number) => number;
  /** [least, most] of d²φ/dt². */
  readonly curvature: readonly [number, number];
  /** x*, given the eigenvalues of AᵀA/n and f. */
  readonly solution: (gram: Eigen, sum: WholeSum) => Float64Array;
}

/** The mean over all terms. */
export interface WholeSum {
  readonly gradient: (x: Vector, out: Vector) => void;
  readonly loss: (x: Vector) => number;
}

/** AᵀWA/n, W the diagonal matrix of `weight`. */
export function gramOf({ rows: n, columns: d, A }: RegressionData, weight: (i: number) => number): Eigen {
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

/** A regularised linear model as a finite sum: a term for each row, which holds all of (λ/2)‖x‖². */
export function linearModel(model: LinearModel): Game {
  const { name, data, regularisation: λ, loss, slope, curvature } = model;
  const { rows: n, columns: d, A, b } = data;
  const gradient = (x: Vector, out: Vector, of: Indices): void => {
    const count = of?.length ?? n;
    for (let j = 0; j < d; j++) out[j] = λ * x[j]!;
    for (let k = 0; k < count; k++) {
      const i = of?.[k] ?? k;
      const r = slope(rowTimes(A, d, i, x), b[i]!) / count;
      for (let j = 0; j < d; j++) out[j] = out[j]! + r * A[i * d + j]!;
    }
  };
  const value = (x: Vector, of: Indices): number => {
    const count = of?.length ?? n;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const i = of?.[k] ?? k;
      sum += loss(rowTimes(A, d, i, x), b[i]!);
    }
    return sum / count + (λ / 2) * dot(x, x);
  };
  const whole: WholeSum = {
    gradient: (x, out) => gradient(x, out, undefined),
    loss: (x) => value(x, undefined),
  };
  const gram = lazy(() => gramOf(data, () => 1));
  const solution = lazy(() => model.solution(gram(), whole));
  const [least, most] = curvature;
  const L = (): number => most * gram().values[d - 1]! + λ;
  return finiteSum({
    name,
    dim: d,
    terms: n,
    start: Array<number>(d).fill(0),
    gradient,
    loss: value,
    facts: lazyFacts({
      lipschitz: L,
      stronglyMonotone: () => least * Math.max(0, gram().values[0]!) + λ,
      cocoercive: () => 1 / L(),
      comonotone: () => 1 / L(),
      solution: () => Array.from(solution()),
      optimum: () => value(solution(), undefined),
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
