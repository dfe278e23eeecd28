import {
  copy,
  isFiniteVector,
  movingSize,
  norm,
  residualOf,
  roundoff,
  type Asking,
  type Problem,
  type StoppingScale,
  type Vector,
} from '@stillpoint/operators';
import { lipschitzNear } from '../probes/lipschitz.js';
import { roundingOf } from '../probes/rounding.js';

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
  /**
   * Looks at the point after so many steps. One gradient or two of the full operator, which are the driver's.
   */
  look(z: Vector, steps: number): Asking<Judgement>;
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
 * Rounding is looked at where the residual has become small, at the start, and at every so many steps: it
 * costs a call of F.
 */
const EVERY = 16;
const SMALL = 1e-6;

/**
 * Judges by what does not depend on units: converged where r(z) and its rounding are within tolerance·S, S
 * the largest size of F that can move z (`movingSize`) at the start and after the first four steps; and where
 * the game has a gap, that is within tolerance·G, G its largest there. γ of r(z) is 1/L, L stated or, under
 * constraints, estimated at the start; or longer, where γF(z) would be lost beside z.
 * All of it is asked of the full operator: every term of a finite sum, or the mean of a sampled problem.
 * @param from the scale of the run that is continued.
 */
export function judgeOf(
  game: Problem,
  start: Vector,
  tolerance: number,
  from: StoppingScale | undefined,
): Judge {
  const [F, work] = [start.slice(), start.slice()];
  const full = (game.draw && game.mean) || game;
  let {
    first,
    size,
    gap: gapSize,
    length,
    lipschitz,
  } = from ?? { first: NaN, size: 0, gap: 0, length: NaN, lipschitz: NaN };
  let rounding = NaN;
  /** L, estimated where it is not stated. */
  function* L(): Asking<number> {
    if (Number.isNaN(lipschitz))
      lipschitz = full.facts?.lipschitz ?? (yield* lipschitzNear(full, start)).lipschitz;
    return lipschitz;
  }
  function* stepAt(z: Vector): Asking<number> {
    if (full.constraint === undefined) return 1; // r(z) is ‖F(z)‖, whatever γ
    const [height, width] = [norm(F), norm(z)];
    if (!(height > 0 && Number.isFinite(height))) return 1;
    const Lz = yield* L();
    return Lz > 0 ? Math.max(1 / Lz, (2 ** 12 * roundoff(z) * width) / height) : (width || 1) / height;
  }
  return {
    *look(z, steps) {
      copy(F, yield { want: 'gradient', at: z, sample: 'all' });
      const finite = isFiniteVector(F);
      const γ = finite ? yield* stepAt(z) : NaN;
      const residual = finite ? residualOf(full, z, F, γ, work) : NaN;
      const gap = full.gap?.(z, F);
      if (steps === 0) [first, length] = [residual, norm(z)];
      // a start near a solution has hardly any size: then what F is at a distance of ‖z₀‖, or 1, counts
      const leaves =
        steps > 0 && residual > DIVERGED * size && residual > DIVERGED * (yield* L()) * Math.max(length, 1);
      if (steps <= FIRST_STEPS && !leaves && finite) {
        size = Math.max(size, movingSize(full, z, F, γ));
        if (gap !== undefined && !(gap <= gapSize)) gapSize = gap;
      }
      const near = residual <= tolerance * size && (gap === undefined || gap <= tolerance * gapSize);
      const due = near || residual <= SMALL * size || steps % EVERY === 0 || z instanceof Float32Array;
      rounding = due && finite ? yield* roundingOf(full, z, F, γ, 'all') : 0;
      // also where nothing ever moved z
      const still = residual === 0 && (norm(F) === 0 || rounding <= tolerance * norm(F));
      const verdict = leaves
        ? ('diverged' as const)
        : still || (near && rounding <= tolerance * size)
          ? ('converged' as const)
          : residual <= rounding
            ? ('rounding' as const)
            : undefined;
      return { residual, gap, verdict };
    },
    threshold: () => tolerance * size,
    rounding: () => rounding,
    finite: () => isFiniteVector(F),
    scale: () => ({ first, size, gap: gapSize, length, lipschitz }),
  };
}
