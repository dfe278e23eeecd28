import {
  InputError,
  normal,
  norm,
  waxpy,
  type Facts,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { settle, type Running } from '../drivers/asking.js';
import * as check from '../drivers/checks.js';
import { checkGame, checkOptions } from '../drivers/door.js';
import { TOLERANCE } from '../drivers/judge.js';
import { solving } from '../drivers/solve.js';
import { startOf } from '../drivers/start.js';
import { methodFrom } from '../registry.js';
import type { Diagnosis } from './diagnosis.js';
import { COVERED_WITHIN } from './advice.js';
import { short } from './kinds.js';
import { hasConverged, type Status } from '../drivers/run.js';

/** A run of one method from one start. */
export interface VerifyingRun {
  readonly spec: string;
  readonly status: Status;
  readonly calls: number;
  readonly residual: number;
}

/** The advice against plain gradient steps, from one start. */
export interface Verified {
  readonly from: string;
  readonly advice: VerifyingRun;
  /** The best of all step sizes that were tried. */
  readonly gda: VerifyingRun;
  /**
   * Whether the advice was right: it converged, in at most 1.1 times the calls of gda at its best step size;
   * or, where neither converged, its residual is at most 1.1 times gda's.
   */
  readonly right: boolean;
}

/** Step sizes of gda, as shares of 1/L. */
const SHARES = [0.01, 0.03, 0.1, 0.3, 0.6, 1, 1.4, 1.9];

/** Options of {@link verifyAdvice}. */
export interface VerifyOptions {
  /** Default: the problem's own. */
  readonly start?: Vector;
  /**
   * Calls of each run. Default: 20 times what the advice needed, of a sampled problem as many, between 1,000
   * and 100,000.
   */
  readonly calls?: number;
  /** As of `solve`. Default: 1e-8. */
  readonly tolerance?: number;
}

/**
 * Runs the advice against gda at eight step sizes, each with the same calls, from the start of the diagnosis
 * and from another one, as far from it as ‖z₀‖, or 1. @throws InputError for a diagnosis without advice.
 */
export async function verifyAdvice(
  problem: Problem,
  diagnosis: Diagnosis,
  options: VerifyOptions = {},
): Promise<readonly Verified[]> {
  checkGame('verifyAdvice', problem);
  const { start, calls, tolerance } = check;
  checkOptions('verifyAdvice', { start, calls, tolerance }, options);
  return settle(verifying(problem, diagnosis, options));
}

function* verifying(
  problem: Problem,
  { advice, methods, estimates }: Diagnosis,
  { start = startOf(problem), calls, tolerance = TOLERANCE }: VerifyOptions,
): Running<readonly Verified[]> {
  if (advice === null) throw new InputError(`there is no advice for ${problem.name} that could be verified`);
  const needed = methods.find(({ spec }) => spec === advice.spec)?.tried?.calls ?? 0;
  const sampled = problem.draw !== undefined;
  const budget = calls ?? Math.min(100_000, Math.max(1_000, Math.ceil((sampled ? 1 : 20) * needed)));
  const found = estimates.find(({ name }) => name === 'lipschitz');
  const L = found?.stated ?? found?.value ?? 0;
  const facts: Facts = { ...problem.facts, lipschitz: L };
  const elsewhere = start.slice();
  normal(elsewhere, { seed: 0, purpose: 'verify: another start' });
  waxpy(elsewhere, start, (norm(start) || 1) / (norm(elsewhere) || 1), elsewhere);
  problem.constraint?.prox(elsewhere, 1);
  const all: Verified[] = [];
  for (const [from, z0] of [
    ['the same start', start],
    ['another start', elsewhere],
  ] as const) {
    function* run(spec: string): Running<VerifyingRun> {
      const {
        status,
        calls: used,
        residual,
      } = yield* solving(problem, methodFrom(spec, facts), {
        start: z0,
        calls: budget,
        ...(sampled ? {} : { tolerance }),
      });
      return { spec, status, calls: used, residual };
    }
    const own = yield* run(advice.spec);
    let best: VerifyingRun | undefined;
    for (const share of SHARES) {
      const one = yield* run(`gda(stepSize=${Number((L > 0 ? share / L : share).toPrecision(3))})`);
      if (best === undefined || better(one, best)) best = one;
    }
    if (best === undefined) throw new Error('gda has no step sizes');
    const right = isDone(own)
      ? !isDone(best) || own.calls <= COVERED_WITHIN * best.calls + 1
      : !isDone(best) && own.residual <= COVERED_WITHIN * best.residual;
    all.push({ from, advice: own, gda: best, right });
  }
  return all;
}

const isDone = ({ status }: VerifyingRun): boolean => hasConverged(status);
const better = (a: VerifyingRun, b: VerifyingRun): boolean =>
  isDone(a)
    ? !isDone(b) || a.calls < b.calls
    : !isDone(b) && !(a.residual >= b.residual) && !Number.isNaN(a.residual);

/** Whether the advice was right, in a sentence for each start. */
export const verifiedInWords = (verified: readonly Verified[]): readonly string[] =>
  verified.map(({ from, advice, gda, right }) => {
    const one = ({ spec, status, calls, residual }: VerifyingRun): string =>
      `${spec} ${hasConverged(status) ? `converged in ${short(calls)} calls` : status === 'budget' ? `has residual ${short(residual)} after ${short(calls)} calls` : `diverged after ${short(calls)} calls`}`;
    return `From ${from} the advice was ${right ? 'right' : 'wrong'}: ${one(advice)}; ${one(gda)}, its best step size of ${SHARES.length}.`;
  });
