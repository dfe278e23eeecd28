import { eigh, normal, waxpy, type Vector } from '@stillpoint/operators';
import { solveLinear, spectralNorm } from '../games/linear-algebra.js';

/** A linear map and its transpose. */
export interface LinearMap {
  /** Mv, a new vector. */
  readonly times: (v: Float64Array) => Float64Array;
  /** Mᵀv, a new vector. */
  readonly transposedTimes: (v: Float64Array) => Float64Array;
}

/** The two lower levels of `trilevelQuadratic`, and what its f₁ draws all three levels to. */
export interface TrilevelParts {
  readonly A2: LinearMap;
  readonly A3: LinearMap;
  readonly B21: LinearMap;
  readonly B23: LinearMap;
  readonly B31: LinearMap;
  readonly B32: LinearMap;
  readonly c2: Float64Array;
  readonly c3: Float64Array;
  readonly a: readonly [Float64Array, Float64Array, Float64Array];
}

/** Eigenvalues of the lower levels' own matrices, and the norm of the matrices that couple the levels. */
const [OWN2, OWN3, COUPLING] = [[1.5, 3.5] as const, [1, 4] as const, 0.5];
/**
 * The largest curvature of both lower losses. That of the second level is A₂ less B₂₃SB₃₂ and its transpose,
 * and S, T steps of the third level, has norm 1 at most: both levels have curvatures from 1 to this. (The
 * eigenvalues of S are (1 − (1 − ηλ)ᵀ)/λ: at most 1/λ where the power is positive, and where it is negative,
 * for λ > 1/η > 2 alone, below 2/λ.)
 */
export const LARGEST_CURVATURE = 4;

/** y + s·x. */
export function plus(y: Vector, x: Vector, s = 1): Float64Array {
  const out = new Float64Array(y.length);
  waxpy(out, y, s, x);
  return out;
}

function dense(entries: Float64Array, d: number): LinearMap {
  /** Σⱼ of the entries that are `across` apart for j, and `down` apart for i, times vⱼ. */
  const product = (v: Float64Array, down: number, across: number): Float64Array => {
    const out = new Float64Array(d);
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) out[i]! += entries[i * down + j * across]! * v[j]!;
    return out;
  };
  return { times: (v) => product(v, d, 1), transposedTimes: (v) => product(v, 1, d) };
}

/** The parts of a seeded instance: every level has d entries. */
export function trilevelParts(d: number, seed: number): TrilevelParts {
  const draw = (purpose: string, length = d * d): Float64Array =>
    normal(new Float64Array(length), { seed, purpose });
  const coupling = (purpose: string): LinearMap => {
    const entries = draw(purpose);
    const size = spectralNorm({ entries, rows: d, columns: d });
    return dense(
      entries.map((x) => (COUPLING * x) / size),
      d,
    );
  };
  /** A symmetric matrix with eigenvalues from the first to the second of these, equally far apart. */
  const own = (purpose: string, [low, high]: readonly [number, number]): LinearMap => {
    const { vectors } = eigh(draw(purpose));
    const entries = new Float64Array(d * d);
    for (let m = 0; m < d; m++) {
      const λ = d === 1 ? low : low + ((high - low) * m) / (d - 1);
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) entries[i * d + j]! += λ * vectors[m * d + i]! * vectors[m * d + j]!;
    }
    return dense(entries, d);
  };
  return {
    A2: own('A2', OWN2),
    A3: own('A3', OWN3),
    B21: coupling('B21'),
    B23: coupling('B23'),
    B31: coupling('B31'),
    B32: coupling('B32'),
    c2: draw('c2', d),
    c3: draw('c3', d),
    a: [draw('a1', d), draw('a2', d), draw('a3', d)],
  };
}

/** What solves min over y of ½yᵀHy − bᵀy, as a map of b, for H given by its product. */
export type Solver = (H: (v: Float64Array) => Float64Array) => LinearMap;

/**
 * T steps of gradient descent from 0, y_{t+1} = y_t − η(Hy_t − b), as a linear map of b; its transpose by the
 * adjoint steps back: λ_{t−1} = λ_t − ηHλ_t, and b̄ the sum of all ηλ_t.
 */
export const descending =
  (steps: number, η: number): Solver =>
  (H) => ({
    times(b) {
      let y: Float64Array = new Float64Array(b.length);
      for (let t = 0; t < steps; t++) y = plus(y, plus(H(y), b, -1), -η);
      return y;
    },
    transposedTimes(ȳ) {
      let [λ, b̄]: [Float64Array, Float64Array] = [ȳ, new Float64Array(ȳ.length)];
      for (let t = 0; t < steps; t++) {
        b̄ = plus(b̄, λ, η);
        λ = plus(λ, H(λ), -η);
      }
      return b̄;
    },
  });

/** y = H⁻¹b: the level itself. */
export const exactly: Solver = (H) => {
  const times = (b: Float64Array): Float64Array => {
    const d = b.length;
    const entries = new Float64Array(d * d);
    for (let j = 0; j < d; j++) H(unit(d, j)).forEach((x, i) => (entries[i * d + j] = x));
    return solveLinear(entries, b)!; // its least eigenvalue is 1 or more
  };
  return { times, transposedTimes: times };
};

/** A unit vector. */
export const unit = (d: number, j: number): Float64Array =>
  Float64Array.from({ length: d }, (_, i) => (i === j ? 1 : 0));

/** Both lower levels, for one way to solve them. */
export interface LowerLevels {
  /** x₂ and x₃ for this x₁; without the constants, their derivatives along x₁. */
  readonly solutions: (x1: Float64Array, constants: boolean) => readonly [x2: Float64Array, x3: Float64Array];
  /** The gradient in x₁ of a function of x₂ and x₃ whose gradients at these solutions are given. */
  readonly pulledBack: (x̄2: Float64Array, x̄3: Float64Array) => Float64Array;
}

/** Both lower levels, the third one solved within the second. */
export function lowerLevels(
  { A2, A3, B21, B23, B31, B32, c2, c3 }: TrilevelParts,
  solver: Solver,
): LowerLevels {
  const third = solver(A3.times);
  // ∇ of f₂(x₁, ·, x₃(x₁, ·)) is H₂x₂ − b₂(x₁)
  const second = solver((v) =>
    plus(
      plus(A2.times(v), B23.times(third.times(B32.times(v))), -1),
      B32.transposedTimes(third.transposedTimes(B23.transposedTimes(v))),
      -1,
    ),
  );
  return {
    solutions(x1, constants) {
      const by = (b: Float64Array, c: Float64Array): Float64Array => (constants ? plus(b, c) : b);
      const b3 = by(B31.times(x1), c3);
      const x2 = second.times(plus(by(B21.times(x1), c2), B23.times(third.times(b3))));
      return [x2, third.times(plus(b3, B32.times(x2)))];
    },
    pulledBack(x̄2, x̄3) {
      const b̄3 = third.transposedTimes(x̄3);
      const b̄2 = second.transposedTimes(plus(x̄2, B32.transposedTimes(b̄3)));
      const through3 = third.transposedTimes(B23.transposedTimes(b̄2));
      return plus(B21.transposedTimes(b̄2), B31.transposedTimes(plus(b̄3, through3)));
    },
  };
}
