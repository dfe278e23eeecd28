import { number, numbers, type Full } from '@stillpoint/operators';
import { lbfgs, solve } from '@stillpoint/optimizers';
import { maximumPrincipleResidual, neuralOde, type NeuralOde } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { costAt } from './shots.js';

const options = {
  ...seedOptions(40),
  particles: numbers({
    about: 'N, the particles of each cluster',
    whole: true,
    from: 1,
    to: 2000,
    default: [5, 50, 500],
  }),
  regularisation: number({ about: 'λ', above: 0, default: 0.1 }),
};
type Values = Full<typeof options>;
/** With fewer seeds means tell too little. */
const FEWEST = 20;
/** Particles of each cluster that no control is fitted to. */
const TEST = 20_000;
/** The seed of these, unless it is one of those that are trained on. */
const TEST_SEED = 1_000_000;

const columns: readonly Column[] = [
  { name: 'gap', label: '|training − test cost|', better: 'lower', digits: 3, best: 0 },
  { name: 'train', label: 'training cost', better: 'lower', digits: 4 },
  { name: 'test', label: 'test cost', better: 'lower', digits: 4 },
  { name: 'residual', label: 'residual of the maximum principle', better: 'lower', digits: 2, best: 0 },
];
const labelOf = (size: number): string => `N = ${size}`;

function rowOf(particles: number, regularisation: number, seed: number, test: NeuralOde): Row {
  const game = neuralOde({ particles, regularisation, seed });
  const { z, steps } = solve(game, lbfgs(), { steps: 100, tolerance: 1e-8 });
  const gap = Math.abs(costAt(game, z) - costAt(test, z));
  return {
    label: labelOf(particles),
    method: 'lbfgs',
    seed,
    ...gradientSteps(steps),
    values: {
      gap,
      train: costAt(game, z),
      test: costAt(test, z),
      residual: maximumPrincipleResidual(game, z),
    },
    series: { gap: { x: [particles], y: [gap] } },
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { particles: sizes, regularisation } = values;
  const seeds = seedsOf(values);
  const seed = seeds.includes(TEST_SEED) ? seeds.at(-1)! + 1 : TEST_SEED;
  const test = neuralOde({ particles: TEST, regularisation, seed });
  const rows: Row[] = [];
  for (const [place, particles] of sizes.entries())
    for (const [i, own] of seeds.entries()) {
      if (signal?.aborted) break;
      onProgress?.((place + i / seeds.length) / sizes.length, `${particles} particles, seed ${own}`);
      rows.push(rowOf(particles, regularisation, own, test));
      await Promise.resolve();
    }
  const means = sizes.map((size) => meanOf(rows.filter(({ label }) => label === labelOf(size))));
  return [
    tableSection({
      title: 'Training and test cost by the number of particles',
      problem: `neural-ode(regularisation=${regularisation})`,
      about: `N particles of each cluster, λ = ${regularisation}, the minimum by L-BFGS; the test cost is that of ${TEST.toLocaleString('en')} other particles of each cluster.`,
      columns,
      rows,
      plots: [
        {
          draw: 'scatter',
          name: 'gap',
          title: 'the gap between training and test cost, each seed a dot',
          series: 'gap',
          x: { label: 'N', scale: 'log' },
          y: { label: '|training − test cost|', scale: 'log' },
        },
      ],
      verdict: sizes.map(
        (size, i) => `${labelOf(size)}: ${short(means[i]!)} in the mean of ${seeds.length} seeds`,
      ),
      identity: { figure: 'neural-ode/generalisation', TEST, regularisation },
    }),
  ];
}
const meanOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { values }) => sum + (values['gap'] ?? NaN) / rows.length, 0);

/** The gap by the number of particles. */
export const generalisation = figure({
  name: 'generalisation',
  title: 'Training and test cost by the number of particles',
  shows:
    'How far the cost on N particles of each cluster is from that on others, at the minimum for the former.',
  takes: 'seconds',
  options,
  quick: { seeds: FEWEST },
  settings: ({ particles, regularisation, ...values }) => [
    ours('problem', `as in the other figures, λ = ${regularisation}`),
    ours('N', particles.join(', ')),
    ours('test', `${TEST.toLocaleString('en')} other particles of each cluster`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ particles: sizes, seeds }) => [
    {
      name: 'gap',
      statement:
        'The mean gap falls from each N to the next, with an exponent that is −½ to four of its deviations',
      source: 'the paper bounds the gap; exponent and numbers are Stillpoint’s',
      expected: true,
      judge([section]) {
        if (section === undefined) return undefined;
        const found = sizes.map((size) =>
          valuesOf(
            section.runs.filter(({ label }) => label === labelOf(size)),
            'gap',
          ),
        );
        // of |normal| the deviation is √(π/2 − 1) = 0.756 of the mean; this is that of log(mean/mean)
        const apart = (Math.SQRT2 * Math.sqrt(Math.PI / 2 - 1)) / Math.sqrt(seeds);
        const isFar = sizes.every((size, i) => i === 0 || Math.log(size / sizes[i - 1]!) / 2 >= 4 * apart);
        if (seeds < FEWEST || sizes.length < 2 || !isFar) return undefined;
        if (found.some(({ length }) => length !== seeds)) return undefined;
        const means = found.map((gaps) => gaps.reduce((sum, x) => sum + x / seeds, 0));
        const decades = Math.log(sizes.at(-1)! / sizes[0]!);
        const exponent = Math.log(means.at(-1)! / means[0]!) / decades;
        const deviation = apart / decades;
        return {
          holds:
            means.every((gap, i) => i === 0 || gap < means[i - 1]!) &&
            Math.abs(exponent + 0.5) <= 4 * deviation,
          measured: `${sizes.map((size, i) => `N = ${size}: ${short(means[i]!)}`).join(', ')}; exponent ${short(exponent)} ± ${short(deviation)}`,
        };
      },
    },
  ],
  run: table,
});
