import { integer, type Full } from '@stillpoint/operators';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { even } from '../chosen.js';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { imagesOption } from '../image-classifier.js';
import { ours, type Finding } from '../paper.js';
import { tableSection, valuesOf } from '../runs.js';
import { counted, short } from '../words.js';
import { ganRuns, type GanMethod, type GanSize } from './gan-runs.js';

const ADAM = 'alternating-adam(stepSize=0.001, beta1=0.5)';
const methods: readonly GanMethod[] = [
  { method: ADAM, calls: 1 },
  { method: 'amsgrad-extragradient(stepSize=0.001, beta1=0.5)', calls: 2 },
  { method: 'amsgrad-extragradient-drd(stepSize=0.001, beta1=0.5, dual=0)', calls: 2 },
  { method: 'optimistic-adagrad(stepSize=0.01)', calls: 1 },
];
const options = {
  ...seedOptions(3),
  data: { ...imagesOption, about: 'images, as train --data takes them: a data set’s spec, or a path' },
  channels: integer({ about: 'channels of the DCGAN', from: 1, to: 256, default: 8 }),
  batch: integer({ about: 'examples in a gradient', from: 1, to: 4096, default: 32 }),
  calls: even({ about: 'oracle calls of each run, even', from: 8, to: 1_000_000, default: 600 }),
};
type Values = Full<typeof options>;
const sizeOf = ({ channels, ...values }: Values, quick: boolean): GanSize => ({
  ...values,
  model: `dcgan(latent=64, channels=${channels})`,
  ...(quick ? { measured: 32, points: 10 } : { measured: 128, points: 50 }),
});
const titleOf = ({ data }: Values): string => (data === imagesOption.default ? 'Fashion-MNIST' : data);

/** From which share of the first on a gradient has not fallen, and of the steps on the condition holds. */
const [FALLEN, HELD] = [0.5, 0.95];

const columns: readonly Column[] = [
  { name: 'generator', label: 'generator: last over first quarter', better: 'lower', digits: 3 },
  { name: 'discriminator', label: 'discriminator: last over first quarter', better: 'lower', digits: 3 },
  { name: 'generator gradient', label: 'generator’s gradient, last quarter', better: 'lower', digits: 3 },
  { name: 'discriminator gradient', label: 'discriminator’s', better: 'lower', digits: 3 },
  { name: 'one-sided', label: 'share of steps, one-sided MVI', better: 'higher', digits: 3 },
  { name: 'full', label: 'full MVI', better: 'higher', digits: 3 },
  { name: 'lowest', label: 'lowest cosine of the generator', better: 'higher', digits: 3 },
];
const plots: readonly Plot[] = [
  {
    draw: 'lines',
    name: 'norms',
    title: 'norms of the gradients against calls',
    panels: [
      { title: 'generator', series: 'generator' },
      { title: 'discriminator', series: 'discriminator' },
    ],
    y: { label: 'norm of the gradient', scale: 'log' },
  },
  {
    draw: 'lines',
    name: 'cosine',
    title: 'the generator’s gradient against the way from the end of the run',
    panels: [{ series: 'cosine' }],
    y: { label: 'cosine', scale: 'linear' },
    reference: { value: 0, label: 'one-sided MVI' },
  },
];

const inWords = (runs: readonly Run[], name: string): string => valuesOf(runs, name).map(short).join(', ');

/** The runs of these methods, with every seed; undefined if some are missing. */
function runsOf(
  section: Section | undefined,
  specs: readonly string[],
  { seeds }: Values,
): readonly Run[] | undefined {
  const runs = (section?.runs ?? []).filter(({ method }) => specs.includes(method));
  return runs.length === seeds * specs.length ? runs : undefined;
}
const others = methods.map(({ method }) => method).filter((method) => method !== ADAM);

function falls(section: Section | undefined, values: Values): Finding | undefined {
  const runs = runsOf(section, [ADAM], values);
  if (runs === undefined) return undefined;
  return {
    holds:
      valuesOf(runs, 'generator').every((ratio) => ratio < FALLEN) &&
      valuesOf(runs, 'discriminator').every((ratio) => ratio >= FALLEN),
    measured: `last over first quarter, of ${counted(runs.length, 'seed')}: generator ${inWords(runs, 'generator')}; discriminator ${inWords(runs, 'discriminator')}`,
  };
}

