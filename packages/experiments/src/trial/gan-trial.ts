import { ganGame, lossFrom, modelFrom, type GanGame } from '@stillpoint/gans';
import { emptyLedger, isFiniteVector, type Ledger } from '@stillpoint/operators';
import { pricesOf, pricing, train } from '@stillpoint/optimizers';
import type { Measure, RunStatus } from '@stillpoint/tracking';
import { runMeasurerOf, type Measurer } from '../measurer.js';
import { playerRecord } from '../player-record.js';
import type { GanPreset } from '../presets/preset.js';
import { stopwatch } from '../stopwatch.js';
import { messagesIn } from './messages-in.js';
import { buildOf } from './method-source.js';
import { priceReports } from './prices.js';
import type { Given } from './run.js';
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

/** Measured values, with null in place of numbers that are not finite. */
const finite = (values: { readonly [metric: string]: Measure }): { readonly [metric: string]: Measure } =>
  Object.fromEntries(
    Object.entries(values).map(([name, x]) => [name, x !== null && Number.isFinite(x) ? x : null]),
  );

/** How often a run reports its players' series, evenly spread. */
const PLAYER_POINTS = 60;
/** Milliseconds between pictures. */
const PICTURE_MS = 3000;
/** In all measurements of all runs the generator gets the same noise. */
const SAMPLE_SEED = 0;

/**
 * Runs one trial in this process: trains, and reports losses, measurements and samples meanwhile. What is
 * measured is `z`, the point that the method recommends.
 */
export async function runGanTrial(
  { preset, method: source, seed, calls, steps, engine }: GanTrial,
  report: (event: TrialEvent) => void,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  const clock = stopwatch();
  const method = clock.time((await buildOf(source, given.methods))({}));
  const measurer = await runMeasurerOf(preset);
  const game = await presetGame(preset, measurer.train, seed, engine);
  report({
    kind: 'begin',
    engine: game.engine.name,
    version: game.engine.version,
    about: [game.about, ...game.warnings].join('. Note: '),
    terms: game.terms?.count ?? 1,
  });
  const prices = priceReports(pricesOf(game), report);
  const budget = calls ?? steps ?? preset.calls;
  const start = game.initialise(seed);
  const players = playerRecord(game.players, start, (work) => clock.without(work));
  const price = pricing(game);
  let [measured, pictured, recorded, reported, shown] = [0, 0, 0, 0, performance.now()];
  let ledger: Ledger = emptyLedger(game.players.length);
  const made = (): Made => ({ ledger, calls: price(ledger), seconds: clock.seconds() });

  const evaluate = async (
    z: Parameters<GanGame['sample']>[0],
    at: number,
    nominal: number,
    picture: boolean,
  ): Promise<void> => {
    if (isFiniteVector(z)) {
      const examples = await game.sample(z, preset.samples, SAMPLE_SEED);
      if (isFiniteVector(examples)) {
        report({ kind: 'points', calls: at, values: finite(await measurer.measure(examples)) });
        if (picture) report({ kind: 'snapshot', snapshot: measurer.snapshot(examples, nominal) });
      }
    }
  };

  /** Reports a picture of the run's samples while it goes on. */
  const show = async (z: Parameters<GanGame['sample']>[0]): Promise<void> => {
    const examples = isFiniteVector(z) ? await game.sample(z, measurer.pictured, SAMPLE_SEED) : undefined;
    if (examples !== undefined && isFiniteVector(examples))
      report({
        kind: 'picture',
        calls: price(ledger),
        png: Buffer.from(measurer.picture(examples).png).toString('base64'),
      });
    shown = performance.now();
  };

  let status: RunStatus = 'budget';
  let message = '';
  let used = 0;
  try {
    const result = await train(players.watch(game), method, {
      start,
      ...(calls === undefined && steps !== undefined ? { steps } : { calls: budget }),
      ...(signal ? { signal } : {}),
      seed,
      async observe({ state, ledger: asked, calls: spent, losses: now }) {
        ledger = structuredClone(asked); // the run changes it later
        players.moved(state.z, now);
        used = (calls === undefined && steps !== undefined ? asked.steps : spent) / budget;
        const passed = (times: number): number => Math.floor(used * times + 1e-9);
        if (passed(PLAYER_POINTS) > recorded) {
          recorded = passed(PLAYER_POINTS);
          report({ kind: 'points', calls: spent, values: players.take() });
        }
        const [due, picture] = [passed(preset.evaluations), passed(preset.snapshots)];
        if ((due > measured || picture > pictured) && used < 1) {
          await evaluate(
            state.z,
            spent,
            Math.round((picture * budget) / preset.snapshots),
            picture > pictured,
          );
          [measured, pictured] = [due, picture];
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
    status = result.status;
    message = withWarnings({ message: result.message, warnings: [...game.warnings, ...result.warnings] });
    const figures = figuresOf(result);
    ledger = result.ledger;
    const whole = made();
    prices(ledger);
    report({ kind: 'progress', fraction: Math.min(1, used), ...whole });
    if (status === 'budget') await show(result.z); // not after a stop: the user waits for the end
    if (status !== 'non-finite')
      await evaluate(result.z, whole.calls, status === 'budget' ? budget : whole.calls, status === 'budget');
    report({ kind: 'end', status, message, ...figures, ...whole });
  } finally {
    await game.dispose();
    await measurer.dispose();
  }
}
