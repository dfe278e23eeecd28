import { lbfgs, solve } from '@stillpoint/optimizers';
import { maximumPrincipleResidual, neuralOde, type NeuralOde } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { ours, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { costAt } from './shots.js';

const SIZES = [5, 50, 500];
const [SEEDS, QUICK_SEEDS] = [40, 20];
/** Particles of each cluster that no control is fitted to. */
const TEST = 20_000;

const columns: readonly Column[] = [
  { name: 'gap', label: '|training − test cost|', better: 'lower', digits: 3, best: 0 },
  { name: 'train', label: 'training cost', better: 'lower', digits: 4 },
  { name: 'test', label: 'test cost', better: 'lower', digits: 4 },
  { name: 'residual', label: 'residual of the maximum principle', better: 'lower', digits: 2, best: 0 },
];
const labelOf = (size: number): string => `N = ${size}`;

function rowOf(particles: number, seed: number, test: NeuralOde): Row {
  const game = neuralOde({ particles, seed });
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

async function table({ quick, signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const seeds = quick ? QUICK_SEEDS : SEEDS;
  const test = neuralOde({ particles: TEST, seed: 1_000_000 });
  const rows: Row[] = [];
  for (const [place, particles] of SIZES.entries())
    for (let seed = 1; seed <= seeds && !signal?.aborted; seed++) {
      onProgress?.((place + (seed - 1) / seeds) / SIZES.length, `${particles} particles, seed ${seed}`);
      rows.push(rowOf(particles, seed, test));
      await Promise.resolve();
    }
  const means = SIZES.map((size) => meanOf(rows.filter(({ label }) => label === labelOf(size))));
  return [
    tableSection({
      title: 'Training and test cost by the number of particles',
      problem: 'neural-ode',
      about: `N particles of each cluster, λ = 0.1, the minimum by L-BFGS; the test cost is that of ${TEST.toLocaleString('en')} other particles of each cluster.`,
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
      verdict: SIZES.map((size, i) => `${labelOf(size)}: ${short(means[i]!)} in the mean of ${seeds} seeds`),
      identity: { figure: 'neural-ode/generalisation', TEST },
    }),
  ];
}
const meanOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { values }) => sum + (values['gap'] ?? NaN) / rows.length, 0);

/** The gap by the number of particles. */
export const generalisation: Figure = {
  name: 'generalisation',
  title: 'Training and test cost by the number of particles',
  shows:
    'How far the cost on N particles of each cluster is from that on others, at the minimum for the former.',
  takes: 'seconds',
  settings: [
    ours('problem', 'as in the other figures, λ = 0.1'),
    ours('N', SIZES.join(', ')),
    ours('test', `${TEST.toLocaleString('en')} other particles of each cluster`),
    ours('seeds', `1 to ${SEEDS}`),
  ],
  claims: [
    {
      name: 'gap',
      statement:
        'The mean gap falls from each N to the next, with an exponent that is −½ to four of its deviations',
      source: 'the paper bounds the gap; exponent and numbers are ours',
      expected: true,
      judge([section]) {
        if (section === undefined) return undefined;
        const found = SIZES.map((size) =>
          valuesOf(
            section.runs.filter(({ label }) => label === labelOf(size)),
            'gap',
          ),
        );
        const seeds = found[0]!.length;
        if (seeds < QUICK_SEEDS || found.some(({ length }) => length !== seeds)) return undefined;
        const means = found.map((gaps) => gaps.reduce((sum, x) => sum + x / seeds, 0));
        const decades = Math.log(SIZES.at(-1)! / SIZES[0]!);
        const exponent = Math.log(means.at(-1)! / means[0]!) / decades;
        // of |normal| the deviation is √(π/2 − 1) = 0.756 of the mean
        const deviation = (Math.SQRT2 * Math.sqrt(Math.PI / 2 - 1)) / Math.sqrt(seeds) / decades;
        return {
          holds:
            means.every((gap, i) => i === 0 || gap < means[i - 1]!) &&
            Math.abs(exponent + 0.5) <= 4 * deviation,
          measured: `${SIZES.map((size, i) => `N = ${size}: ${short(means[i]!)}`).join(', ')}; exponent ${short(exponent)} ± ${short(deviation)}`,
        };
      },
    },
  ],
  run: table,
};
