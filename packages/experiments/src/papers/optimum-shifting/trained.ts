import type { ImageSet } from '@stillpoint/datasets';
import { classifierProblem, optimumShift } from '@stillpoint/networks';
import { integer, type Full } from '@stillpoint/operators';
import { hessianTrace, probeAsync, train as trainBy } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Column, Section } from '@stillpoint/tracking';
import { drawnBy } from '../../trial/game-source.js';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { imageClassifier, imagesOption, type ImageClassifier } from '../image-classifier.js';
import { ours, type FigureOptions } from '../paper.js';
import { gradientSteps, runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(3),
  data: imagesOption,
  hidden: integer({ about: 'hidden units', from: 8, default: 256 }),
  batch: integer({ about: 'images in a gradient', from: 1, default: 64 }),
  steps: integer({ about: 'steps of training', from: 1, default: 2000 }),
  draws: integer({ about: 'random vectors of the trace', from: 2, default: 96 }),
};
type Values = Full<typeof options>;
/** Images of the projection, as a share of the hidden units: of few, and of many. Images of the guard. */
const [FEW, MANY, GUARD] = [1 / 8, 3 / 4, 400];
/** The change of the outputs elsewhere, in per cent, that a guard accepts here. */
const ACCEPTED = 2;
const METHOD = 'sgd-momentum(stepSize=0.05)';

const columns: readonly Column[] = [
  { name: 'norm', label: '‖V‖', better: 'lower', digits: 4 },
  { name: 'change', label: 'change of the outputs elsewhere', unit: '%', better: 'lower', digits: 3 },
  {
    name: 'batchLoss',
    label: 'loss on the images of the projection',
    unit: 'nats',
    better: 'lower',
    digits: 4,
  },
  { name: 'trace', label: 'trace of the Hessian there', better: 'lower', digits: 4 },
  { name: 'deviation', label: 'its standard deviation', better: 'lower', digits: 2 },
  { name: 'accuracy', label: 'test accuracy', unit: '%', better: 'higher', digits: 4 },
];
const [TRAINED, FROM_FEW, FROM_MANY] = [0, 1, 2];

/** The loss of these images alone at some points, and the trace of its Hessian, with the same vectors. */
async function flatness(
  of: ImageClassifier['compiled'],
  { shape }: ImageSet,
  { images, labels }: { readonly images: Float32Array; readonly labels: Float32Array },
  points: readonly Float32Array[],
  draws: number,
): Promise<readonly { readonly [column: string]: number }[]> {
  const own = await classifierProblem({
    ...of,
    batch: labels.length,
    data: {
      name: 'the images of the projection',
      shape,
      labels,
      indices: () => Array.from(labels.keys()),
      batch: () => images,
    },
  });
  try {
    const found = [];
    for (const point of points) {
      const losses = new Float64Array(1);
      const sample = own.draw?.(0);
      await own.losses?.(point, losses, { player: undefined, sample, losses: undefined, buffers: {} });
      const { value } = await probeAsync(own, point, hessianTrace(point, { draws }));
      found.push({ batchLoss: losses[0]!, ...value });
    }
    return found;
  } finally {
    await own.dispose();
  }
}

