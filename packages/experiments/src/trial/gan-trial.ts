import { ganGame, lossFrom, modelFrom, type GanGame } from '@stillpoint/gans';
import { isFiniteVector, sizeOf } from '@stillpoint/operators';
import { runMeasurerOf, type Measurer, type RunMeasurer } from '../measurer.js';
import { SAMPLE_SEED, finiteValues } from '../finite-values.js';
import type { GanPreset } from '../presets/preset.js';
import { trainConfig } from '../training/config.js';
import { keptWhile } from './keeper.js';
import { buildOf } from './method-source.js';
import type { Given } from './run.js';
import { PLAYER_POINTS, trainTrial } from './trained.js';
import type { TrialFolder } from './trial-folder.js';
import type { GanTrial, TrialEvent } from './trial.js';

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
  const method = (await buildOf(source, given.methods))({});
  await trainTrial(
    {
      problem: game,
      method,
      start: game.initialise(seed),
      seed,
      budget: calls === undefined && steps !== undefined ? { steps } : { calls: calls ?? preset.calls },
      begin: {
        engine: game.engine.name,
        version: game.engine.version,
        about: [game.about, ...game.warnings].join('. Note: '),
      },
      measures: preset.evaluations,
      pictures: preset.snapshots,
      fromStart: false,
      warnings: game.warnings,
      async measure({ z, at, picture, nominal }, report) {
        const examples = await game.sample(z, preset.samples, SAMPLE_SEED);
        if (!isFiniteVector(examples)) return;
        const values = finiteValues(await measurer.measure(examples));
        report({ kind: 'points', calls: at.calls, values: { ...values, seconds: at.seconds } });
        if (!picture) return;
        report({ kind: 'snapshot', snapshot: measurer.snapshot(examples, nominal) });
        if (folder === undefined) return;
        const count = Math.min(measurer.pictured, preset.samples);
        const { png, ...size } = measurer.picture(examples.subarray(0, count * sizeOf(measurer.train.shape)));
        folder.picture(at, png, size);
      },
      async show(z) {
        const examples = await game.sample(z, measurer.pictured, SAMPLE_SEED);
        if (!isFiniteVector(examples)) return undefined;
        return Buffer.from(measurer.picture(examples).png).toString('base64');
      },
    },
    pass,
    folder,
    signal,
  );
}
