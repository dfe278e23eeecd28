import { dataFrom } from '@stillpoint/datasets';
import type { GanGame } from '@stillpoint/gans';
import { train } from '@stillpoint/optimizers';
import { mintyAlong, type MintyAngle } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Measure, Series } from '@stillpoint/tracking';
import { drawnBy } from '../../trial/game-source.js';
import { presetGame } from '../../trial/gan-trial.js';
import { fashionTable } from '../gan-preset.js';
import type { FigureOptions } from '../paper.js';
import type { Row } from '../runs.js';

/** How large the runs are, and on what. */
export interface GanSize {
  /** A data set's spec, or a path. */
  readonly data: string;
  readonly model: string;
  /** Examples in a gradient, and in those that are measured: always the same ones. */
  readonly batch: number;
  readonly measured: number;
  /** Oracle calls of each run, and points of it that are measured. */
  readonly calls: number;
  readonly points: number;
  readonly seeds: number;
  readonly firstSeed: number;
}

/** A method that is run, and its calls a step. */
export interface GanMethod {
  readonly method: string;
  readonly calls: number;
}

const measure = (x: number): Measure => (Number.isFinite(x) ? x : null);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Which player is which, by index. */
const [D, G] = [0, 1];

/** Means of the first and of the last quarter of values. */
export function quarters(values: readonly number[]): { readonly first: number; readonly last: number } {
  const n = Math.ceil(values.length / 4);
  return { first: mean(values.slice(0, n)), last: mean(values.slice(-n)) };
}

/**
 * Trains a GAN on images with each method and seed, and measures at some points of each run both
 * players’ gradients, on one batch that is always the same, against the way to the end of the run. A seed
 * gives all methods the same start and draws. Runs one after another, in this process.
 */
export async function ganRuns(
  methods: readonly GanMethod[],
  { data: source, model, batch, measured, calls, points: count, seeds, firstSeed }: GanSize,
  { engine, signal, onProgress }: Pick<FigureOptions, 'engine' | 'signal' | 'onProgress'>,
): Promise<readonly Row[]> {
  const preset = fashionTable({
    name: 'one-sided',
    title: 'one-sided',
    calls,
    model,
    loss: 'non-saturating',
  });
  const { train: data } = await dataFrom(source);
  const made: GanGame[] = [];
  const gameOf = async (size: number, seed: number): Promise<GanGame> => {
    const game = await presetGame({ ...preset, batch: size }, data, seed, engine);
    made.push(game);
    return game;
  };
  try {
    const [trained, fixed] = [await gameOf(batch, 1), await gameOf(measured, 2)];
    const rows: Row[] = [];
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++)
      for (const { method: spec, calls: each } of methods) {
        if (signal?.aborted) return rows;
        const steps = calls / each;
        const along = mintyAlong(fixed, { every: Math.ceil(steps / count) });
        let step = 0;
        const result = await train(drawnBy(trained, seed), methodFrom(spec), {
          start: trained.initialise(seed),
          seed,
          steps,
          ...(signal ? { signal } : {}),
          observe(progress) {
            along.observe(progress);
            onProgress?.(
              (rows.length + step++ / (steps + 1)) / (seeds * methods.length),
              `${spec}, seed ${seed}`,
            );
          },
        });
        const { points, all, players } = await along.measure();
        const of = (player: number, what: keyof MintyAngle): readonly number[] =>
          points.map((point) => point.players[player]![what]);
        const series = (values: readonly number[]): Series => ({
          x: points.map(({ step: k }) => k * each),
          y: values.map(measure),
        });
        const [generator, discriminator] = [quarters(of(G, 'gradient')), quarters(of(D, 'gradient'))];
        rows.push({
          label: spec,
          method: spec,
          seed,
          status: result.status,
          message: result.message,
          ledger: result.checkpoint.ledger,
          calls: result.calls,
          values: {
            generator: measure(generator.last / generator.first),
            discriminator: measure(discriminator.last / discriminator.first),
            'generator gradient': measure(generator.last),
            'discriminator gradient': measure(discriminator.last),
            'one-sided': measure(players[G]!.holds),
            full: measure(all.holds),
            lowest: measure(players[G]!.lowest),
          },
          series: {
            generator: series(of(G, 'gradient')),
            discriminator: series(of(D, 'gradient')),
            cosine: series(of(G, 'cosine')),
          },
        });
      }
    return rows;
  } finally {
    for (const game of made) await game.dispose();
  }
}
