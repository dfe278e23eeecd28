import { ganGame, lossFrom, modelFrom, type GanGame } from '@stillpoint/gans';
import { emptyLedger, isFiniteVector, sizeOf, type Ledger, type Vector } from '@stillpoint/operators';
import { pricesOf, pricing, train } from '@stillpoint/optimizers';
import type { RunStatus } from '@stillpoint/tracking';
import { runMeasurerOf, type Measurer, type RunMeasurer } from '../measurer.js';
import { SAMPLE_SEED, finiteValues } from '../finite-values.js';
import { playerRecord, savedRecord } from '../player-record.js';
import type { GanPreset } from '../presets/preset.js';
import { stopwatch } from '../stopwatch.js';
import { trainConfig } from '../training/config.js';
import { messagesIn } from './messages-in.js';
import { keptWhile } from './keeper.js';
import { buildOf } from './method-source.js';
import { priceReports } from './prices.js';
import type { Given } from './run.js';
import { reporting, type At, type TrialFolder } from './trial-folder.js';
import type { GanTrial, Made, TrialEvent } from './trial.js';
import { figuresOf, withWarnings } from './warnings.js';

/** The preset's GAN over a data set, for one seed. */
export async function presetGame(
  { model, loss, batch }: GanPreset,
  data: Measurer['train'],
  seed: number,
  engine: GanTrial['engine'],
): Promise<GanGame> {
  return ganGame({
    ...modelFrom(model, data.shape),
    loss: lossFrom(loss),
    data,
    batch,
    seed,
    engine,
    threads: 1,
  });
}

/** How often a run reports its players' series, evenly spread. */
const PLAYER_POINTS = 60;
/** Milliseconds between pictures. */
const PICTURE_MS = 3000;

/** The trial as the settings of a training run, so that `sample`, `evaluate` and `export` read its folder. */
function configOf({ preset, method, seed, calls, steps, engine }: GanTrial): object {
  const { dataset, model, loss, batch, metrics, headline, samples, evaluations, snapshots } = preset;
  if (typeof method !== 'string' || (calls === undefined && steps !== undefined)) return { steps };
  const budget = calls ?? preset.calls;
  return trainConfig('the trial', {
    data: dataset,
    model,
    loss,
    batch,
    method,
    seed,
    calls: budget,
    engine,
    metrics,
    best: headline,
    samples,
    recordEvery: Math.ceil(budget / PLAYER_POINTS),
    measureEvery: Math.ceil(budget / evaluations),
    pictureEvery: Math.ceil(budget / snapshots),
  });
}

/**
 * Runs one trial in this process: trains, and reports losses, measurements and samples meanwhile. What is
 * measured is `z`, the point that the method recommends. A trial that keeps a folder goes on from what it
 * holds, and then reports what it would have reported without the interruption.
 */
export async function runGanTrial(
  trial: GanTrial,
  report: (event: TrialEvent) => void,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  const measurer = await runMeasurerOf(trial.preset);
  try {
    const data = JSON.stringify(measurer.train.identity ?? trial.preset.dataset);
    if (trial.carry?.data !== undefined && trial.carry.data !== data)
      throw new Error(
        `the data ${trial.preset.dataset} of the worker are not those of the program that asked; expected the same`,
      );
    const game = await presetGame(trial.preset, measurer.train, trial.seed, trial.engine);
    try {
      const { name: engine, version } = game.engine;
      await keptWhile(
        trial,
        report,
        () => ({
          config: configOf(trial),
          environment: { engine, version, node: process.version },
          identity: game.identity ?? null,
        }),
        (folder) => trained(trial, game, measurer, report, folder, signal, given),
      );
    } finally {
      await game.dispose();
    }
  } finally {
    await measurer.dispose();
  }
}

