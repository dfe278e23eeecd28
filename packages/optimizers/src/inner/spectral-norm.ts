import {
  copy,
  dot,
  eigh,
  isFiniteVector,
  norm,
  normal,
  scale,
  waxpy,
  type Asking,
  type Space,
  type Vector,
} from '@stillpoint/operators';

/** The most Lanczos steps. With this many entries or fewer the norm is exact except for rounding. */
export const LANCZOS_STEPS = 24;
/** The iteration ends when the residual of the largest Ritz value is at most this share of that value. */
const TOLERANCE = 1e-12;

/**
 * The first direction, random but the same in every run, so that it is unlikely to miss the direction sought.
 */
export function startDirection(space: Space): Vector {
  const v = normal(space.vector(), { seed: 0, purpose: 'power iteration' });
  scale(v, 1 / norm(v));
  return v;
}

/** w ← Bq of a symmetric B. */
export type Symmetric = (q: Vector, w: Vector) => Asking;

/**
 * A lower estimate of ‖B‖₂, B symmetric, and the residual of its Ritz pair: as near to the estimate as that
 * B has an eigenvalue, up to sign. Lanczos' iteration with full reorthogonalisation, one application of B a
 * step, `most` at most. It starts from v plus the start direction: v alone, which may be the direction that
 * an earlier B stretched most, may miss others. v becomes the direction that B stretches most. Lanczos 1950;
 * Golub, Van Loan, "Matrix computations".
 */
export function symmetricNorm(
  space: Space,
  most = Math.min(LANCZOS_STEPS, space.dim),
): (apply: Symmetric, v: Vector) => Asking<{ readonly norm: number; readonly residual: number }> {
  const basis = Array.from({ length: most }, () => space.vector());
  const [w, unlike] = [space.vector(), startDirection(space)];
  return function* (apply, v) {
    let length = 1;
    waxpy(w, v, 1, unlike);
    if (norm(w) < 0.5) copy(w, unlike); // v was its opposite
    const entries = new Float64Array(most * most); // QᵀBQ, row after row
    const projected = (m: number): { readonly values: Float64Array; readonly vectors: Float64Array } =>
      eigh(Float64Array.from({ length: m * m }, (_, at) => entries[Math.floor(at / m) * most + (at % m)]!));
    length = norm(w);
    for (let m = 1; ; m++) {
      const q = basis[m - 1]!;
      scale(copy(q, w), 1 / length);
      yield* apply(q, w);
      const size = norm(w);
      if (!Number.isFinite(size)) return { norm: size, residual: size };
      for (let i = 0; i < m; i++) entries[i * most + m - 1] = entries[(m - 1) * most + i] = dot(basis[i]!, w);
      for (let pass = 0; pass < 2; pass++)
        for (let i = 0; i < m; i++) waxpy(w, w, -dot(basis[i]!, w), basis[i]!);
      length = norm(w);
      const { values, vectors } = projected(m);
      const at = Math.abs(values[0]!) > Math.abs(values[m - 1]!) ? 0 : m - 1;
      const largest = Math.abs(values[at]!);
      const residual = length * Math.abs(vectors[at * m + m - 1]!);
      if (m < most && length > 1e-14 * size && residual > TOLERANCE * largest) continue;
      scale(v, 0);
      for (let i = 0; i < m; i++) waxpy(v, v, vectors[at * m + i]!, basis[i]!);
      return { norm: largest, residual };
    }
  };
}

/**
 * A lower estimate of ‖J(z)‖₂, from that of JᵀJ; v becomes the direction that J(z) stretches most. Two
 * products with the Jacobian per step.
 */
export function spectralNorm(space: Space): (z: Vector, v: Vector) => Asking<number> {
  const normOf = symmetricNorm(space);
  return function* (z, v) {
    const square = yield* normOf(function* (q, w) {
      copy(w, yield { want: 'product', at: z, along: q });
      if (!isFiniteVector(w)) return;
      copy(w, yield { want: 'product', at: z, along: w, transposed: true });
    }, v);
    return Math.sqrt(square.norm);
  };
}
