import type { InnerEnd } from './inner-end.js';
import { copy, distance, norm, waxpy, type Asking, type Space, type Vector } from '@stillpoint/operators';

/** Options of the inner solver of the resolvent. */
export interface ResolventOptions {
  /** γ > 0. */
  readonly stepSize: number;
  /** The most inner steps. */
  readonly innerSteps: number;
}

/** The line search of one inner step tries fewer step sizes η than this. */
const TRIES = 60;
const ν = 0.9;

/** The most oracle calls that one resolvent can take. */
export const resolventCalls = ({ innerSteps }: ResolventOptions): number => innerSteps * (TRIES + 1);

/**
 * w ≈ J(z), J = (I + γ(A + F))⁻¹, by Tseng's forward–backward–forward splitting of 0 ∈ γAw + G(w), G(w) = w −
 * z + γF(w):
 *   w̄ = (I + ηγA)⁻¹(w − ηG(w)),   η ← 0.7η while η‖G(w̄) − G(w)‖ > 0.9‖w̄ − w‖
 *   r = (w − w̄)/η + G(w̄) − G(w),  ready if ‖r‖ ≤ error(‖w̄ − z‖), else w ← w̄ − η(G(w̄) − G(w))
 * w̄ = J(z + r) exactly: if J is nonexpansive, ‖w̄ − J(z)‖ ≤ ‖r‖. No constant of F is needed. If it runs out
 * of inner steps, it notes that in the run, and w is the last w̄.
 */
export function resolvent(
  space: Space,
  { stepSize: γ, innerSteps }: ResolventOptions,
): (
  w: Vector,
  z: Vector,
  error: (moved: number) => number,
) => Asking<InnerEnd & { readonly residual: number }> {
  const [bar, G, Gbar] = [space.vector(), space.vector(), space.vector()];
  return function* (w, z, error) {
    const roundoff = z instanceof Float32Array ? 2 ** -22 : 2 ** -51;
    copy(w, z);
    let η = 1;
    for (let t = 0; ; t++) {
      waxpy(G, w, γ, yield w);
      waxpy(G, G, -1, z); // G(w) = w − z + γF(w)
      for (let tries = 0; ; tries++, η *= 0.7) {
        waxpy(bar, w, -η, G);
        space.prox(bar, η * γ); // w̄
        waxpy(Gbar, bar, γ, yield bar);
        waxpy(Gbar, Gbar, -1, z);
        if (tries + 2 >= TRIES || !(η * distance(Gbar, G) > ν * distance(bar, w))) break;
      }
      waxpy(Gbar, Gbar, -1, G); // G(w̄) − G(w)
      waxpy(G, w, -1, bar);
      waxpy(G, Gbar, 1 / η, G); // r
      const residual = norm(G); // ‖r‖
      const reached = residual <= error(distance(bar, z)) + (roundoff / η) * (norm(bar) + norm(z));
      const over = t + 1 >= innerSteps;
      if (reached || over || !Number.isFinite(residual)) {
        if (over && !reached)
          space.note(
            `the resolvent’s inner loop made all innerSteps = ${innerSteps} steps without coming within its tolerance`,
          );
        copy(w, bar);
        return { iterations: t + 1, reached, residual };
      }
      waxpy(w, bar, -η, Gbar);
    }
  };
}
