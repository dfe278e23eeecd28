import { ganGame, lossFrom, modelFrom, type GanGame } from '@stillpoint/gans';
import { isFiniteVector } from '@stillpoint/operators';
import { train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Measure, RunStatus } from '@stillpoint/tracking';
import { measurerOf, type Measurer } from '../measurer.js';
import { playerRecord } from '../player-record.js';
import type { GanPreset } from '../presets/preset.js';
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

/** Measured values, null where one is no finite number. */
const finite = (values: { readonly [metric: string]: Measure }): { readonly [metric: string]: Measure } =>
  Object.fromEntries(
    Object.entries(values).map(([name, x]) => [name, x !== null && Number.isFinite(x) ? x : null]),
  );

/** Lets messages in: one turn of the event loop. */
const messages = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** How often a run tells of its players, evenly spread. */
const PLAYER_POINTS = 60;
/** Milliseconds between pictures. */
const PICTURE_MS = 3000;
/** All measurements of all runs feed the generator the same noise. */
const SAMPLE_SEED = 0;

/**
 * Runs one trial in this process: trains, and tells of losses, measures and samples as it goes.
 * What is measured is `z`, the point the method recommends. Seconds exclude measuring.
 */
export async function runGanTrial(
  { preset, method: spec, seed, calls, steps, engine }: GanTrial,
  tell: (event: TrialEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const method = methodFrom(spec);
  const measurer = await measurerOf(preset);
  const game = await presetGame(preset, measurer.train, seed, engine);
  tell({ kind: 'begin', engine: game.engine, version: game.version, about: game.about });
  const budget = calls ?? steps ?? preset.calls;
  const start = game.initialise(seed);
  const players = playerRecord(game.players, start);
  let [measured, pictured, recorded, told, shown] = [0, 0, 0, 0, performance.now()];
  let excluded = 0;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started - excluded) / 1000;

  const evaluate = async (
    z: Parameters<GanGame['sample']>[0],
    at: number,
    nominal: number,
    picture: boolean,
  ): Promise<void> => {
    const begun = performance.now();
    if (isFiniteVector(z)) {
      const examples = await game.sample(z, preset.samples, SAMPLE_SEED);
      if (isFiniteVector(examples)) {
        tell({ kind: 'measure', calls: at, values: finite(measurer.measure(examples)) });
        if (picture) tell({ kind: 'snapshot', snapshot: measurer.snapshot(examples, nominal) });
      }
    }
    excluded += performance.now() - begun;
  };

  /** A picture of where the run is, to be looked at while it goes on. */
  const show = async (z: Parameters<GanGame['sample']>[0]): Promise<void> => {
    const begun = performance.now();
    const examples = isFiniteVector(z) ? await game.sample(z, measurer.pictured, SAMPLE_SEED) : undefined;
    if (examples !== undefined && isFiniteVector(examples))
      tell({ kind: 'picture', calls: last.oracleCalls, png: measurer.picture(examples) });
    shown = performance.now();
    excluded += shown - begun;
  };

  let status: RunStatus = 'budget';
  let message = '';
  let last = { steps: 0, oracleCalls: 0 };
  let used = 0;
  try {
    const result = await train(players.watch(game), method, {
      start,
      ...(calls === undefined && steps !== undefined ? { steps } : { calls: budget }),
      ...(signal ? { signal } : {}),
      async observe({ state, ledger, calls: spent, losses: now }) {
        last = { steps: ledger.steps, oracleCalls: spent };
        players.moved(state.z, now);
        used = (calls === undefined && steps !== undefined ? ledger.steps : last.oracleCalls) / budget;
        const passed = (times: number): number => Math.floor(used * times + 1e-9);
        if (passed(PLAYER_POINTS) > recorded) {
          recorded = passed(PLAYER_POINTS);
          tell({ kind: 'players', calls: last.oracleCalls, ...players.take() });
        }
        const [due, picture] = [passed(preset.evaluations), passed(preset.snapshots)];
        if ((due > measured || picture > pictured) && used < 1) {
          await evaluate(
            state.z,
            last.oracleCalls,
            Math.round((picture * budget) / preset.snapshots),
            picture > pictured,
          );
          [measured, pictured] = [due, picture];
        }
        if (performance.now() - shown > PICTURE_MS) await show(state.z);
        if (performance.now() - told > 150) {
          told = performance.now();
          tell({ kind: 'progress', fraction: used, ...last, seconds: seconds() });
          await messages(); // engines that never wait, wasm and cpu, would let none in
        }
      },
    });
    status = result.status;
    message = result.message;
    const spent = seconds();
    tell({ kind: 'progress', fraction: used, ...last, seconds: spent });
    if (status === 'budget') await show(result.z); // who stops a run waits for its end
    if (status !== 'non-finite')
      await evaluate(
        result.z,
        last.oracleCalls,
        status === 'budget' ? budget : last.oracleCalls,
        status === 'budget',
      );
    tell({ kind: 'end', status, message, ...last, seconds: spent });
  } finally {
    await game.dispose();
  }
}
