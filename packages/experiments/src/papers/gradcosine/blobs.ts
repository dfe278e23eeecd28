import { classifierEnds, classifierProblem, networkFrom, type LabelledData } from '@stillpoint/networks';
import { integer, normal, numbers, scale, type Full, type Problem, type Vector } from '@stillpoint/operators';
import { gda, probeAsync, train } from '@stillpoint/optimizers';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, published, type Claimed, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { BOUND, LARGE, SMALL, cosinesAt, startsOf, type ScaledStart } from './scaled-starts.js';

const options = {
  ...seedOptions(6),
  part: integer({ about: 'examples in each of the four sub-batches', from: 1, to: 1000, default: 16 }),
  inputs: integer({ about: 'numbers in an example', from: 1, to: 1000, default: 10 }),
  hidden: numbers({
    about: 'units of the hidden layers',
    whole: true,
    from: 1,
    to: 1000,
    default: [32, 32],
  }),
  steps: integer({ about: 'steps of training', from: 1, default: 40 }),
  iterations: integer({ about: 'iterations by which the scales are learned', from: 1, default: 100 }),
};
type Values = Full<typeof options>;
const [BLOBS, D, CLASSES] = [4, 4, 2];
const STEP_SIZE = 0.3;
/** Among these the step size is tuned for each start. */
const FACTORS = [1, 2, 4, 8, 16];
/** What all tensors are multiplied by in a start that was not learned. */
const TIMES = 1.5;
const networkOf = ({ hidden }: Values): string => `mlp(hidden=[${hidden.join(',')}], activation=tanh)`;
/** What the mean norm may exceed γ by: the last step crosses the bound. */
const SLACK = 1.05;

const columnsOf = ({ steps }: Values): readonly Column[] => [
  { name: 'cosine', label: 'GradCosine', better: 'higher', digits: 3 },
  { name: 'norm', label: 'norm, as a multiple of that as drawn', better: 'lower', digits: 3 },
  {
    name: 'loss',
    label: `loss after ${steps} steps of ${STEP_SIZE}`,
    unit: 'nats',
    better: 'lower',
    digits: 3,
  },
  { name: 'tuned', label: 'with its best step size', unit: 'nats', better: 'lower', digits: 3 },
];
const [PLAIN, GC, SMALL_K, LARGE_K, ALIKE] = [0, 1, 2, 3, 4];

/** Four blobs, two of each class. Draws go through the examples in order, a quarter or all at a time. */
function fourBlobs(seed: number, { part, inputs }: Values): LabelledData {
  const examples = D * part;
  const centres = normal(new Float32Array(BLOBS * inputs), { seed, purpose: 'centres' });
  const values = normal(new Float32Array(examples * inputs), { seed, purpose: 'examples' }).map(
    (x, at) => x + centres[(Math.floor(at / inputs) % BLOBS) * inputs + (at % inputs)]!,
  );
  const indices: LabelledData['indices'] = (size, { call }) =>
    Array.from({ length: size }, (_, i) => (i + call * size) % examples);
  return {
    name: 'four blobs',
    shape: [1, 1, inputs],
    labels: Array.from({ length: examples }, (_, i) => i % CLASSES),
    indices,
    batch: (size, stream) =>
      Float32Array.from(
        Array.from(indices(size, stream)).flatMap((i) => [...values.subarray(i * inputs, (i + 1) * inputs)]),
      ),
  };
}

async function lossOf(problem: Problem, z: Vector, stepSize: number, steps: number): Promise<number> {
  const { z: end } = await train(problem, gda({ stepSize }), { start: z, steps });
  const { value } = await probeAsync(problem, end, function* () {
    return (yield { want: 'losses', at: end })[0]!;
  });
  return value;
}

function timesAll(start: Vector): ScaledStart {
  const z = start.slice();
  scale(z, TIMES);
  return { label: `all tensors times ${TIMES}`, z, calls: 0 };
}

