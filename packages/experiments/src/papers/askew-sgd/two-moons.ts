import type { Vector } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { twoMoonsNetwork, type TwoMoons } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const CODE = 'the authors’ notebook, askewsgd_comparison_2moons';
const [SEEDS, QUICK_SEEDS] = [10, 2];
const EXAMPLES = 300;
const STEPS = 1000;
const UNITS = [3, 16] as const;

const FLOAT = 'gda(stepSize=0.5)';
const QUANTISED: readonly (readonly [string, string])[] = [
  ['askew-sgd', 'askew-sgd(stepSize=0.5, anneal=0.8, every=20, hold=100)'],
  ['straight-through', `straight-through(stepSize={kind=cosine, from=0.2, to=0.001, steps=${STEPS}})`],
];
const [, ROUNDED, ASKEW, THROUGH] = [0, 1, 2, 3];

const columns: readonly Column[] = [
  { name: 'loss', label: 'training loss', unit: 'nats', better: 'lower', digits: 4 },
  { name: 'accuracy', label: 'held-out accuracy', unit: '%', better: 'higher', digits: 4, best: 100 },
  { name: 'jump', label: 'what quantising changes in the loss', unit: 'nats', better: 'lower', digits: 3 },
];

const lossAt = ({ game }: TwoMoons, z: Vector): number => {
  const out = new Float64Array(1);
  game.losses?.(z, out);
  return out[0]!;
};

/** The rows of a seed: full precision, that rounded at the end, and the methods that quantise. */
function rowsOf(units: number, seed: number): readonly Row[] {
  const moons = twoMoonsNetwork({ units, seed, examples: EXAMPLES });
  const row = (label: string, method: string, z: Vector, before: Vector): Row => ({
    label,
    method,
    seed,
    ...gradientSteps(STEPS),
    values: {
      loss: lossAt(moons, z),
      accuracy: moons.accuracy(z),
      jump: Math.abs(lossAt(moons, z) - lossAt(moons, before)),
    },
  });
  const { z } = solve(moons.game, methodFrom(FLOAT), { steps: STEPS });
  const signs = z.map((x, i) => (i < 3 * units ? (x < 0 ? -1 : 1) : x));
  return [
    row('full precision', FLOAT, z, z),
    row('rounded at the end', `the signs of ${FLOAT}`, signs, z),
    ...QUANTISED.map(([label, spec]) => {
      const method = methodFrom(spec);
      const end = solve(moons.game, method, { steps: STEPS });
      return row(label, spec, end.z, method.points?.(end.checkpoint.state)['relaxed'] ?? end.z);
    }),
  ];
}

async function tables({ quick, signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const seeds = quick ? QUICK_SEEDS : SEEDS;
  return UNITS.map((units, place) => {
    const rows: Row[] = [];
    for (let seed = 1; seed <= seeds && !signal?.aborted; seed++) {
      onProgress?.((place + (seed - 1) / seeds) / UNITS.length, `${units} units, seed ${seed}`);
      rows.push(...rowsOf(units, seed));
    }
    return tableSection({
      title: `Two moons, ${units} hidden units`,
      problem: `two-moons(units=${units}, examples=${EXAMPLES})`,
      about: `Weights of ±1 in two layers of ${2 * units} and ${units}; gain, shift and bias in full precision. ${STEPS.toLocaleString('en')} steps on all examples.`,
      columns,
      rows,
      verdict: [`Training loss and held-out accuracy of the quantised network, ${seeds} seeds.`],
      identity: { problem: 'two-moons', units, examples: EXAMPLES, steps: STEPS },
    });
  });
}

/** In how many seeds the first has the lower loss. */
const lower = (a: readonly Run[], b: readonly Run[]): number =>
  valuesOf(a, 'loss').filter((loss, i) => loss < (valuesOf(b, 'loss')[i] ?? -Infinity)).length;
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const means = (section: Section, column: string): string =>
  [0, ROUNDED, ASKEW, THROUGH]
    .map((place) => {
      const runs = runsAt(section, place);
      return `${runs[0]?.label} ${short(mean(valuesOf(runs, column)))}`;
    })
    .join(', ');

/** The toy problem that is not convex. */
export const twoMoons: Figure = {
  name: 'two-moons',
  title: 'Two moons: a small network of binary weights',
  shows:
    'The loss of a network with weights of ±1: trained by AskewSGD, by the straight-through estimator, and rounded after training in full precision.',
  takes: 'seconds',
  settings: [
    published('noise, units', '0.1; three, without a bias, and batch normalisation', CODE),
    ours('units', 'three, and 16'),
    ours('examples', `${EXAMPLES}, all in each gradient, and 200 held out; the notebook has 2,000 and 200`),
    ours(
      'step size',
      '0.5 for AskewSGD and full precision; from 0.2 to 0 for straight-through, better than constant',
    ),
    ours('ε', '1 for 100 steps, then 0.8 times as much after each 20; the notebook ends at 0.74'),
    ours('seeds', `1 to ${SEEDS}`),
  ],
  claims: [
    {
      name: 'lower',
      statement:
        'With 16 units the binary network of AskewSGD has a lower training loss than that of the straight-through estimator, with every seed',
      source: 'ours',
      expected: true,
      judge([, section]) {
        const [askew, through] = [runsAt(section, ASKEW), runsAt(section, THROUGH)];
        if (section === undefined || askew.length === 0) return undefined;
        return {
          holds: lower(askew, through) === askew.length,
          measured: `in ${lower(askew, through)} of ${askew.length} seeds; mean loss: ${means(section, 'loss')} nats; mean accuracy: ${means(section, 'accuracy')} %`,
        };
      },
    },
    {
      name: 'not-rounded',
      statement:
        'With 3 and with 16 units it has a lower training loss than the signs of weights that were trained in full precision, with every seed',
      source: 'ours',
      expected: true,
      judge(sections) {
        if (sections.length < UNITS.length) return undefined;
        const counts = sections.map((section) => lower(runsAt(section, ASKEW), runsAt(section, ROUNDED)));
        return {
          holds: counts.every((count, i) => count === runsAt(sections[i], ASKEW).length && count > 0),
          measured: sections.map((section) => `${section.title}: ${means(section, 'loss')} nats`).join('; '),
        };
      },
    },
    {
      name: 'no-jump',
      statement:
        'The last step, to the nearest level, changes the loss of AskewSGD by at most 0.01 nats with every seed',
      source: 'ours',
      expected: true,
      judge(sections) {
        const runs = sections.flatMap((section) => runsAt(section, ASKEW));
        if (runs.length === 0) return undefined;
        const jump = Math.max(...valuesOf(runs, 'jump'));
        const rounded = sections.flatMap((section) => valuesOf(runsAt(section, ROUNDED), 'jump'));
        return {
          holds: jump <= 0.01,
          measured: `by ${short(jump)} at most; rounding weights of full precision changes it by ${short(Math.min(...rounded))} to ${short(Math.max(...rounded))}`,
        };
      },
    },
  ],
  run: tables,
};
