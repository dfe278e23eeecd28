import {
  InputError,
  formatSpec,
  parseSpec,
  type Checkpoint,
  type Facts,
  type Problem,
  type Spec,
  type State,
  type Vector,
} from '@stillpoint/operators';
import type { Running } from '../drivers/asking.js';
import { hasConverged, type Status } from '../drivers/run.js';
import { solving, type Solution } from '../drivers/solve.js';
import { methodFrom } from '../registry.js';
import { digits, type Candidate } from './candidates.js';

/** A candidate’s run from the start. */
export interface Tried {
  readonly candidate: Candidate;
  readonly status: Status;
  /** Calls that it used. */
  readonly calls: number;
  /** Residual at its end, in the unit of F. */
  readonly residual: number;
}

/** Options of {@link trying}. */
export interface TrialOptions {
  /** Calls for all runs together. */
  readonly calls: number;
  /** As of `solve`: the share of the size of F at which a run has converged. */
  readonly tolerance: number;
  /** A run that converged within `within` times the fewest calls is kept beside the fastest. */
  readonly within: number;
  /** The fewest calls in which a run has converged before. Default: none has. */
  readonly fewest?: number;
}

/** Whether a run of this kind is over. */
const over = ({ status }: Tried): boolean => status !== 'budget';
const converged = ({ status }: Tried): boolean => hasConverged(status);

/** The better first: converged with fewer calls, then the smaller residual; what diverged is last. */
export function ranked(tried: readonly Tried[]): readonly Tried[] {
  const key = (one: Tried): readonly [number, number] =>
    converged(one)
      ? [0, one.calls]
      : one.status === 'budget' && Number.isFinite(one.residual)
        ? [1, one.residual]
        : [2, 0];
  return tried.toSorted((a, b) => {
    const [[i, x], [j, y]] = [key(a), key(b)];
    return i - j || x - y;
  });
}

/**
 * Runs candidates from the same start, in rounds: each round doubles the calls that one run may use in all,
 * and leaves the better half of those that have not ended. Once one has converged, the others get `within`
 * times its calls. It ends when the calls are used, or when no run that goes on can still be the fastest.
 */
export function* trying(
  problem: Problem,
  start: Vector,
  facts: Facts,
  candidates: readonly Candidate[],
  { calls, tolerance, within, fewest: before = Infinity }: TrialOptions,
): Running<{
  readonly tried: readonly Tried[];
  /** Why the problem refuses a candidate. */
  readonly refused: ReadonlyMap<Candidate, string>;
  readonly calls: number;
  /** The fewest calls in which a run has converged; Infinity if none has. */
  readonly fewest: number;
}> {
  interface Runner {
    readonly candidate: Candidate;
    last?: Tried;
    refused?: string;
    checkpoint?: Checkpoint<State>;
  }
  const runners: Runner[] = candidates.map((candidate) => ({ candidate }));
  let [left, spent, fewest] = [runners, 0, before];
  const rounds = Math.max(1, Math.ceil(Math.log2(Math.max(2, candidates.length))));
  // the k-th round has half as many runs with twice the calls each
  let limit = Math.max(16, Math.floor(calls / (candidates.length * (1 + rounds / 2)) || 0));
  while (left.length > 0 && spent < calls) {
    for (const runner of left) {
      const most = Math.min(
        limit,
        Math.ceil(within * fewest),
        Math.floor((runner.last?.calls ?? 0) + calls - spent),
      );
      const made = runner.last?.calls ?? 0;
      if (most <= made) continue;
      const { checkpoint: from } = runner;
      let run: Solution<State>;
      try {
        run = yield* solving(problem, methodFrom(runner.candidate.spec, facts), {
          start,
          calls: most,
          // under noise no run comes to rest, and to look after each step costs a pass over all terms
          ...(problem.draw === undefined && { tolerance }),
          ...(from && { from }),
        });
      } catch (error) {
        // the problem lacks what it asks for, as products with Jᵀ
        if (!(error instanceof InputError)) throw error;
        runner.refused = error.message;
        continue;
      }
      spent += run.calls - made;
      runner.checkpoint = run.checkpoint;
      runner.last = {
        candidate: runner.candidate,
        status: run.status,
        calls: run.calls,
        residual: run.residual,
      };
      if (converged(runner.last)) fewest = Math.min(fewest, run.calls);
    }
    const going = left.filter(({ last }) => last !== undefined && !over(last));
    const better = ranked(going.flatMap(({ last }) => last ?? []));
    const kept = new Set(
      better
        .slice(0, fewest < Infinity ? better.length : Math.ceil(better.length / 2))
        .map((one) => one.candidate),
    );
    left = going.filter(({ candidate, last }) => kept.has(candidate) && last!.calls < within * fewest - 1);
    if (limit >= within * fewest) break;
    limit *= 2;
  }
  return {
    tried: runners.flatMap(({ last }) => last ?? []),
    refused: new Map(
      runners.flatMap(({ candidate, refused }) => (refused === undefined ? [] : [[candidate, refused]])),
    ),
    calls: spent,
    fewest,
  };
}

/** Factors by which the step size of the best is changed, the nearest first. */
const FACTORS = [2 ** 0.25, 2 ** -0.25, 2 ** 0.5, 2 ** -0.5, 2, 0.5];

/** The spec with its first number `stepSize`, within what it takes or its own, times a factor. */
function withStepSize(spec: Spec, factor: number): Spec | undefined {
  for (const [i, within] of spec.inner.entries()) {
    const changed = withStepSize(within, factor);
    if (changed !== undefined) return { ...spec, inner: spec.inner.with(i, changed) };
  }
  const { stepSize: γ } = spec.options;
  return typeof γ === 'number'
    ? { ...spec, options: { ...spec.options, stepSize: digits(γ * factor) } }
    : undefined;
}

/**
 * Tries longer and shorter steps for the fastest candidate as long as one is faster: the L that its step size
 * comes from may belong to directions that the constraints block. Returns the runs that were made.
 */
export function* refining(
  problem: Problem,
  start: Vector,
  facts: Facts,
  tried: readonly Tried[],
  { calls, tolerance }: Pick<TrialOptions, 'calls' | 'tolerance'>,
): Running<{ readonly tried: readonly Tried[]; readonly calls: number }> {
  let [best] = ranked(tried);
  let spent = 0;
  const made: Tried[] = [];
  for (let better = true; better && best !== undefined && converged(best);) {
    better = false;
    const from: Tried = best;
    const parsed = parseSpec(from.candidate.spec);
    for (const factor of FACTORS) {
      const changed = withStepSize(parsed, factor);
      if (changed === undefined) break;
      const spec = formatSpec(changed);
      if ([...tried, ...made].some(({ candidate }) => candidate.spec === spec)) continue;
      const most = Math.min(Math.ceil(best.calls) - 1, Math.floor(calls - spent));
      if (most < 1) break;
      const run = yield* solving(problem, methodFrom(spec, facts), { start, calls: most, tolerance });
      spent += run.calls;
      const one: Tried = {
        candidate: { spec, chosen: 'γ from trials' },
        status: run.status,
        calls: run.calls,
        residual: run.residual,
      };
      made.push(one);
      if (converged(one) && one.calls < best.calls) [best, better] = [one, true];
    }
  }
  return { tried: made, calls: spent };
}
