import { isFiniteVector, movingSize, norm, residualOf, roundingOf, type Game, type StoppingScale, type Vector } from '@stillpoint/operators';
import { estimateLipschitz } from '../probes/lipschitz.js';

/** Residual, relative to the size of F, at which a run counts as converged where nobody says otherwise. */
export const TOLERANCE = 1e-8;
/** A residual this many times the size of F will not come back: the run is called diverged. */
const DIVERGED = 1e12;
/** The size of F is the largest at the start and after so many steps. */
export const FIRST_STEPS = 4;

/** What the residual at a point says. */
export interface Judgement {
  /** r(z); NaN where F is not finite. */
  readonly residual: number;
  /** The game's gap, where it has one. */
  readonly gap: number | undefined;
  /** `rounding`: r is below what rounding of F leaves there, and that is above the tolerance. */
  readonly verdict: 'converged' | 'rounding' | 'diverged' | undefined;
}

/** Judges the points of one run. */
export interface Judge {
  /** Looks at the point after so many steps. One call of F, which is the driver's, not the method's. */
  look(z: Vector, steps: number): Judgement;
  /** r(z) at which the run counts as converged: the tolerance times the size of F. */
  threshold(): number;
  /** What rounding leaves of r(z) at the point last looked at. */
  rounding(): number;
  /** Whether F was finite at the point last looked at. */
  finite(): boolean;
  /** What a checkpoint keeps. */
  scale(): StoppingScale;
}

/**
 * Judges by what does not depend on units: converged where r(z) and its rounding are within tolerance·S, S the largest
 * size of F that can move z (`movingSize`) at the start and after the first four steps; and where the game has a gap, that
 * is within tolerance·G, G its largest there. γ of r(z) is 1/L, L stated or, under constraints, estimated at the start.
 * @param from the scale of the run that is continued.
 */
export function judgeOf(game: Game, start: Vector, tolerance: number, from: StoppingScale | undefined): Judge {
  const [F, work] = [start.slice(), start.slice()];
  let { first, size, gap: gapSize, length, lipschitz } = from ?? { first: NaN, size: 0, gap: 0, length: NaN, lipschitz: NaN };
  let rounding = NaN;
  /** L, estimated where it is not stated: needed for γ, and for what rounding of z does to F. */
  const L = (): number => {
    if (Number.isNaN(lipschitz)) lipschitz = game.facts?.lipschitz ?? estimateLipschitz(game, start).lipschitz;
    return lipschitz;
  };
  const γ = (): number | undefined => (game.resolve === undefined ? undefined : L() > 0 && L() < Infinity ? 1 / L() : 1);
  return {
    look(z, steps) {
      game.operator(z, F);
      const residual = isFiniteVector(F) ? residualOf(game, z, F, γ(), work) : NaN;
      const gap = game.gap?.(z, F);
      if (steps === 0) [first, length] = [residual, norm(z)];
      // a start at a solution has a size of rounding only: then what F is at the distance ‖z₀‖ counts
      const leaves = steps > 0 && residual > DIVERGED * size && residual > first + L() * length;
      if (steps <= FIRST_STEPS && !leaves && !Number.isNaN(residual)) {
        size = Math.max(size, movingSize(game, z, F, γ()));
        if (gap !== undefined && !(gap <= gapSize)) gapSize = gap;
      }
      const near = residual <= tolerance * size && (gap === undefined || gap <= tolerance * gapSize);
      // L is asked for only where rounding may matter: an estimate costs calls of F
      rounding = near || residual <= 1e-6 * size || z instanceof Float32Array ? roundingOf(z, F, L()) : 0;
      const still = residual === 0 && (norm(F) === 0 || rounding <= tolerance * norm(F)); // also where nothing ever moved z
      const verdict = leaves ? 'diverged' as const
        : still || (near && rounding <= tolerance * size) ? 'converged' as const
          : residual <= rounding ? 'rounding' as const : undefined;
      return { residual, gap, verdict };
    },
    threshold: () => tolerance * size,
    rounding: () => rounding,
    finite: () => isFiniteVector(F),
    scale: () => ({ first, size, gap: gapSize, length, lipschitz }),
  };
}

