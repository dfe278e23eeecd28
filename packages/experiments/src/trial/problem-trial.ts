import {
  InputError,
  emptyLedger,
  isFiniteVector,
  residualOf,
  scale,
  waxpy,
  withLipschitz,
  type Buffers,
  type Ledger,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import type { EngineProblem } from '@stillpoint/networks';
import { pricesOf, pricing, train } from '@stillpoint/optimizers';
import { hasFullOperator } from '@stillpoint/optimizers/drivers';
import type { Measure, RunStatus } from '@stillpoint/tracking';
import { ownAuc } from '../own-auc.js';
import { ownGan } from '../own-gan.js';
import { playerRecord, savedRecord } from '../player-record.js';
import { stopwatch } from '../stopwatch.js';
import { trainConfig } from '../training/config.js';
import { drawnBy } from './game-source.js';
import { keptWhile } from './keeper.js';
import { buildOf } from './method-source.js';
import { messagesIn } from './messages-in.js';
import { ownIn } from './own-problem.js';
import { priceReports } from './prices.js';
import type { Given } from './run.js';
import { reporting, type At, type TrialFolder } from './trial-folder.js';
import type { Made, ProblemTrial, TrialEvent } from './trial.js';
import { figuresOf, withWarnings } from './warnings.js';

/** How often a run reports its players' series, and how often it is measured; evenly spread. */
const PLAYER_POINTS = 60;
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
  const full = (problem.draw && problem.mean) || problem;
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
  const clock = stopwatch();
  const problem = drawnBy(whole, seed);
  const { engine, about } = whole;
  const facts = withLipschitz(problem.facts ?? {}, () => lipschitz ?? 1);
  const method = clock.time((await buildOf(spec, given.methods))(facts));
  const before = folder?.before;
  const price = pricing(problem);
  let ledger: Ledger = before?.from.ledger ?? emptyLedger(problem.players.length);
  const seconds = (): number => (before?.seconds ?? 0) + clock.seconds();
  const made = (): Made => ({ ledger, calls: price(ledger), seconds: seconds() });
  const at = (): At => ({ step: ledger.steps, calls: price(ledger), seconds: seconds() });
  const kept = reporting(folder, pass, at);
  const { report } = kept;
  if (before === undefined)
    report({
      kind: 'begin',
      engine: engine.name,
      version: engine.version,
      about,
      terms: problem.terms?.count ?? 1,
    });
  const prices = priceReports(pricesOf(problem), report);
  const start = whole.initialise(seed - 1);
  const players = playerRecord(
    problem.players,
    before === undefined ? start : Float32Array.from(before.from.state.z),
    (work) => clock.without(work),
    savedRecord(before?.record, problem.players, problem.dim),
  );
  const measure = measuring(problem);
  const budget = calls ?? steps ?? NaN;
  let used = (calls === undefined ? ledger.steps : price(ledger)) / budget;
  const passed = (times: number): number => Math.floor(used * times + 1e-9);
  let [measured, recorded, reported] = [
    before === undefined ? -1 : passed(MEASURES),
    passed(PLAYER_POINTS),
    0,
  ];
  const gan = await ownGan(whole);
  const auc = ownAuc(whole);
  const evaluate = async (z: Vector, buffers: Buffers, spent: number, picture: boolean): Promise<void> => {
    if (!isFiniteVector(z)) return;
    const values = { ...(await auc?.measure(z)), ...(await measure(z.slice(), buffers)) };
    report({ kind: 'points', calls: spent, values });
    const examples = await gan?.sample(Float32Array.from(z));
    if (gan === undefined || examples === undefined || !isFiniteVector(examples)) return;
    report({ kind: 'points', calls: spent, values: await gan.measure(examples) });
    if (!picture || gan.plots.length === 0) return;
    const nominal = Math.round(Math.min(1, used) * PICTURES) * (budget / PICTURES);
    report({ kind: 'snapshot', snapshot: gan.snapshot(examples, nominal) });
  };
  const result = await train(players.watch(problem), method, {
    start,
    ...(calls === undefined && steps !== undefined ? { steps } : { calls: budget }),
    ...(signal ? { signal } : {}),
    ...(before && { from: before.from }),
    seed,
    async observe(progress) {
      const { state, calls: spent, losses: now, buffers } = progress;
      ledger = structuredClone(progress.ledger); // the run changes it later
      players.moved(state.z, now);
      used = (calls === undefined ? ledger.steps : spent) / budget;
      if (passed(PLAYER_POINTS) > recorded) {
        recorded = passed(PLAYER_POINTS);
        report({ kind: 'points', calls: spent, values: players.take() });
      }
      if (passed(MEASURES) > measured && used < 1) {
        measured = passed(MEASURES);
        await evaluate(state.z, buffers, spent, measured % (MEASURES / PICTURES) === 0 && measured > 0);
      }
      if (folder?.due()) {
        prices(ledger);
        folder.save(progress.checkpoint(), at(), players.save());
      }
      if (performance.now() - reported > 150) {
        reported = performance.now();
        prices(ledger);
        report({ kind: 'progress', fraction: Math.min(1, used), ...made() });
        await messagesIn();
      }
    },
  });
  ({ ledger } = result);
  const end = made();
  prices(ledger);
  const status: RunStatus = result.status;
  if (status === 'stopped') {
    folder?.save(result.checkpoint, at(), players.save());
    kept.release();
  }
  report({ kind: 'progress', fraction: Math.min(1, used), ...end });
  if (status !== 'non-finite') await evaluate(result.z, result.checkpoint.buffers, end.calls, true);
  const warnings = [...(gan?.warnings ?? []), ...result.warnings, ...kept.lost()];
  const message = withWarnings({ message: result.message, warnings });
  report({ kind: 'end', status, message, ...figuresOf(result), ...end });
  kept.end(result.checkpoint, players.save());
}
