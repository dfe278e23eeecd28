import { distance, integer, type Data, type Full, type Vector } from '@stillpoint/operators';
import { areaUnderRoc } from '@stillpoint/metrics';
import { federate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { minMaxAuc, type LabelledRows, type MinMaxAuc } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const CODE = 'the authors’ code of CODASCA, main_codasca_cifar.py';
const [STAGES, HELD_OUT, RARE] = [5, 20_000, 64];

const steps = integer({ about: `steps of each stage, a multiple of ${RARE}`, from: RARE, default: 640 });
const seeds = seedOptions(3);
const options = {
  ...seeds,
  firstSeed: { ...seeds.firstSeed, default: 0 },
  workers: integer({ about: 'K, workers, each with a part of the data', from: 2, to: 32, default: 4 }),
  examples: integer({ about: 'examples of each worker', from: 20, to: 20_000, default: 2000 }),
  batch: integer({ about: 'examples in a gradient', from: 1, default: 32 }),
  steps: {
    ...steps,
    expected: `${steps.expected}, a multiple of ${RARE}`,
    accepts: (value: Data) => steps.accepts(value) && Number(value) % RARE === 0,
  },
};
type Values = Full<typeof options>;

/** A row of the table: K workers that average every I steps. */
interface Setting {
  readonly K: number;
  readonly I: number;
  readonly name: 'coda' | 'gda';
}
/** Each I, with all workers, then a single worker, then gda. */
const settingsOf = ({ workers: K }: Values): readonly Setting[] => [
  { K, I: 1, name: 'coda' },
  { K, I: 8, name: 'coda' },
  { K, I: RARE, name: 'coda' },
  { K: 1, I: RARE, name: 'coda' },
  { K, I: RARE, name: 'gda' },
];
const [EVERY_STEP, SELDOM, ALONE, PLAIN] = [0, 2, 3, 4] as const;

const columns: readonly Column[] = [
  { name: 'auc', label: 'AUC of new examples', better: 'higher', digits: 4 },
  {
    name: 'heldOut',
    label: `AUC on ${HELD_OUT.toLocaleString('en')} held-out examples`,
    better: 'higher',
    digits: 4,
  },
  { name: 'rounds', label: 'rounds of communication', better: 'lower', digits: 4 },
  {
    name: 'distance',
    label: 'distance to the saddle point of all workers’ examples',
    better: 'lower',
    digits: 4,
  },
];

/** The data of one seed, and the saddle point of all of them. */
interface Drawn {
  readonly seed: number;
  readonly auc: MinMaxAuc;
  readonly rows: LabelledRows;
  readonly saddle: Vector;
}
function drawnBy(seed: number, { workers, examples, batch }: Values): Drawn {
  const auc = minMaxAuc({ parts: workers, examples, batch, seed });
  const saddle = Float64Array.from(auc.expected.facts?.solution ?? []);
  return { seed, auc, rows: auc.heldOut(HELD_OUT), saddle };
}

async function rowOf(
  { K, I, name }: Setting,
  { seed, auc, rows, saddle }: Drawn,
  { steps: T, workers, examples, batch }: Values,
): Promise<Row> {
  const method =
    name === 'gda' ? 'gda(stepSize=0.1)' : `coda(stepSize=0.1, steps=${T}, decay=3, proximity=500)`;
  const rounds = (STAGES * T) / I;
  const points: (readonly [number, number])[] = [];
  const { z, ledgers } = await federate(auc.game, methodFrom(method), {
    workers: K,
    every: I,
    rounds,
    seed,
    onRound(round, mean) {
      if ((round * I) % RARE === 0) points.push([round, auc.auc(mean)]);
    },
  });
  return {
    label: `${name}, K = ${K}${K > 1 ? `, I = ${I}` : ''}`,
    method,
    seed,
    ledger: ledgers[0]!, // one worker’s
    calls: (STAGES * T * batch) / (workers * examples),
    values: {
      auc: auc.auc(z),
      heldOut: areaUnderRoc(auc.scores(z, rows), rows.labels),
      rounds: K > 1 ? rounds : 0,
      distance: distance(z, saddle),
    },
    series: K > 1 ? { 'AUC by rounds': { x: points.map(([x]) => x), y: points.map(([, y]) => y) } } : {},
  };
}

/** A column of a row of the table, by seed. */
const column = (section: Section, place: number, name: string): readonly number[] =>
  valuesOf(runsAt(section, place), name);
/** Whether every row has a run for each seed. */
const isWhole = (section: Section | undefined, values: Values): section is Section =>
  section !== undefined &&
  settingsOf(values).every((_, place) => runsAt(section, place).length === values.seeds);
const words = (values: readonly number[]): string => values.map((x) => x.toFixed(4)).join(', ');

function seldomIsEnough(section: Section): Finding {
  const [often, seldom] = [EVERY_STEP, SELDOM].map((place) => column(section, place, 'auc'));
  const apart = often!.map((x, i) => Math.abs(x - seldom![i]!));
  const [many, few] = [EVERY_STEP, SELDOM].map((place) => column(section, place, 'rounds')[0]!);
  return {
    holds: apart.every((x) => x < 0.003) && many! === RARE * few!,
    measured: `${many!.toLocaleString('en')} rounds with I = 1, ${few} with I = ${RARE}; the AUC differs by ${short(Math.max(...apart))} at most, over ${apart.length} ${apart.length === 1 ? 'seed' : 'seeds'}`,
  };
}

function moreWorkers(section: Section, { workers }: Values): Finding {
  const [four, one] = [SELDOM, ALONE].map((place) => column(section, place, 'heldOut'));
  return {
    holds: four!.every((x, i) => x > one![i]!),
    measured: `held-out AUC by seed: K = ${workers} ${words(four!)}; K = 1 ${words(one!)}`,
  };
}

function stagesHelp(section: Section): Finding {
  const [staged, plain] = [SELDOM, PLAIN].map((place) => column(section, place, 'auc'));
  return {
    holds: staged!.every((x, i) => x > plain![i]!),
    measured: `AUC of new examples by seed: coda ${words(staged!)}; gda ${words(plain!)}`,
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { workers, examples, batch, steps: T } = values;
  const data = seedsOf(values).map((seed) => drawnBy(seed, values));
  const all = settingsOf(values);
  const rows: Row[] = [];
  for (const each of all)
    for (const of of data) {
      if (signal?.aborted) return [];
      onProgress?.(rows.length / (all.length * data.length), `K = ${each.K}, I = ${each.I}`);
      rows.push(await rowOf(each, of, values));
    }
  return [
    tableSection({
      title: 'Rounds of communication and AUC',
      problem: `min-max-auc(parts=${workers}, examples=${examples}, batch=${batch}), a part for each worker`,
      about: `${examples.toLocaleString('en')} examples in 20 dimensions for each worker, one in ten positive; linear scores. ${STAGES} stages of ${T} steps with batches of ${batch}. No scores have a larger AUC than ${data[0]!.auc.bestAuc.toFixed(4)}. A single worker has the first part alone.`,
      columns,
      rows,
      players: ['v', 'alpha'],
      plots: [
        {
          draw: 'scatter',
          name: 'auc',
          title: 'AUC of new examples against rounds',
          series: 'AUC by rounds',
          x: { label: 'rounds of communication', scale: 'log' },
          y: { label: 'AUC', scale: 'linear' },
        },
      ],
      verdict: [...new Set(rows.map(({ label }) => label))].map((label) => {
        const own = rows.filter((row) => row.label === label);
        return `${label}: AUC ${words(own.map(({ values }) => values['auc'] ?? NaN))} after ${own[0]!.values['rounds']?.toLocaleString('en')} rounds`;
      }),
      identity: { figure: 'coda/rounds', workers, examples, batch, steps: STAGES * T },
    }),
  ];
}

/** Averages every I steps, by K workers. */
export const rounds = figure({
  name: 'rounds',
  title: 'Workers that average every 64 steps learn the same AUC as workers that average every step',
  shows:
    'The min-max AUC of linear scores on unequal classes, which each worker improves by steps of its own between two averages.',
  takes: 'seconds',
  options,
  quick: { seeds: 1, steps: 128 },
  settings: ({ workers, examples, batch, steps: T, ...values }) => [
    published('c, what η is divided by after a stage', '3', CODE),
    published('γ', '500', CODE),
    published('η', '0.1', CODE),
    ours('data', `${examples} examples in 20 dimensions for each of ${workers} workers, one in ten positive`),
    ours('stages', `${STAGES} of ${T} steps, batches of ${batch}`),
    ours('seeds', seedsInWords(values)),
    ours('α', 'averaged over the stage as v is, not computed again from a batch'),
  ],
  claims: (values) => [
    {
      name: 'rounds',
      statement: `With an average every ${RARE} steps in place of every step there are ${RARE} times fewer rounds, and the AUC stays the same within 0.003`,
      source: 'abstract, “much less number of communication rounds”; the numbers are Stillpoint’s',
      scaled: 'linear scores in place of deep networks',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? seldomIsEnough(section) : undefined),
    },
    {
      name: 'workers',
      statement: `${values.workers} workers with as many steps each reach a better AUC than one with its own examples`,
      source: 'after the abstract’s linear speed-up; that it shows in the AUC is Stillpoint’s',
      scaled: 'linear scores in place of deep networks',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? moreWorkers(section, values) : undefined),
    },
    {
      name: 'stages',
      statement:
        'With the same first step size and as many rounds, stages end at a better AUC than gda, whose noise stays',
      source: 'Stillpoint’s',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? stagesHelp(section) : undefined),
    },
    {
      name: 'deep',
      statement: 'On image classifiers the speed-up of K workers is linear',
      source: 'abstract; its experiments were not read',
      expected: false,
      needs: 'training of deep networks on several GPUs',
    },
  ],
  run: table,
});