function holds(runs: readonly Run[] | undefined): Finding | undefined {
  if (runs === undefined) return undefined;
  const of = [...new Set(runs.map(({ method }) => method))];
  return {
    holds: valuesOf(runs, 'one-sided').every((share) => share >= HELD),
    measured: of
      .map(
        (method) =>
          `${method}: ${inWords(
            runs.filter((run) => run.method === method),
            'one-sided',
          )}`,
      )
      .join('; '),
  };
}

const scaled = ({ channels, calls }: Values): string =>
  `a DCGAN of ${counted(channels, 'channel')}, ${calls} calls`;

/** The gradients of a GAN along its training, and the one-sided MVI. */
export const gan = figure({
  name: 'gan',
  title: 'A DCGAN: which player’s gradient falls, and on how many steps the condition holds',
  shows:
    'The norms of the gradients of generator and discriminator along the training, and ⟨F_G(z), x − x*⟩ with the generator x* at the end of each run. The steps −F lead there, which by itself favours a product above 0.',
  takes: 'a few minutes',
  options,
  quick: { seeds: 1, calls: 20 },
  settings: (values) => [
    ours(
      'networks, data',
      `${sizeOf(values, false).model}, non-saturating, on ${titleOf(values)}; the paper names none in its abstract`,
    ),
    ours(
      'methods',
      'β₁ = 0.5, step sizes untuned; the new ones are reconstructions, since only the abstract was read',
    ),
    ours('gradients', 'at 50 points of a run, on 128 examples, always the same; quick: 10 and 32'),
    ours('calls, batch', `${values.calls}, ${values.batch}`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'generator',
      statement: `With Adam only the generator’s gradient falls: its mean over the last quarter of a run is below ${FALLEN} of that over the first, the discriminator’s is not, with each seed`,
      source: 'abstract; the numbers are Stillpoint’s',
      scaled: scaled(values),
      expected: false,
      judge: ([section], quick) => (quick ? undefined : falls(section, values)),
    },
    {
      name: 'condition',
      statement: `With Adam the one-sided MVI holds on ${100 * HELD}% of the steps or more, with each seed`,
      source: 'abstract, of standard GANs on standard data; the number is Stillpoint’s',
      scaled: scaled(values),
      expected: false,
      judge: ([section], quick) => (quick ? undefined : holds(runsOf(section, [ADAM], values))),
    },
    {
      name: 'condition-others',
      statement: `With the other methods, too, the one-sided MVI holds on ${100 * HELD}% of the steps or more, with each seed`,
      source: 'Stillpoint’s',
      scaled: scaled(values),
      expected: false,
      judge: ([section], quick) => (quick ? undefined : holds(runsOf(section, others, values))),
    },
  ],
  async run(values, { quick, ...given }) {
    const size = sizeOf(values, quick);
    const rows = await ganRuns(methods, size, given);
    return [
      tableSection({
        title: `Gradients of a DCGAN on ${titleOf(values)}`,
        problem: `${size.model} on ${size.data}`,
        about: `Both players’ gradients on the same ${size.measured} examples throughout. x* is the generator at the end of the run.`,
        columns,
        rows,
        plots,
        players: ['D', 'G'],
        settings: {
          runs: `${size.calls} calls, ${counted(size.seeds, 'seed')}; a seed gives all methods the same start and draws`,
          quarters: 'means of the gradient norms over the first and the last quarter of the points',
        },
        verdict: rows.map(
          ({ label, seed, values }) =>
            `${label}, seed ${seed}: generator ${short(values['generator'] ?? NaN)}, discriminator ${short(values['discriminator'] ?? NaN)}, one-sided MVI on ${short(100 * (values['one-sided'] ?? NaN))}%`,
        ),
        identity: { figure: 'one-sided/gan', ...size },
      }),
    ];
  },
});
