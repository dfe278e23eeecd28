import {
  InputError,
  copy,
  dot,
  isFiniteVector,
  norm,
  rescale,
  roundoff,
  shown,
  waxpy,
  type Asking,
  type Player,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { pricing } from '../drivers/budget.js';
import type { Progress } from '../drivers/run.js';
import { probeAsync } from './probed.js';

/** The gradient at a point against the way there from z*, of all players together or of player p. */
export interface MintyAngle {
  /** ‖F_p(z)‖. */
  readonly gradient: number;
  /** ‖z_p − z*_p‖. */
  readonly distance: number;
  /** ⟨F_p(z), z_p − z*_p⟩. */
  readonly product: number;
  /** product/(gradient·distance); NaN where one of the two is 0 or not finite. */
  readonly cosine: number;
}

/** What was measured at one point of a run. */
export interface MintyPoint {
  /** Steps made before it. */
  readonly step: number;
  /** Of F as a whole: the full MVI. */
  readonly all: MintyAngle;
  /** Of each player: the one-sided MVI. */
  readonly players: readonly MintyAngle[];
}

/** On how many points of a run ⟨F_p(z), z_p − z*_p⟩ ≥ 0. */
export interface MintyVerdict {
  /** The points that have a cosine. */
  readonly points: number;
  /**
   * The share of these whose cosine is at least 0, or below it by no more than rounding of the sum and of F;
   * NaN if there are none. It depends on neither the unit of F nor that of z.
   */
  readonly holds: number;
  /** The smallest cosine; NaN if there are no points. */
  readonly lowest: number;
}

/** The Minty variational inequality (MVI) along a run. */
export interface Minty {
  readonly points: readonly MintyPoint[];
  /** The full MVI. */
  readonly all: MintyVerdict;
  /** The one-sided MVI of each player. */
  readonly players: readonly MintyVerdict[];
  /** What the gradients cost, in calls; the run does not count them. */
  readonly calls: number;
}

/** Options of {@link mintyAlong}. */
export interface MintyOptions {
  /** Every how many steps the point is kept, from the start on. Default: 1. */
  readonly every?: number;
  /** What F is evaluated on: draw 0 of a sampled problem, or all of it. Default: `same`, draw 0. */
  readonly sample?: 'all' | 'same';
}

/** What {@link mintyAlong} keeps of a run. */
export interface MintyAlong {
  /**
   * To be given to `solve` or `train`, or called at the start and after each step, or with the states of
   * checkpoints.
   */
  readonly observe: (progress: Pick<Progress<State>, 'state'>) => void;
  /** The memory that the points take so far, in bytes: one copy of z for each, and one of the last. */
  readonly bytes: () => number;
  /**
   * Asks for one gradient at each point kept, and compares it with the way from z*, the last point observed
   * or a given one. It may be called again, with other z*.
   * @throws InputError if nothing was observed, or z* is no point of the problem.
   */
  readonly measure: (solution?: ArrayLike<number>) => Promise<Minty>;
}

const whole = ({ length }: Vector): Pick<Player, 'start' | 'end'> => ({ start: 0, end: length });

function angle(F: Vector, d: Vector, { start, end }: Pick<Player, 'start' | 'end'>): MintyAngle {
  const [gradient, distance] = [norm(F, start, end), norm(d, start, end)];
  const product = dot(F, d, start, end);
  const [u, e] = [F.slice(start, end), d.slice(start, end)];
  rescale(u, gradient, 1); // the product itself may be beyond the range of numbers
  rescale(e, distance, 1);
  const usable = gradient > 0 && distance > 0 && isFiniteVector(u) && isFiniteVector(e);
  return { gradient, distance, product, cosine: usable ? Math.max(-1, Math.min(1, dot(u, e))) : NaN };
}

/** The share of the cosines that are at least −rounding. */
function verdict(angles: readonly MintyAngle[], rounding: number): MintyVerdict {
  const cosines = angles.flatMap(({ cosine }) => (Number.isNaN(cosine) ? [] : [cosine]));
  const n = cosines.length;
  return {
    points: n,
    holds: cosines.filter((cosine) => cosine >= -rounding).length / n,
    lowest: n === 0 ? NaN : cosines.reduce((least, cosine) => Math.min(least, cosine)),
  };
}

/**
 * Measures along a run whether the Minty variational inequality holds, of all players, ⟨F(z), z − z*⟩ ≥ 0,
 * and of each alone (one-sided), ⟨F_p(z), z_p − z*_p⟩ ≥ 0, with cosines, and each player’s gradient norm. z*
 * is mostly known only at the end, so it takes two passes: `solve(problem, method, { observe: along.observe
 * })` keeps points, `await along.measure()` asks for F there, on one fixed batch. The points take 8 bytes for
 * each entry, 4 in float32: choose `every` accordingly. A problem’s buffers are those of its start
 * throughout. Source: Dou, Li 2021, arXiv 2109.14213, who took the end of a training for z*.
 */
export function mintyAlong(problem: Problem, options: MintyOptions = {}): MintyAlong {
  const { every = 1, sample = 'same' } = options;
  if (!Number.isSafeInteger(every) || every < 1)
    throw new InputError(`mintyAlong: every is ${shown(every)}; expected a whole number >= 1`);
  if (sample !== 'all' && sample !== 'same')
    throw new InputError(`mintyAlong: sample is ${shown(sample)}; expected "same" or "all"`);
  const kept: { readonly step: number; readonly z: Vector }[] = [];
  let [k, last]: [number, Vector | undefined] = [0, undefined];
  /** F at every point kept, against the way from z*. */
  function* angles(z0: ArrayLike<number>): Asking<readonly MintyPoint[]> {
    const [points, from]: [MintyPoint[], Vector] = [[], Float64Array.from(z0)];
    const d = from.slice();
    for (const { step, z } of kept) {
      waxpy(d, z, -1, from);
      const F = Float64Array.from(yield { want: 'gradient', at: z, sample });
      const players = problem.players.map((player) => angle(F, d, player));
      points.push({ step, all: angle(F, d, whole(d)), players });
    }
    return points;
  }
  return {
    observe({ state: { z } }) {
      if (k % every === 0) kept.push({ step: k, z: z.slice() });
      last = copy(last ?? z.slice(), z);
      k++;
    },
    bytes: () => kept.reduce((sum, { z }) => sum + z.byteLength, last?.byteLength ?? 0),
    async measure(solution = last) {
      const first = kept[0]?.z;
      if (first === undefined || solution === undefined)
        throw new InputError('mintyAlong: nothing was observed; expected observe to be given to a run first');
      if (solution?.length !== first.length || !isFiniteVector(solution))
        throw new InputError(
          `mintyAlong: the given point is ${shown(solution)}; expected ${first.length} finite numbers, one for each entry of ${problem.name}`,
        );
      const { value: points, ledger } = await probeAsync(problem, first, () => angles(solution));
      const rounding = first.length * 2 ** -52 + 4 * roundoff(first);
      return {
        points,
        all: verdict(
          points.map(({ all }) => all),
          rounding,
        ),
        players: problem.players.map((_, p) =>
          verdict(
            points.map(({ players }) => players[p]!),
            rounding,
          ),
        ),
        calls: pricing(problem)(ledger),
      };
    },
  };
}
