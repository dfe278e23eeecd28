import {
  copy,
  dot,
  eigh,
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

/**
 * A lower estimate of ‖J(z)‖₂, by Lanczos' iteration on JᵀJ with full reorthogonalisation. It starts from v
 * plus the start direction: v alone, which is the direction that J stretched most at an earlier z, may miss
 * other directions. v becomes the direction that J(z) stretches most. Two products with the Jacobian per
 * step. Lanczos 1950; Golub, Van Loan, "Matrix computations".
 */
export function spectralNorm(space: Space): (z: Vector, v: Vector) => Asking<number> {
  const most = Math.min(LANCZOS_STEPS, space.dim);
  const basis = Array.from({ length: most }, () => space.vector());
  const [w, unlike] = [space.vector(), startDirection(space)];
  return function* (z, v) {
    let length = 1;
    waxpy(w, v, 1, unlike);
    if (norm(w) < 0.5) copy(w, unlike); // v was its opposite
    const entries = new Float64Array(most * most); // QᵀJᵀJQ, row after row
    const projected = (m: number): { readonly values: Float64Array; readonly vectors: Float64Array } =>
      eigh(Float64Array.from({ length: m * m }, (_, at) => entries[Math.floor(at / m) * most + (at % m)]!));
    length = norm(w);
    for (let m = 1; ; m++) {
      const q = basis[m - 1]!;
      scale(copy(q, w), 1 / length);
      const ahead = yield { want: 'product', at: z, along: q };
      if (!Number.isFinite(norm(ahead))) return norm(ahead);
      copy(w, ahead);
      copy(w, yield { want: 'product', at: z, along: w, transposed: true });
      const size = norm(w);
      for (let i = 0; i < m; i++) entries[i * most + m - 1] = entries[(m - 1) * most + i] = dot(basis[i]!, w);
      for (let pass = 0; pass < 2; pass++)
        for (let i = 0; i < m; i++) waxpy(w, w, -dot(basis[i]!, w), basis[i]!);
      length = norm(w);
      const { values, vectors } = projected(m);
      const largest = values[m - 1]!;
      const error = length * Math.abs(vectors[m * m - 1]!); // of the Ritz pair
      if (m < most && length > 1e-14 * size && error > TOLERANCE * largest) continue;
      scale(v, 0);
      for (let i = 0; i < m; i++) waxpy(v, v, vectors[(m - 1) * m + i]!, basis[i]!);
      return Math.sqrt(Math.max(0, largest));
    }
  };
}
