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
import { fullProblem } from './full-problem.js';

/** The default tolerance: the residual, relative to the size of F, at which a run counts as converged. */
export const TOLERANCE = 1e-8;
/** A run whose residual is this many times the size of F counts as diverged. */
const DIVERGED = 1e12;
/** The size of F is the largest at the start and after this many first steps. */
export const FIRST_STEPS = 4;

/** How a point was judged. */
export interface Judgement {
  /** r(z); NaN where F is not finite. */
  readonly residual: number;
  /** The game's gap, if it has one. */
  readonly gap: number | undefined;
  /**
   * `rounding`: r is below the rounding error there, and that error is above the tolerance. Undefined: none
   * of these.
   */
  readonly verdict: 'converged' | 'rounding' | 'diverged' | undefined;
}

/** Judges the points of one run. */
export interface Judge {
  /**
   * Judges the point after `steps` steps. It asks for one or two gradients of the full operator, which are
   * not counted as the method's.
   */
  look(z: Vector, steps: number): Asking<Judgement>;
  /** r(z) at which the run counts as converged: the tolerance times the size of F. */
  threshold(): number;
  /** The part of r(z) that may be rounding, at the point last judged. */
  rounding(): number;
  /** Whether F was finite at the point last judged. */
  finite(): boolean;
  /** The scales that a checkpoint stores. */
  scale(): StoppingScale;
}

/**
 * Rounding is estimated when the residual has become small, at the start, and every 16 steps, since it costs
 * a call of F.
 */
const EVERY = 16;
const SMALL = 1e-6;

/**
 * Judges points by criteria that do not depend on units. A run has converged when r(z) and its rounding are
 * at most tolerance·S, where S is the largest size of F that can move z (`movingSize`) at the start and after
 * the first four steps. If the game has a gap, it must be at most tolerance·G, where G is its largest value
 * at these points. γ of r(z) is 1/L, with L stated or, under constraints, estimated at the start; it is
 * longer if γF(z) would be lost in the rounding of z. All questions go to the full operator: every term of a
 * finite sum, or the mean of a sampled problem.
 * @param from the scales of the run that is continued.
 */
export function judgeOf(
  game: Problem,
  start: Vector,
  tolerance: number,
  from: StoppingScale | undefined,
): Judge {
  const [F, work] = [start.slice(), start.slice()];
  const full = fullProblem(game);
  let {
    first,
    size,
    gap: gapSize,
    length,
    lipschitz,
  } = from ?? { first: NaN, size: 0, gap: 0, length: NaN, lipschitz: NaN };
  let rounding = NaN;
  /** L, estimated if it is not stated. */
  function* L(): Asking<number> {
    if (Number.isNaN(lipschitz))
      lipschitz = full.facts?.lipschitz ?? (yield* lipschitzNear(full, start)).lipschitz;
    return lipschitz;
  }
  function* stepAt(z: Vector): Asking<number> {
    if (full.constraint === undefined) return 1; // r(z) is ‖F(z)‖ for every γ
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
      // at a start near a solution F is tiny: then its size at a distance of ‖z₀‖, or of 1, counts
      const leaves =
        steps > 0 && residual > DIVERGED * size && residual > DIVERGED * (yield* L()) * Math.max(length, 1);
      if (steps <= FIRST_STEPS && !leaves && finite) {
        size = Math.max(size, movingSize(full, z, F, γ));
        if (gap !== undefined && !(gap <= gapSize)) gapSize = gap;
      }
      const near = residual <= tolerance * size && (gap === undefined || gap <= tolerance * gapSize);
      const due = near || residual <= SMALL * size || steps % EVERY === 0 || z instanceof Float32Array;
      rounding = due && finite ? yield* roundingOf(full, z, F, γ, 'all') : 0;
      // also if nothing ever moved z
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
