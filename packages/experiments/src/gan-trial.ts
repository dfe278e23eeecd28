import { ganGame, mlp, type GanGame } from '@stillpoint/gans';
import { isFiniteVector } from '@stillpoint/operators';
import { oracleCalls, train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { RunStatus } from '@stillpoint/tracking';
import { measurerOf, type Measurer } from './measurer.js';
import type { GanPreset } from './presets/preset.js';
import type { GanTrial, TrialEvent } from './trial.js';

/** The preset's GAN over a data set, for one seed. */
export async function presetGame({ latent, generator, discriminator, output, batch }: GanPreset, data: Measurer['train'], seed: number, engine: GanTrial['engine']): Promise<GanGame> {
  const size = data.shape.reduce((a, b) => a * b, 1);
  return ganGame({
    generator: mlp({ sizes: [latent, ...generator, size], output }), discriminator: mlp({ sizes: [size, ...discriminator, 1], activation: 'leaky-relu' }),
    data, batch, seed, engine, threads: 1,
  });
}

/** Running means of each player's loss since the last `take`. */
function averager(players: readonly { readonly name: string }[]): { add(losses: ArrayLike<number>): void; take(): { [player: string]: number | null } } {
  const sums = players.map(() => ({ sum: 0, n: 0 }));
  return {
    add: (losses) => sums.forEach((entry, p) => {
      const loss = losses[p] ?? NaN;
      if (Number.isFinite(loss)) { entry.sum += loss; entry.n++; }
    }),
    take: () => Object.fromEntries(players.map(({ name }, p) => {
      const { sum = 0, n = 0 } = sums[p] ?? {};
      sums[p] = { sum: 0, n: 0 };
      return [name, n > 0 ? sum / n : null];
    })),
  };
}

/** How often a run tells its losses, evenly spread. */
const LOSS_POINTS = 60;
/** All measurements of all runs feed the generator the same noise. */
const SAMPLE_SEED = 0;

/**
 * Runs one trial in this process: trains, and tells of losses, measures and samples as it goes.
 * What is measured is `z`, the point the method recommends. Seconds exclude measuring.
 */
export async function runGanTrial({ preset, method: spec, seed, calls, steps, engine }: GanTrial, tell: (event: TrialEvent) => void, signal?: AbortSignal): Promise<void> {
  const method = methodFrom(spec);
  const measurer = await measurerOf(preset);
  const game = await presetGame(preset, measurer.train, seed, engine);
  tell({ kind: 'begin', engine: game.engine, version: game.version });
  const budget = calls ?? steps ?? preset.calls;
  const losses = averager(game.players);
  let [measured, pictured, lossed, told] = [0, 0, 0, 0];
  let excluded = 0;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started - excluded) / 1000;

  const evaluate = async (z: Parameters<GanGame['sample']>[0], at: number, nominal: number, picture: boolean): Promise<void> => {
    const begun = performance.now();
    if (isFiniteVector(z)) {
      const examples = await game.sample(z, preset.samples, SAMPLE_SEED);
      if (isFiniteVector(examples)) {
        tell({ kind: 'measure', calls: at, values: measurer.measure(examples) });
        if (picture) tell({ kind: 'snapshot', snapshot: measurer.snapshot(examples, nominal) });
      }
    }
    excluded += performance.now() - begun;
  };

  let status: RunStatus = 'budget';
  let message = '';
  let last = { steps: 0, oracleCalls: 0 };
  try {
    const result = await train(game, method, {
      start: game.initialise(seed), ...(calls === undefined && steps !== undefined ? { steps } : { calls: budget }), ...(signal ? { signal } : {}),
      async observe({ state, counts, losses: now }) {
        last = { steps: counts.steps, oracleCalls: oracleCalls(counts) };
        losses.add(now);
        const used = (calls === undefined && steps !== undefined ? counts.steps : last.oracleCalls) / budget;
        const passed = (times: number): number => Math.floor(used * times + 1e-9);
        if (passed(LOSS_POINTS) > lossed) {
          lossed = passed(LOSS_POINTS);
          tell({ kind: 'losses', calls: last.oracleCalls, values: losses.take() });
        }
        const [due, picture] = [passed(preset.evaluations), passed(preset.snapshots)];
        if ((due > measured || picture > pictured) && used < 1) {
          await evaluate(state.z, last.oracleCalls, Math.round((picture * budget) / preset.snapshots), picture > pictured);
          [measured, pictured] = [due, picture];
        }
        if (performance.now() - told > 150) {
          told = performance.now();
          tell({ kind: 'progress', fraction: used, ...last, seconds: seconds() });
        }
      },
    });
    status = result.status;
    message = result.message;
    const spent = seconds();
    if (status !== 'non-finite') await evaluate(result.z, last.oracleCalls, status === 'budget' ? budget : last.oracleCalls, status === 'budget');
    tell({ kind: 'end', status, message, ...last, seconds: spent });
  } finally {
    await game.dispose();
  }
}
