import { copy, dot, norm, scale, waxpy, type Space, type Vector } from '@stillpoint/operators';

/** The last m pairs s = Δz, y = Δg in a ring, pair i at i mod m; `count`: how many have come. */
export type Pairs = { readonly s: readonly Vector[]; readonly y: readonly Vector[]; count: number };

/** No pair, and room for m. */
export const pairsOf = (space: Space, m: number): Pairs => ({
  s: Array.from({ length: m }, () => space.vector()),
  y: Array.from({ length: m }, () => space.vector()),
  count: 0,
});

/** Cosines of s and y below this are rounding: such a pair is left out. */
const LEAST_COSINE = 2 ** -40;

/** Keeps pairs, and multiplies with the inverse Hessian that they make. */
export interface CurvaturePairs {
  /** Keeps (z⁺ − z, g⁺ − g), unless its curvature ⟨s, y⟩ is not above 0. */
  readonly remember: (pairs: Pairs, z1: Vector, z0: Vector, g1: Vector, g0: Vector) => void;
  /**
   * d = −Hg by the two-loop recursion, from H₀ = ⟨s, y⟩/⟨y, y⟩ of the last pair; −g without any. Nocedal,
   * "Updating quasi-Newton matrices with limited storage", 1980.
   */
  readonly direction: (d: Vector, pairs: Pairs, g: Vector) => void;
}

/** What keeps pairs in a space's memory. */
export function curvaturePairs(space: Space): CurvaturePairs {
  const [s, y] = [space.vector(), space.vector()];
  return {
    remember(pairs, z1, z0, g1, g0) {
      waxpy(s, z1, -1, z0);
      waxpy(y, g1, -1, g0);
      if (!(dot(s, y) > LEAST_COSINE * norm(s) * norm(y))) return;
      const at = pairs.count++ % pairs.s.length;
      copy(pairs.s[at]!, s);
      copy(pairs.y[at]!, y);
    },
    direction(d, pairs, g) {
      const m = pairs.s.length;
      const oldest = Math.max(0, pairs.count - m);
      const α: number[] = [];
      scale(copy(d, g), -1);
      for (let i = pairs.count - 1; i >= oldest; i--) {
        const [si, yi] = [pairs.s[i % m]!, pairs.y[i % m]!];
        α[i % m] = dot(si, d) / dot(si, yi);
        waxpy(d, d, -α[i % m]!, yi);
      }
      if (pairs.count > 0) {
        const last = (pairs.count - 1) % m;
        scale(d, dot(pairs.s[last]!, pairs.y[last]!) / dot(pairs.y[last]!, pairs.y[last]!));
      }
      for (let i = oldest; i < pairs.count; i++) {
        const [si, yi] = [pairs.s[i % m]!, pairs.y[i % m]!];
        waxpy(d, d, α[i % m]! - dot(yi, d) / dot(si, yi), si);
      }
    },
  };
}
