import { datasetFrom } from '@stillpoint/datasets';
import { integer, type Full } from '@stillpoint/operators';
import { optimiseInitialisation, train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Column, Section } from '@stillpoint/tracking';
import { finiteValues, SAMPLE_SEED } from '../../finite-values.js';
import { runMeasurerOf } from '../../measurer.js';
import { ring as preset } from '../../presets/ring.js';
import { drawnBy } from '../../trial/game-source.js';
import { presetGame } from '../../trial/gan-trial.js';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { BOUND, cosinesAt } from './scaled-starts.js';

const options = {
  ...seedOptions(6),
  // of 128, as in training, the gradients agree to 0.99 as they are
  part: integer({ about: 'examples in a sub-batch', from: 1, to: 1024, default: 8 }),
  subBatches: integer({ about: 'sub-batches by which the scales are learned', from: 2, to: 64, default: 8 }),
  calls: integer({ about: 'calls of training', from: 1, default: 2000 }),
};
type Values = Full<typeof options>;
/** Sub-batches on which GradCosine is measured. */
const OTHERS = 64;
/** With fewer calls samples are of no quality yet. */
const FEWEST = 1000;
const METHOD = 'alternating-adam(stepSize=0.002, beta1=0.5)';

const columns: readonly Column[] = [
  { name: 'D', label: 'GradCosine of D on other draws', better: 'higher', digits: 3 },
  { name: 'G', label: 'GradCosine of G on other draws', better: 'higher', digits: 3 },
  {
    name: 'norm',
    label: 'largest norm of a player, as a multiple of that as drawn',
    better: 'lower',
    digits: 3,
  },
  { name: 'highQuality', label: 'samples of high quality', unit: '%', better: 'higher', digits: 3 },
];
const [PLAIN, SCALED] = [0, 1];

async function table(
  values: Values,
  { engine, signal, onProgress }: FigureOptions,
): Promise<readonly Section[]> {
  const { calls, part, subBatches } = values;
  const seeds = seedsOf(values);
  const { train: data } = await datasetFrom(preset.dataset);
  const parts = await presetGame({ ...preset, batch: part }, data, 1, engine);
  const others = await presetGame({ ...preset, batch: part }, data, 2, engine);
  const game = await presetGame(preset, data, 1, engine);
  const measurer = await runMeasurerOf(preset);
  const rows: Row[] = [];
  try {
    for (const [i, seed] of seeds.entries()) {
      if (signal?.aborted) break;
      onProgress?.(i / seeds.length, `seed ${seed}`);
      const start = game.initialise(seed);
      const found = await optimiseInitialisation(drawnBy(parts, seed), {
        start,
        target: 'gc',
        bound: BOUND,
        subBatches,
      });
      for (const [label, z, asked] of [
        ['as drawn', start, 0],
        ['gc', Float32Array.from(found.z), found.calls],
      ] as const) {
        const { z: end } = await train(drawnBy(game, seed), methodFrom(METHOD), { start: z, seed, calls });
        const samples = await game.sample(end, preset.samples, SAMPLE_SEED);
        const [before, after] = [await cosinesAt(others, start, OTHERS), await cosinesAt(others, z, OTHERS)];
        rows.push({
          label,
          method: METHOD,
          seed,
          calls: asked * (part / preset.batch) + calls,
          values: {
            ...Object.fromEntries(after.map(({ player, cosine }) => [player, cosine])),
            norm: Math.max(...after.map(({ norm }, p) => norm / before[p]!.norm)),
            highQuality: finiteValues(await measurer.measure(samples))['highQuality'] ?? null,
          },
        });
      }
    }
    return [
      tableSection({
        title: 'Scales of both players’ starts on the ring',
        problem: game.name,
        about: `The scales are learned by the target gc on ${subBatches} sub-batches of ${part} examples; GradCosine is measured on ${OTHERS} other draws.`,
        columns,
        rows,
        players: ['D', 'G'],
        settings: {
          calls: `in gradients of both players on ${preset.batch} examples: those of learning the scales, and ${calls} of training`,
          'samples of high quality': `of ${preset.samples} after the training`,
        },
        verdict: ['Gradients of both players agree more. What that does to a GAN’s training is not known.'],
        identity: { figure: 'gradcosine/ring', ...sizesOf(values) },
      }),
    ];
  } finally {
    await Promise.all([parts, others, game, measurer].map((one) => one.dispose()));
  }
}

/** A GAN: both players. */
export const ring = figure({
  name: 'ring',
  title: 'A GAN: the gradients of both players agree more',
  shows:
    'GradCosine of discriminator and generator on draws that their scales were not learned on, and the quality of samples after a short training.',
  takes: 'a minute',
  options,
  quick: { calls: 40, seeds: 2 },
  settings: ({ part, subBatches, calls, ...values }) => [
    ours('GAN', `${preset.model}, as in the preset ring; the paper has no GANs`),
    ours(
      'target, γ, D',
      `gc, ${BOUND} times each player’s mean norm at the start, ${subBatches} of ${part} examples`,
    ),
    ours('training', `${calls.toLocaleString('en')} calls of ${METHOD}`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ calls, seeds }) => [
    {
      name: 'both',
      statement:
        'In the mean over seeds GradCosine rises for both players, on draws that the scales were not learned on',
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const [drawn, scaled] = [runsAt(section, PLAIN), runsAt(section, SCALED)];
        if (drawn.length === 0 || scaled.length === 0) return undefined;
        const pairs = ['D', 'G'].map((player) => ({
          player,
          values: valuesOf(drawn, player).map((x, i) => [x, valuesOf(scaled, player)[i] ?? NaN] as const),
        }));
        return {
          holds: pairs.every(({ values }) => values.reduce((sum, [from, to]) => sum + to - from, 0) > 0),
          measured: pairs
            .map(
              ({ player, values }) =>
                `${player} ${values.map(([x, y]) => `${short(x)} → ${short(y)}`).join(', ')}`,
            )
            .join('; '),
        };
      },
    },
    {
      name: 'samples',
      statement: 'After the training more samples are of high quality, with every seed',
      source: 'Stillpoint’s',
      expected: false,
      needs: `at least ${FEWEST.toLocaleString('en')} calls`,
      judge([section]) {
        const [drawn, scaled] = [runsAt(section, PLAIN), runsAt(section, SCALED)];
        if (calls < FEWEST || drawn.length < seeds || scaled.length < seeds) return undefined;
        const [from, to] = [drawn, scaled].map((runs) => valuesOf(runs, 'highQuality'));
        return {
          holds: from!.every((x, i) => to![i]! > x),
          measured: `as drawn ${from!.map(short).join(', ')} %, scaled ${to!.map(short).join(', ')} %`,
        };
      },
    },
  ],
  run: table,
});