async function trained(
  { preset, method: source, seed, calls, steps }: GanTrial,
  game: GanGame,
  measurer: RunMeasurer,
  pass: (event: TrialEvent) => void,
  folder: TrialFolder | undefined,
  signal: AbortSignal | undefined,
  given: Given,
): Promise<void> {
  const clock = stopwatch();
  const method = clock.time((await buildOf(source, given.methods))({}));
  const before = folder?.before;
  const price = pricing(game);
  let ledger: Ledger = before?.from.ledger ?? emptyLedger(game.players.length);
  const seconds = (): number => (before?.seconds ?? 0) + clock.seconds();
  const made = (): Made => ({ ledger, calls: price(ledger), seconds: seconds() });
  const at = (): At => ({ step: ledger.steps, calls: price(ledger), seconds: seconds() });
  const kept = reporting(folder, pass, at);
  const { report } = kept;
  if (before === undefined)
    report({
      kind: 'begin',
      engine: game.engine.name,
      version: game.engine.version,
      about: [game.about, ...game.warnings].join('. Note: '),
      terms: game.terms?.count ?? 1,
    });
  const prices = priceReports(pricesOf(game), report);
  const bySteps = calls === undefined && steps !== undefined;
  const budget = calls ?? steps ?? preset.calls;
  const start = game.initialise(seed);
  const players = playerRecord(
    game.players,
    before === undefined ? start : Float32Array.from(before.from.state.z),
    (work) => clock.without(work),
    savedRecord(before?.record, game.players, game.dim),
  );
  let used = (bySteps ? ledger.steps : price(ledger)) / budget;
  const passed = (times: number): number => Math.floor(used * times + 1e-9);
  let [measured, pictured] = [passed(preset.evaluations), passed(preset.snapshots)];
  let [recorded, reported, shown] = [passed(PLAYER_POINTS), 0, performance.now()];

  const evaluate = async (z: Vector, nominal: number, picture: boolean): Promise<void> => {
    if (!isFiniteVector(z)) return;
    const examples = await game.sample(z, preset.samples, SAMPLE_SEED);
    if (!isFiniteVector(examples)) return;
    const spent = seconds();
    const values = finiteValues(await measurer.measure(examples));
    report({ kind: 'points', calls: price(ledger), values: { ...values, seconds: spent } });
    if (!picture) return;
    report({ kind: 'snapshot', snapshot: measurer.snapshot(examples, nominal) });
    if (folder === undefined) return;
    const count = Math.min(measurer.pictured, preset.samples);
    const { png, ...size } = measurer.picture(examples.subarray(0, count * sizeOf(measurer.train.shape)));
    folder.picture(at(), png, size);
  };

  /** Reports a picture of the run's samples while it goes on. */
  const show = async (z: Vector): Promise<void> => {
    const examples = isFiniteVector(z) ? await game.sample(z, measurer.pictured, SAMPLE_SEED) : undefined;
    if (examples !== undefined && isFiniteVector(examples))
      report({
        kind: 'picture',
        calls: price(ledger),
        png: Buffer.from(measurer.picture(examples).png).toString('base64'),
      });
    shown = performance.now();
  };

  const result = await train(players.watch(game), method, {
    start,
    ...(bySteps ? { steps } : { calls: budget }),
    ...(signal ? { signal } : {}),
    ...(before && { from: before.from }),
    seed,
    async observe(progress) {
      const { state } = progress;
      ledger = structuredClone(progress.ledger); // the run changes it later
      players.moved(state.z, progress.losses);
      used = (bySteps ? ledger.steps : price(ledger)) / budget;
      if (passed(PLAYER_POINTS) > recorded) {
        recorded = passed(PLAYER_POINTS);
        report({ kind: 'points', calls: price(ledger), values: players.take() });
      }
      const [due, picture] = [passed(preset.evaluations), passed(preset.snapshots)];
      if ((due > measured || picture > pictured) && used < 1) {
        await evaluate(state.z, Math.round((picture * budget) / preset.snapshots), picture > pictured);
        [measured, pictured] = [due, picture];
      }
      if (folder?.due()) {
        prices(ledger);
        folder.save(progress.checkpoint(), at(), players.save());
      }
      if (performance.now() - shown > PICTURE_MS) await show(state.z);
      if (performance.now() - reported > 150) {
        reported = performance.now();
        prices(ledger);
        report({ kind: 'progress', fraction: Math.min(1, used), ...made() });
        await messagesIn(); // the engines wasm and cpu never wait, so that no message would arrive
      }
    },
  });
  const status: RunStatus = result.status;
  ({ ledger } = result);
  const whole = made();
  prices(ledger);
  if (status === 'stopped') {
    folder?.save(result.checkpoint, at(), players.save());
    kept.release();
  }
  report({ kind: 'progress', fraction: Math.min(1, used), ...whole });
  if (status === 'budget') await show(result.z); // not after a stop: the user waits for the end
  if (status !== 'non-finite')
    await evaluate(result.z, status === 'budget' ? budget : whole.calls, status === 'budget');
  const warnings = [...game.warnings, ...result.warnings, ...kept.lost()];
  const message = withWarnings({ message: result.message, warnings });
  report({ kind: 'end', status, message, ...figuresOf(result), ...whole });
  kept.end(result.checkpoint, players.save());
}