async function table(
  values: Values,
  { quick, engine, processes, signal, onProgress }: FigureOptions,
): Promise<readonly Section[]> {
  const { hidden, steps, batch, draws, data } = values;
  const seeds = seedsOf(values);
  const from = await imageClassifier(
    { data, model: `mlp(hidden=[${hidden}])`, heldOut: quick ? 300 : 2000 },
    { engine, processes },
  );
  const { train, test, network, accuracy } = from;
  const of = from.compiled;
  const guard = Math.min(GUARD, test.count);
  const rows: Row[] = [];
  try {
    const problem = await from.problem({ batch, seed: 1 });
    for (const [i, seed] of seeds.entries()) {
      if (signal?.aborted) break;
      onProgress?.(i / seeds.length, `seed ${seed}`);
      const { z } = await trainBy(drawnBy(problem, seed), methodFrom(METHOD), {
        start: problem.initialise(seed),
        seed,
        steps,
        ...(signal && { signal }),
      });
      const at = Float32Array.from(z);
      const drawn = (count: number) => {
        const stream = { seed, call: count, worker: 0 };
        const labels = Float32Array.from(train.indices(count, stream), (i) => train.labels[i]!);
        return { images: train.batch(count, stream), labels };
      };
      const [few, many] = [drawn(Math.floor(FEW * hidden)), drawn(Math.floor(MANY * hidden))];
      // no limit: what the guard would refuse is measured, too
      const shiftOn = async ({ images }: { readonly images: Float32Array }) =>
        optimumShift({ ...of, z: at, examples: images, guard: test.values(0, guard), tolerance: Infinity });
      const [little, much] = [await shiftOn(few), await shiftOn(many)];
      const [before, after] = await flatness(of, train, few, [at, little.z], draws);
      const accuracyOf = async (point: Float32Array) => (await accuracy.measure(point)).accuracy;
      const shared = { seed, ...gradientSteps(steps) };
      rows.push({
        ...shared,
        label: 'trained',
        method: METHOD,
        values: { norm: little.norm[0], ...before, accuracy: await accuracyOf(at) },
      });
      for (const { shift, count, more } of [
        { shift: little, count: few.labels.length, more: after },
        { shift: much, count: many.labels.length, more: {} },
      ])
        rows.push({
          ...shared,
          label: `shifted on ${count} images`,
          method: `optimumShift on ${count} images`,
          values: {
            norm: shift.norm[1],
            change: 100 * shift.change,
            ...more,
            accuracy: await accuracyOf(shift.z),
          },
        });
    }
    return [
      tableSection({
        title: `A trained network on ${from.title}`,
        problem: `${network.describe} on ${train.name}`,
        about: `Trained for ${steps.toLocaleString('en')} steps; then its last matrix is that of least norm with equal outputs on some images.`,
        columns,
        rows,
        players: ['model'],
        settings: { data: train.describe, network: network.describe },
        verdict: ['Loss and trace are those of the images on which the outputs are kept.'],
        identity: {
          figure: 'optimum-shifting/trained',
          data: train.describe,
          network: network.describe,
          batch,
          steps,
        },
      }),
    ];
  } finally {
    await from.dispose();
  }
}

/** A trained network. */
export const trained = figure({
  name: 'trained',
  title: 'Images: the last matrix of a trained network',
  shows:
    'Norm, loss and trace of the Hessian (by Hutchinson’s estimator) of a trained network before and after its last matrix is shifted, and what that does to images outside the batch.',
  takes: 'a minute',
  options,
  quick: { hidden: 128, steps: 60, seeds: 1, draws: 24 },
  settings: ({ hidden, batch, steps, draws, data, ...values }) => [
    ours('network', `one hidden layer of ${hidden} units, rectified`),
    ours('training', `${steps.toLocaleString('en')} steps of ${batch} images of ${data}, ${METHOD}`),
    ours('images', 'of the projection an eighth of the hidden units, and three quarters of them'),
    ours('elsewhere', `the first ${GUARD} images of the test set; a change of ${ACCEPTED} % is accepted`),
    ours('trace', `of the whole Hessian, ${draws} random vectors, the same before and after`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ seeds }) => [
    {
      name: 'flatter',
      statement:
        'On few images, those of the projection, the loss stays to 1 %, and ‖V‖ and the trace of the Hessian fall',
      source: 'Stillpoint’s, after the method',
      expected: true,
      judge([section]) {
        const [before, after] = [runsAt(section, TRAINED), runsAt(section, FROM_FEW)];
        if (before.length < seeds || after.length !== before.length) return undefined;
        const pairs = (column: string): readonly (readonly [number, number])[] =>
          valuesOf(before, column).map((x, i) => [x, valuesOf(after, column)[i]!]);
        const inWords = (column: string): string =>
          pairs(column)
            .map(([x, y]) => `${short(x)} → ${short(y)}`)
            .join(', ');
        return {
          holds:
            pairs('batchLoss').every(([x, y]) => Math.abs(x - y) <= 0.01 * x) &&
            [...pairs('norm'), ...pairs('trace')].every(([x, y]) => y < x),
          measured: `loss ${inWords('batchLoss')}; ‖V‖ ${inWords('norm')}; trace ${inWords('trace')}`,
        };
      },
    },
    {
      name: 'guard',
      statement: `Elsewhere the outputs change by more than ${ACCEPTED} %, so that the guard refuses: this network’s features have not collapsed. From six times as many images they change less`,
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const [few, many] = [runsAt(section, FROM_FEW), runsAt(section, FROM_MANY)];
        if (few.length < seeds || many.length !== few.length) return undefined;
        const [a, b] = [valuesOf(few, 'change'), valuesOf(many, 'change')];
        return {
          holds: a.every((change, i) => change > ACCEPTED && b[i]! < change),
          measured: `from few ${a.map(short).join(', ')} %, from many ${b.map(short).join(', ')} %`,
        };
      },
    },
  ],
  run: table,
});
