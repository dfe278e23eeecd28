import { dot, type Space, type Vector } from '@stillpoint/operators';

/** λh, read from a space; without a regulariser λ = 0 and H = I. */
export interface Regularised {
  /** λ. */
  readonly weight: number;
  /** ½‖r‖² + λh(z). */
  readonly objective: (r: Vector, z: Vector) => number;
  /** p ← λ∇h(z), H ← diag(h″(z)). */
  readonly derivatives: (z: Vector, p: Vector, H: Vector) => void;
  /** Mη: η = ‖p‖ in the metric H⁻¹, M = N^((3 − ν)/2)·constant with h's self-concordance. */
  readonly decrement: (p: Vector, H: Vector) => number;
}

const flat = {
  value: () => 0,
  gradient: (_: Vector, out: Vector) => void out.fill(0),
  curvature: (_: Vector, out: Vector) => void out.fill(1),
  selfConcordance: { order: 3, constant: 0 },
};

/** What Gauss–Newton asks of the regulariser of a problem. */
export function regularised({ dim: N, regulariser }: Pick<Space, 'dim' | 'regulariser'>): Regularised {
  const { weight: λ, h } = regulariser ?? { weight: 0, h: flat };
  const { order: ν, constant } = h.selfConcordance;
  return {
    weight: λ,
    objective: (r, z) => dot(r, r) / 2 + λ * h.value(z),
    derivatives(z, p, H) {
      h.gradient(z, p);
      for (let i = 0; i < N; i++) p[i] = λ * p[i]!;
      h.curvature(z, H);
    },
    decrement(p, H) {
      let sum = 0;
      for (let i = 0; i < N; i++) sum += p[i]! ** 2 / H[i]!;
      return N ** ((3 - ν) / 2) * constant * Math.sqrt(sum);
    },
  };
}
