import {
  InputError,
  isFiniteVector,
  residualOf,
  scale,
  waxpy,
  withLipschitz,
  type Buffers,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import type { EngineProblem } from '@stillpoint/networks';
import { fullProblem, hasFullOperator } from '@stillpoint/optimizers/drivers';
import type { Measure } from '@stillpoint/tracking';
import { ownAuc } from '../own-auc.js';
import { ownGan } from '../own-gan.js';
import { trainConfig } from '../training/config.js';
import { drawnBy } from './game-source.js';
import { keptWhile } from './keeper.js';
import { buildOf } from './method-source.js';
import { ownIn } from './own-problem.js';
import type { Given } from './run.js';
import { PLAYER_POINTS, trainTrial } from './trained.js';
import type { TrialFolder } from './trial-folder.js';
import type { ProblemTrial, TrialEvent } from './trial.js';

/** How often a run is measured, evenly spread. */
const MEASURES = 40;
/** How many pictures there are of what a GAN generates. */
const PICTURES = 4;
/** Draws on which a problem that has nothing but draws is measured, the same in all runs. */
export const HELD_OUT_DRAWS = 16;
/** The worker whose draws these are: no run has it. */
const HELD_OUT_WORKER = 2 ** 31;

const finite = (x: number): Measure => (Number.isFinite(x) ? x : null);

/** The values at z: the natural residual and each player's loss. */
type Values = { readonly [name: string]: Measure };

/**
 * Measures points of a problem, with what it remembers there, on all of it, or on draws that no run trains
 * on, if there is nothing but draws. No method is charged for that.
 */
export function measuring(problem: Problem): (z: Vector, buffers: Buffers) => Promise<Values> {
  const full = fullProblem(problem);
  const { players } = full;
  return async (z, buffers) => {
    const [F, mean] = [z.slice(), z.slice().fill(0)];
    const losses = new Float64Array(players.length);
    const sums = new Float64Array(players.length);
    const draws = hasFullOperator(problem) ? 1 : HELD_OUT_DRAWS;
    for (let call = 0; call < draws; call++) {
      losses.fill(NaN);
      const sample = hasFullOperator(problem) ? undefined : problem.draw?.(call, undefined, HELD_OUT_WORKER);
      await full.operator(z, F, { player: undefined, sample, losses, buffers });
      waxpy(mean, mean, 1, F);
      for (const [p, loss] of losses.entries()) sums[p] = sums[p]! + loss / draws;
    }
    scale(mean, 1 / draws);
    const residual = isFiniteVector(mean) ? residualOf(full, z, mean) : NaN;
    return {
      residual: finite(residual),
      ...Object.fromEntries(players.map(({ name }, p) => [`full loss ${name}`, finite(sums[p]!)])),
    };
  };
}

/** The problem of a trial, and whether this trial must dispose of it. */
async function problemOf(
  source: ProblemTrial['problem'],
  given: Given,
): Promise<{ readonly problem: EngineProblem; readonly owned: boolean }> {
  if (given.problem) return { problem: given.problem, owned: false };
  if (source === null) throw new InputError('a problem given as an object cannot be sent to a process');
  const own = await ownIn(source);
  if (!('problem' in own))
    throw new InputError(
      `${source.name} exports a game of plain functions where a problem was exported before`,
    );
  return { problem: own.problem, owned: true };
}

/** The trial as the settings of a training run, so that `sample` and `evaluate` read its folder. */
function configOf({ problem, method, seed, calls, steps }: ProblemTrial): object {
  if (typeof method !== 'string' || problem === null || calls === undefined) return { steps: steps ?? null };
  return trainConfig('the trial', {
    file: problem.name,
    method,
    seed,
    calls,
    recordEvery: Math.ceil(calls / PLAYER_POINTS),
    measureEvery: Math.ceil(calls / MEASURES),
    pictureEvery: Math.ceil(calls / PICTURES),
  });
}

/**
 * Runs one trial on a problem that an engine computes: trains, and reports losses, gradients and measurements
 * meanwhile. What is measured is `z`, the point that the method recommends. A trial that keeps a folder goes
 * on from what it holds, and then reports what it would have reported without the interruption.
 */
export async function runProblemTrial(
  trial: ProblemTrial,
  report: (event: TrialEvent) => void,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  const { problem: whole, owned } = await problemOf(trial.problem, given);
  try {
    const { name: engine, version } = whole.engine;
    await keptWhile(
      trial,
      report,
      () => ({
        config: configOf(trial),
        environment: { engine, version, node: process.version },
        identity: whole.identity ?? { problem: whole.name },
      }),
      (folder) => trained(trial, whole, report, folder, signal, given),
    );
  } finally {
    if (owned) await whole.dispose();
  }
}

async function trained(
  { method: spec, seed, lipschitz, calls, steps }: ProblemTrial,
  whole: EngineProblem,
  pass: (event: TrialEvent) => void,
  folder: TrialFolder | undefined,
  signal: AbortSignal | undefined,
  given: Given,
): Promise<void> {
  const problem = drawnBy(whole, seed);
  const facts = withLipschitz(problem.facts ?? {}, () => lipschitz ?? 1);
  const method = (await buildOf(spec, given.methods))(facts);
  const residual = measuring(problem);
  const gan = await ownGan(whole);
  const auc = ownAuc(whole);
  await trainTrial(
    {
      problem,
      method,
      start: whole.initialise(seed - 1),
      seed,
      budget: calls === undefined && steps !== undefined ? { steps } : { calls: calls ?? NaN },
      begin: { engine: whole.engine.name, version: whole.engine.version, about: whole.about },
      measures: MEASURES,
      pictures: PICTURES,
      fromStart: true,
      warnings: gan?.warnings ?? [],
      async measure({ z, buffers, at, picture, nominal }, report) {
        const values = { ...(await auc?.measure(z)), ...(await residual(z.slice(), buffers)) };
        report({ kind: 'points', calls: at.calls, values });
        const examples = await gan?.sample(Float32Array.from(z));
        if (gan === undefined || examples === undefined || !isFiniteVector(examples)) return;
        report({ kind: 'points', calls: at.calls, values: await gan.measure(examples) });
        if (picture && gan.plots.length > 0)
          report({ kind: 'snapshot', snapshot: gan.snapshot(examples, nominal) });
      },
    },
    pass,
    folder,
    signal,
  );
}
