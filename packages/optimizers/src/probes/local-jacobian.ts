import {
  comonotonicity,
  dot,
  eigenvalues,
  integer,
  isFiniteVector,
  leastSymmetric,
  norm,
  normal,
  scale,
  svd,
  waxpy,
  type Asking,
  type Eigenvalues,
  type Problem,
  type SampleRule,
  type Vector,
} from '@stillpoint/operators';
import { probe, type ProbeEntry } from './probe-row.js';

/** The Jacobian J of F at a point, as far as products with it along some directions show it. */
export interface LocalJacobian {
  /** How many products J·v were asked for. */
  readonly products: number;
  /**
   * Whether the directions span the whole space: then what follows is of J itself, else of J on a Krylov
   * space.
   */
  readonly whole: boolean;
  /** The eigenvalues of J; on a Krylov space Ritz values, of which the outermost are near eigenvalues. */
  readonly eigenvalues: Eigenvalues;
  /** The largest ‖Jv‖/‖v‖: at most ‖J‖. */
  readonly norm: number;
  /** The least ⟨Jv, v⟩/‖v‖²; at least that of J. */
  readonly leastSymmetric: number;
  /** The least ⟨Jv, v⟩/‖Jv‖²; at least that of J. Undefined if there is none. */
  readonly comonotone: number | undefined;
  /** How wrong an entry of J may be, as a share of ‖J‖: rounding, or that of differences. */
  readonly error: number;
  /** J row by row, `[dim, dim]`; only if `whole`. */
  readonly entries?: Float64Array;
}

/** Options of {@link localJacobian}. */
export interface LocalJacobianOptions {
  /** The most products. If the problem has no more entries, J is computed whole. Default: 32. */
  readonly directions?: number;
  /** What F is evaluated on. Default: `same`; draw 0 of a sampled problem. */
  readonly sample?: SampleRule;
}

/**
 * Products of J at z with up to `directions` vectors: with the unit vectors if these are all, else the
 * Arnoldi iteration from F(z), or from a random vector where F(z) = 0. Undefined if a product is not finite.
 * Along a Krylov space all constants are those of a part of J: the norm is too small, the least values too
 * large. Source: Arnoldi 1951; Saad, "Numerical methods for large eigenvalue problems", 2011, chapter 6.
 */
export function* localJacobian(
  problem: Pick<Problem, 'dim' | 'jacobianVector'>,
  z: Vector,
  { directions = 32, sample = 'same' }: LocalJacobianOptions = {},
): Asking<LocalJacobian | undefined> {
  const { dim } = problem;
  const ε = z instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  // a central difference is wrong by about ε^⅔
  const error = problem.jacobianVector === undefined ? 8 * Math.cbrt(ε) ** 2 : 16 * ε;
  return dim <= directions
    ? yield* wholeOf(dim, z, sample, error)
    : yield* krylov(z, directions, sample, error);
}

function* wholeOf(
  n: number,
  z: Vector,
  sample: SampleRule,
  error: number,
): Asking<LocalJacobian | undefined> {
  const M = new Float64Array(n * n);
  const v = z.slice().fill(0);
  for (let j = 0; j < n; j++) {
    v[j] = 1;
    const column = yield { want: 'product', at: z, along: v, sample };
    if (!isFiniteVector(column)) return undefined;
    for (let i = 0; i < n; i++) M[i * n + j] = column[i]!;
    v[j] = 0;
  }
  return { ...constantsOf(M, n, n, error), products: n, whole: true, entries: M };
}

/** J·V = V⁺·H with the orthonormal V of k columns; all is read from H, `[k + 1, k]`. */
function* krylov(
  z: Vector,
  most: number,
  sample: SampleRule,
  error: number,
): Asking<LocalJacobian | undefined> {
  const first = (yield { want: 'gradient', at: z, sample }).slice();
  if (!isFiniteVector(first)) return undefined;
  if (!(norm(first) > 0)) normal(first, { seed: 0, purpose: 'local Jacobian' });
  scale(first, 1 / norm(first));
  const basis: Vector[] = [first];
  const columns: Float64Array[] = [];
  for (let j = 0; j < most; j++) {
    const w = (yield { want: 'product', at: z, along: basis[j]!, sample }).slice();
    if (!isFiniteVector(w)) return undefined;
    const column = new Float64Array(most + 1);
    const length = norm(w);
    for (let pass = 0; pass < 2; pass++)
      for (const [i, q] of basis.entries()) {
        const along = dot(w, q);
        column[i] = column[i]! + along;
        waxpy(w, w, -along, q);
      }
    const beyond = norm(w);
    columns.push(column);
    if (!(beyond > error * length)) break; // the space is invariant
    column[j + 1] = beyond;
    scale(w, 1 / beyond);
    basis.push(w);
  }
  const k = columns.length;
  const H = Float64Array.from({ length: (k + 1) * k }, (_, at) => columns[at % k]![Math.floor(at / k)]!);
  return { ...constantsOf(H, k + 1, k, error), products: k, whole: false };
}

/** The constants of a matrix `[rows, n]` whose first n rows are in the coordinates of its columns. */
function constantsOf(
  H: Float64Array,
  rows: number,
  n: number,
  error: number,
): Omit<LocalJacobian, 'products' | 'whole' | 'entries'> {
  const square = rows === n ? H : H.slice(0, n * n);
  const size = svd(H, rows, n).values[0] ?? 0;
  return {
    eigenvalues: eigenvalues(square),
    norm: size,
    leastSymmetric: leastSymmetric(square, n),
    comonotone: comonotonicity(H, n, error),
    error,
  };
}

/** {@link localJacobian} by its spec. */
export const localJacobianRow: ProbeEntry = /* @__PURE__ */ probe(
  {
    name: 'jacobian',
    about: 'the Jacobian of F at the point: its norm, its symmetric part and the ends of its spectrum',
    assumptions:
      'with more entries than directions all is of J on a Krylov space: the norm is at most that of J, the least values at least; products with J',
    reference: 'Arnoldi 1951',
  },
  { directions: integer({ about: 'products with J at most', from: 1, default: 32 }) },
  ({ directions }: { readonly directions: number }) =>
    (z) =>
      function* (problem) {
        const found = yield* localJacobian(problem, z, { directions });
        const { re = [], im = [] } = found?.eigenvalues ?? {};
        return {
          norm: found?.norm ?? NaN,
          leastSymmetric: found?.leastSymmetric ?? NaN,
          comonotone: found?.comonotone ?? NaN,
          leastReal: re.length === 0 ? NaN : Math.min(...re),
          largestReal: re.length === 0 ? NaN : Math.max(...re),
          largestImaginary: im.length === 0 ? NaN : Math.max(...im),
          products: found?.products ?? NaN,
        };
      },
);
