import { InputError, roundoff, shown, type Problem, type State, type Vector } from '@stillpoint/operators';
import { pricing } from '../drivers/budget.js';
import { checkNames } from '../drivers/door.js';
import type { Progress } from '../drivers/run.js';
import { batchesOf, checkWhole } from './batches.js';
import {
  contractionNames,
  normOf,
  normsAt,
  sizesOf,
  type ContractionOptions,
  type StepNorms,
} from './contraction.js';
import { probeAsync } from './probed.js';

/** Options of {@link contractionAlong}. */
export interface ContractionAlongOptions extends ContractionOptions {
  /** Every how many steps the point is kept, from the start on. Default: 1. */
  readonly every?: number;
  /** Points of fewer steps than this are left out, as not late. Default: half of the steps observed. */
  readonly burnIn?: number;
}

/** How much the steps of a run stretch on average, and what follows for where it ends up. */
export interface Contraction {
  /** The late points, in order. */
  readonly points: readonly ({ readonly step: number } & StepNorms)[];
  /** R̂, the mean of log ‖I − ηJ_U(z)‖ over late points z and batches U. */
  readonly logNorm: number;
  /** The standard deviation of the log-norms. */
  readonly deviation: number;
  /** The most that R̂ may be too low by, as far as the iterations for the norms show. */
  readonly error: number;
  /** The logarithm of how many different batches a step may draw. */
  readonly logBatches: number;
  /** logBatches/(−R̂); Infinity where that is no bound. */
  readonly dimension: number;
  /**
   * `bound`: `dimension` bounds the dimension of where the run ends up. `vacuous`: it is no less than that of
   * the whole space, which is a bound anyway. `not contractive`: R̂ is not below 0 by more than `error` and
   * rounding, and nothing follows.
   */
  readonly verdict: 'bound' | 'vacuous' | 'not contractive';
  /** What the products cost, in calls; the run does not count them. */
  readonly calls: number;
}

/** What {@link contractionAlong} keeps of a run. */
export interface ContractionAlong {
  /** To be given to `solve` or `train`, or called at the start and after each step. */
  readonly observe: (progress: Pick<Progress<State>, 'state'>) => void;
  /** The memory that the points take so far, in bytes: one copy of z for each. */
  readonly bytes: () => number;
  /** Asks for the norms at the late points. */
  readonly measure: () => Promise<Contraction>;
}

/** In errors. */
const NAME = 'contractionAlong';
/** `dimension` is taken to be that of the space, `dim`, from this share of it on: logarithms round. */
const WHOLE = 1 - 2 ** -40;

/**
 * What follows from R̂ and log #batches in a space of `dim` entries. A random choice among m maps that
 * contract on average, E log ‖map′‖ ≤ R < 0, has an invariant measure, of dimension log m/(−R) at most.
 */
export function contractionBound(options: {
  readonly logNorm: number;
  readonly logBatches: number;
  readonly dim: number;
  /** What `logNorm` may be too low by, with rounding. Default 0. */
  readonly error?: number;
}): Pick<Contraction, 'dimension' | 'verdict'> {
  const { logNorm, logBatches, dim, error = 0 } = options;
  if (!(logNorm + error < 0)) return { dimension: Infinity, verdict: 'not contractive' };
  const dimension = logBatches / -logNorm;
  return { dimension, verdict: dimension < dim * WHOLE ? 'bound' : 'vacuous' };
}

/**
 * Measures along a run of gradient steps whether they contract on average, and bounds the dimension of the
 * set that the iterates end up on: stochastic gradients with a constant step size do not converge, they draw
 * from a measure that is often on a fractal. R̂ is the mean of log ‖I − ηJ_U‖₂ over late points and batches;
 * the bound is log(#batches)/(−R̂). In two passes: `solve(problem, gda({ stepSize }), { observe:
 * along.observe })` keeps points, `await along.measure()` asks for products there, on batches of its own
 * drawing. It is the derivative of gda and of SGD, of all players at once; that of a method with momentum,
 * or of several gradients a step, differs. A constraint’s projection stretches nothing: with one R̂ is
 * an upper bound.
 * Source: Alexander Camuto, George Deligiannidis, Murat A. Erdogdu, Mert Gürbüzbalaban, Umut Şimşekli,
 * Lingjiong Zhu, "Fractal structure and generalization properties of stochastic optimization algorithms",
 * 2021, arXiv 2106.04881, which bounds the generalisation gap by the dimension.
 * @throws InputError as {@link contraction}, and from `measure` if no late point was observed.
 */
export function contractionAlong(problem: Problem, options: ContractionAlongOptions): ContractionAlong {
  checkNames(NAME, { ...contractionNames, every: true, burnIn: true }, options);
  const { every = 1, burnIn } = options;
  const { name, dim } = problem;
  checkWhole(NAME, 'every', every);
  if (burnIn !== undefined && !(Number.isSafeInteger(burnIn) && burnIn >= 0))
    throw new InputError(`${NAME}: burnIn is ${shown(burnIn)}; expected a whole number >= 0`);
  sizesOf(NAME, problem, options.stepSize);
  const { at, logCount } = batchesOf(NAME, problem, options);
  const kept: { readonly step: number; readonly z: Vector }[] = [];
  let k = 0;
  return {
    observe({ state: { z } }) {
      if (k % every === 0) kept.push({ step: k, z: z.slice() });
      k++;
    },
    bytes: () => kept.reduce((sum, { z }) => sum + z.byteLength, 0),
    async measure() {
      const from = burnIn ?? Math.floor((k - 1) / 2);
      const late = kept.filter(({ step }) => step >= from);
      const first = late[0]?.z;
      if (first === undefined)
        throw new InputError(
          k === 0
            ? `${NAME}: no step was observed; expected observe to be given to a run before measure`
            : `${NAME}: no point of ${from} steps or more was kept of ${k} observed, every ${every}; expected burnIn below them`,
        );
      const { value: points, ledger } = await probeAsync(problem, first, function* (_, space) {
        const norm = normOf(NAME, problem, space, options);
        const found: ({ readonly step: number } & StepNorms)[] = [];
        for (const [i, { step, z }] of late.entries())
          found.push({ step, ...(yield* normsAt(NAME, z, at(i), norm, name)) });
        return found;
      });
      const all = points.flatMap(({ logNorms }) => logNorms);
      const logNorm = all.reduce((sum, x) => sum + x, 0) / all.length;
      const square = all.reduce((sum, x) => sum + (x - logNorm) ** 2, 0);
      const error = points.reduce((sum, point) => sum + point.error, 0) / points.length;
      // a norm of `dim` entries that is 1, where a batch leaves a direction as it is, rounds to either side
      const rounded = error + dim * roundoff(first);
      return {
        points,
        logNorm,
        // no two norms of 0 differ
        deviation: all.length > 1 && logNorm > -Infinity ? Math.sqrt(square / (all.length - 1)) : 0,
        error,
        logBatches: logCount,
        ...contractionBound({ logNorm, logBatches: logCount, dim, error: rounded }),
        calls: pricing(problem)(ledger),
      };
    },
  };
}