async function rowsOf(
  seed: number,
  values: Values,
  engine: FigureOptions['engine'],
): Promise<readonly Row[]> {
  const { part, steps, iterations } = values;
  const data = fourBlobs(seed, values);
  const network = networkFrom(networkOf(values), classifierEnds(data));
  const [parts, whole] = [
    await classifierProblem({ data, network, engine, batch: part }),
    await classifierProblem({ data, network, engine, batch: D * part }),
  ];
  try {
    const start = parts.initialise(seed);
    const [{ norm: unit } = { norm: NaN }] = await cosinesAt(parts, start, D);
    const rows: Row[] = [];
    for (const { label, z, calls } of [
      ...(await startsOf(parts, start, { subBatches: D, iterations })),
      timesAll(start),
    ]) {
      const [{ cosine, norm } = { cosine: NaN, norm: NaN }] = await cosinesAt(parts, z, D);
      const losses: number[] = [];
      for (const factor of FACTORS) losses.push(await lossOf(whole, z, factor * STEP_SIZE, steps));
      rows.push({
        label,
        method: `gda(stepSize=${STEP_SIZE})`,
        seed,
        calls: calls + steps,
        values: {
          cosine,
          norm: norm / unit,
          loss: losses[FACTORS.indexOf(1)]!,
          tuned: Math.min(...losses.filter(Number.isFinite)),
        },
      });
    }
    return rows;
  } finally {
    await Promise.all([parts.dispose(), whole.dispose()]);
  }
}

async function table(
  values: Values,
  { engine, signal, onProgress }: FigureOptions,
): Promise<readonly Section[]> {
  const { part, inputs, firstSeed } = values;
  const seeds = seedsOf(values);
  const rows: Row[] = [];
  for (const seed of seeds) {
    if (signal?.aborted) break;
    onProgress?.((seed - firstSeed) / seeds.length, `seed ${seed}`);
    rows.push(...(await rowsOf(seed, values, engine)));
  }
  return [
    tableSection({
      title: 'Scales of a small network’s start, and what they do to its training',
      problem: `${networkOf(values)} on four blobs`,
      about: `${D * part} examples of ${inputs} numbers in ${BLOBS} blobs of deviation 1, two of each class; ${D} sub-batches, always the same. Training sees all examples in each step.`,
      columns: columnsOf(values),
      rows,
      players: ['model'],
      settings: {
        calls: 'those of learning the scales, a call for each sub-batch, and of the steps of one training',
      },
      verdict: [
        'Starts whose gradients agree more do not train faster here. Those with larger gradients do, and so does a larger step size.',
      ],
      identity: { figure: 'gradcosine/blobs', network: networkOf(values), ...sizesOf(values) },
    }),
  ];
}

type Compare = (scaled: number, drawn: number) => boolean;
/** How many seeds have it so, of a column of the runs at some places against the start as drawn. */
const seedsWith = (
  section: Section | undefined,
  places: readonly number[],
  column: string,
  holds: Compare,
): readonly {
  readonly label: string;
  readonly count: number;
  readonly of: number;
  readonly words: string;
}[] =>
  places.map((place) => {
    const [drawn, scaled] = [runsAt(section, PLAIN), runsAt(section, place)];
    const [from, to] = [valuesOf(drawn, column), valuesOf(scaled, column)];
    return {
      label: scaled[0]?.label ?? '',
      count: to.filter((x, i) => holds(x, from[i] ?? NaN)).length,
      of: Math.max(drawn.length, scaled.length),
      words: to.map((x, i) => `${short(from[i] ?? NaN)} → ${short(x)}`).join(', '),
    };
  });
/** A claim that a column changes so with most seeds, or with every one. */
const changes = (
  seeds: 'most' | 'every',
  words: Pick<Claimed, 'name' | 'statement' | 'source'>,
  column: string,
  places: readonly number[],
  holds: Compare,
): Claimed => ({
  ...words,
  expected: true,
  judge([section]) {
    const found = seedsWith(section, places, column, holds);
    if (found.some(({ of }) => of === 0)) return undefined;
    return {
      holds: found.every(({ count, of }) => (seeds === 'every' ? count === of : 2 * count > of)),
      measured: found
        .map(({ label, count, of, words: pairs }) => `${label}, with ${count} of ${of} seeds: ${pairs}`)
        .join('; '),
    };
  },
});
const higher: Compare = (scaled, drawn) => scaled > drawn;
const lower: Compare = (scaled, drawn) => scaled < drawn;

