import { integer, type Full } from '@stillpoint/operators';
import { gda, train as trainBy } from '@stillpoint/optimizers';
import type { Column, Section } from '@stillpoint/tracking';
import { drawnBy } from '../../trial/game-source.js';
import { imageClassifier, imagesOption } from '../image-classifier.js';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, published, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { BOUND, LARGE, SMALL, cosinesAt, startsOf } from './scaled-starts.js';

/** Images in a sub-batch, and in a step of training; sub-batches of other images by which GC is measured. */
const [PART, BATCH, OTHERS] = [16, 64, 32];
const options = {
  ...seedOptions(3),
  data: imagesOption,
  hidden: integer({ about: 'units of the hidden layer', from: 1, to: 4096, default: 128 }),
  iterations: integer({ about: 'iterations by which the scales are learned', from: 1, default: 100 }),
  steps: integer({ about: 'steps of training', from: 1, default: 200 }),
  heldOut: integer({ about: 'images on which the ends are measured', from: 1, default: 2000 }),
};
type Values = Full<typeof options>;
/** With fewer steps the ends of training tell nothing. */
const FEWEST = 100;
const STEP_SIZES = [0.03, 0.1, 0.3];

const columns: readonly Column[] = [
  { name: 'cosine', label: 'GradCosine on other images', better: 'higher', digits: 3 },
  { name: 'norm', label: 'norm there, as a multiple of that as drawn', better: 'lower', digits: 3 },
  { name: 'testLoss', label: 'test loss, with its best step size', unit: 'nats', better: 'lower', digits: 4 },
  { name: 'accuracy', label: 'test accuracy there', unit: '%', better: 'higher', digits: 4 },
];
const [PLAIN, GC, SMALL_K, LARGE_K] = [0, 1, 2, 3];
const SCALED = [GC, SMALL_K, LARGE_K];

async function table(values: Values, given: FigureOptions): Promise<readonly Section[]> {
  const { data, hidden, iterations, steps, heldOut } = values;
  const { signal, onProgress } = given;
  const seeds = seedsOf(values);
  const images = await imageClassifier({ data, model: `mlp(hidden=[${hidden}])`, heldOut }, given);
  const { train, network, accuracy } = images;
  const rows: Row[] = [];
  try {
    const parts = await images.problem({ batch: PART, seed: 1 });
    const others = await images.problem({ batch: PART, seed: 2 });
    const problem = await images.problem({ batch: BATCH, seed: 3 });
    for (const [i, seed] of seeds.entries()) {
      if (signal?.aborted) break;
      onProgress?.(i / seeds.length, `seed ${seed}`);
      const start = problem.initialise(seed);
      const [{ norm: unit } = { norm: NaN }] = await cosinesAt(others, start, OTHERS);
      for (const { label, z, calls } of await startsOf(drawnBy(parts, seed), start, { iterations })) {
        if (signal?.aborted) break;
        const [{ cosine, norm } = { cosine: NaN, norm: NaN }] = await cosinesAt(others, z, OTHERS);
        const ends: { readonly loss: number; readonly accuracy: number }[] = [];
        for (const stepSize of STEP_SIZES) {
          const { z: end } = await trainBy(drawnBy(problem, seed), gda({ stepSize }), {
            start: z,
            seed,
            steps,
          });
          ends.push(await accuracy.measure(Float32Array.from(end)));
        }
        const best = ends.filter(({ loss }) => Number.isFinite(loss)).toSorted((a, b) => a.loss - b.loss)[0];
        rows.push({
          label,
          method: `gda, the best of stepSize=${STEP_SIZES.join(', ')}`,
          seed,
          calls: calls * (PART / BATCH) + steps,
          values: {
            cosine,
            norm: norm / unit,
            testLoss: best?.loss ?? null,
            accuracy: best?.accuracy ?? null,
          },
        });
      }
    }
    return [
      tableSection({
        title: `Scales of a start on ${images.title}`,
        problem: `${network.describe} on ${train.name}`,
        about: `The scales are learned on sub-batches of ${PART} images; GradCosine is measured on ${OTHERS} others.`,
        columns,
        rows,
        players: ['model'],
        settings: {
          data: train.describe,
          network: network.describe,
          calls: `in gradients of ${BATCH} images: those of learning the scales, and ${steps} steps of training`,
          'test loss': `on ${images.heldOut.toLocaleString('en')} images after ${steps} steps`,
        },
        verdict: ['Gradients agree more, on images that the scales were not learned on as well.'],
        identity: { figure: 'gradcosine/fashion-mlp', network: network.describe, ...sizesOf(values) },
      }),
    ];
  } finally {
    await images.dispose();
  }
}

const list = (section: Section | undefined, place: number, column: string): string =>
  `${runsAt(section, place)[0]?.label}: ${valuesOf(runsAt(section, place), column).map(short).join(', ')}`;

/** A classifier of images. */
export const fashionMlp = figure({
  name: 'fashion-mlp',
  title: 'Fashion-MNIST: gradients agree more, and training is not faster for it',
  shows:
    'GradCosine on images that the scales were not learned on, and the test loss after a short training with the best of three step sizes.',
  takes: 'two minutes',
  options,
  quick: { hidden: 32, iterations: 60, steps: 40, heldOut: 300, seeds: 1 },
  settings: ({ data, hidden, iterations, steps, ...values }) => [
    iterations === 100
      ? published('D, iterations', '4, 100', 'the authors’ settings for ResNet-50')
      : ours('D, iterations', `4, ${iterations}`),
    ours('data', data),
    ours('network', `mlp with ${hidden} hidden units, rectified`),
    ours('sub-batch', `${PART} images; there 64 in all four`),
    ours('γ, k', `${BOUND} times the mean norm at the start; ${SMALL} and ${LARGE}`),
    ours('steps', `${steps} of ${BATCH} images, step sizes ${STEP_SIZES.join(', ')}`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ steps, seeds }) => [
    {
      name: 'cosine',
      statement: 'GradCosine on other images rises with every target and seed',
      source: 'that it can be raised is the paper’s; the network is Stillpoint’s',
      expected: true,
      judge([section]) {
        const drawn = valuesOf(runsAt(section, PLAIN), 'cosine');
        if (drawn.length === 0 || runsAt(section, LARGE_K).length === 0) return undefined;
        return {
          holds: SCALED.every((place) =>
            drawn.every((x, i) => (valuesOf(runsAt(section, place), 'cosine')[i] ?? NaN) > x),
          ),
          measured: [PLAIN, ...SCALED].map((place) => list(section, place, 'cosine')).join('; '),
        };
      },
    },
    {
      name: 'faster',
      statement:
        'With the best step size of each start, a scaled one has the lower test loss with every seed',
      source: 'the paper reports better test accuracy of larger networks, trained to the end',
      expected: false,
      needs: `at least ${FEWEST} steps`,
      judge([section]) {
        const drawn = valuesOf(runsAt(section, PLAIN), 'testLoss');
        if (steps < FEWEST || drawn.length < seeds || runsAt(section, LARGE_K).length < seeds)
          return undefined;
        return {
          holds: SCALED.some((place) =>
            drawn.every((x, i) => (valuesOf(runsAt(section, place), 'testLoss')[i] ?? NaN) < x),
          ),
          measured: [PLAIN, ...SCALED].map((place) => list(section, place, 'testLoss')).join('; '),
        };
      },
    },
  ],
  run: table,
});