/** A small network, where everything can be tried. */
export const blobs = figure({
  name: 'blobs',
  title: 'A small network: scales by which gradients agree, and its training',
  shows:
    'GradCosine, the norm of gradients and the loss after a few steps of starts whose tensors were scaled by NIO with either target, beside the start as drawn and one with all tensors a half larger.',
  takes: 'seconds',
  options,
  quick: { seeds: 3 },
  settings: ({ inputs, hidden, part, steps, iterations, ...values }) => [
    iterations === 100
      ? published('D, iterations', `${D}, ${iterations}`, 'the authors’ settings for ResNet-50')
      : ours('D, iterations', `${D}, ${iterations}`),
    ours('examples, steps', `${D * part}, ${steps}`),
    ours(
      'network',
      `${[inputs, ...hidden, CLASSES].join('-')}, tanh, weights from N(0, 2/fan-in); the paper trains larger ones on images`,
    ),
    ours(
      'γ',
      `${BOUND} times the mean norm at the start; in the paper’s code a number in the unit of a gradient`,
    ),
    ours(
      'k',
      `${SMALL} and ${LARGE}, on norms as multiples of that at the start; there 1 on norms in their own unit`,
    ),
    ours('step size of the scales', '0.01; there 0.003 for ResNet-50, 0.05 if none is given'),
    ours('step sizes of the training', FACTORS.map((factor) => factor * STEP_SIZE).join(', ')),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ steps }) => [
    changes(
      'most',
      {
        name: 'cosine',
        statement: `GradCosine rises with most seeds by the target gc, and by gc_gn_sqrt with k = ${SMALL}`,
        source: 'that it can be raised is the paper’s; the network is Stillpoint’s',
      },
      'cosine',
      [GC, SMALL_K],
      higher,
    ),
    changes(
      'every',
      {
        name: 'bound',
        statement: `The mean norm ends at ${SLACK}γ at most with every target and seed`,
        source: 'Stillpoint’s; γ is the paper’s constraint',
      },
      'norm',
      [GC, SMALL_K, LARGE_K],
      (scaled) => scaled <= SLACK * BOUND,
    ),
    changes(
      'most',
      {
        name: 'gc-alone',
        statement: `Scaled by the target gc alone, the network has a higher loss after ${steps} steps with most seeds`,
        source: 'Stillpoint’s; an independent program found 0.112 → 0.180 on a network of its own',
      },
      'loss',
      [GC],
      higher,
    ),
    changes(
      'most',
      {
        name: 'with-norm',
        statement: `Scaled by gc_gn_sqrt with k = ${LARGE}, it has a lower loss after ${steps} steps of the same step size with most seeds`,
        source: 'Stillpoint’s, after an independent program',
      },
      'loss',
      [LARGE_K],
      lower,
    ),
    {
      name: 'norm-alone',
      statement: `A larger norm alone does so too: all tensors times ${TIMES}, which lowers GradCosine with most seeds, lower the loss in the geometric mean`,
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const [drawn, all] = [runsAt(section, PLAIN), runsAt(section, ALIKE)];
        if (drawn.length === 0 || all.length === 0) return undefined;
        const ratio = geometric(valuesOf(all, 'loss')) / geometric(valuesOf(drawn, 'loss'));
        const [fell] = seedsWith(section, [ALIKE], 'cosine', lower);
        return {
          holds: ratio < 1 && 2 * fell!.count > fell!.of,
          measured: `GradCosine ${fell!.words}; the loss is ${short(ratio)} of that as drawn`,
        };
      },
    },
    {
      name: 'tuned',
      statement:
        'With the best of five step sizes for each start, no target makes training faster with every seed',
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const found = seedsWith(section, [GC, SMALL_K, LARGE_K], 'tuned', lower);
        // of one seed “every” says nothing
        if (found.some(({ of }) => of < 2)) return undefined;
        return {
          holds: found.every(({ count, of }) => count < of),
          measured: found.map(({ label, count, of }) => `${label}: with ${count} of ${of}`).join('; '),
        };
      },
    },
  ],
  run: table,
});

/** The geometric mean. */
function geometric(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, x) => sum + Math.log(x) / values.length, 0));
}
