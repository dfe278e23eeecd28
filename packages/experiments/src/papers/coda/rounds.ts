import { distance, type Vector } from '@stillpoint/operators';
import { areaUnderRoc } from '@stillpoint/metrics';
import { federate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { minMaxAuc, type LabelledRows, type MinMaxAuc } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const CODE = 'the authors’ code of CODASCA, main_codasca_cifar.py';
const [WORKERS, EXAMPLES, BATCH, STAGES, SEEDS, HELD_OUT] = [4, 2000, 32, 5, 3, 20_000];
const RARE = 64;
/** Each I, with K = 4, then a single worker, then gda: a row of the table for each. */
const ROWS = [
  { K: WORKERS, I: 1, name: 'coda' },
  { K: WORKERS, I: 8, name: 'coda' },
  { K: WORKERS, I: RARE, name: 'coda' },
  { K: 1, I: RARE, name: 'coda' },
  { K: WORKERS, I: RARE, name: 'gda' },
] as const;
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
interface Data {
  readonly seed: number;
  readonly auc: MinMaxAuc;
  readonly rows: LabelledRows;
  readonly saddle: Vector;
}
function dataOf(seed: number): Data {
  const auc = minMaxAuc({ parts: WORKERS, examples: EXAMPLES, batch: BATCH, seed });
  const saddle = Float64Array.from(auc.expected.facts?.solution ?? []);
  return { seed, auc, rows: auc.heldOut(HELD_OUT), saddle };
}

async function rowOf(
  { K, I, name }: (typeof ROWS)[number],
  { seed, auc, rows, saddle }: Data,
  T: number,
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
    calls: (STAGES * T * BATCH) / (WORKERS * EXAMPLES),
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
const words = (values: readonly number[]): string => values.map((x) => x.toFixed(4)).join(', ');

function seldomIsEnough([section]: readonly Section[]): Finding | undefined {
  if (section === undefined) return undefined;
  const [often, seldom] = [EVERY_STEP, SELDOM].map((place) => column(section, place, 'auc'));
  const apart = often!.map((x, i) => Math.abs(x - seldom![i]!));
  const [many, few] = [EVERY_STEP, SELDOM].map((place) => column(section, place, 'rounds')[0]!);
  return {
    holds: apart.every((x) => x < 0.003) && many! / few! > 50,
    measured: `${many!.toLocaleString('en')} rounds with I = 1, ${few} with I = ${RARE}; the AUC differs by ${short(Math.max(...apart))} at most, over ${apart.length} ${apart.length === 1 ? 'seed' : 'seeds'}`,
  };
}

function moreWorkers([section]: readonly Section[]): Finding | undefined {
  if (section === undefined) return undefined;
  const [four, one] = [SELDOM, ALONE].map((place) => column(section, place, 'heldOut'));
  return {
    holds: four!.every((x, i) => x > one![i]!),
    measured: `held-out AUC by seed: K = ${WORKERS} ${words(four!)}; K = 1 ${words(one!)}`,
  };
}

function stagesHelp([section]: readonly Section[]): Finding | undefined {
  if (section === undefined) return undefined;
  const [staged, plain] = [SELDOM, PLAIN].map((place) => column(section, place, 'auc'));
  return {
    holds: staged!.every((x, i) => x > plain![i]!),
    measured: `AUC of new examples by seed: coda ${words(staged!)}; gda ${words(plain!)}`,
  };
}

async function table({ quick, signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const [seeds, T] = quick ? [1, 128] : [SEEDS, 640];
  const data = Array.from({ length: seeds }, (_, seed) => dataOf(seed));
  const rows: Row[] = [];
  for (const each of ROWS)
    for (const of of data) {
      if (signal?.aborted) return [];
      onProgress?.(rows.length / (ROWS.length * seeds), `K = ${each.K}, I = ${each.I}`);
      rows.push(await rowOf(each, of, T));
    }
  return [
    tableSection({
      title: 'Rounds of communication and AUC',
      problem: `min-max-auc(parts=${WORKERS}), a part for each worker`,
      about: `${EXAMPLES.toLocaleString('en')} examples in 20 dimensions for each worker, one in ten positive; linear scores. ${STAGES} stages of ${T} steps with batches of ${BATCH}. No scores have a larger AUC than ${data[0]!.auc.bestAuc.toFixed(4)}. A single worker has the first part alone.`,
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
      identity: { figure: 'coda/rounds', steps: STAGES * T },
    }),
  ];
}

/** Averages every I steps, by K workers. */
export const rounds: Figure = {
  name: 'rounds',
  title: 'Workers that average every 64 steps learn the same AUC as workers that average every step',
  shows:
    'The min-max AUC of linear scores on unequal classes, which each worker improves by steps of its own between two averages.',
  takes: 'seconds',
  settings: [
    published('c, what η is divided by after a stage', '3', CODE),
    published('γ', '500', CODE),
    published('η', '0.1', CODE),
    ours('data', `${EXAMPLES} examples in 20 dimensions for each of ${WORKERS} workers, one in ten positive`),
    ours('stages', `${STAGES} of 640 steps, batches of ${BATCH}; three seeds. Quick: 128 steps, one seed`),
    ours('α', 'averaged over the stage as v is, not computed again from a batch'),
  ],
  claims: [
    {
      name: 'rounds',
      statement: `With an average every ${RARE} steps in place of every step there are more than 50 times fewer rounds, and the AUC stays the same within 0.003`,
      source: 'abstract, “much less number of communication rounds”; the numbers are ours',
      scaled: 'linear scores in place of deep networks',
      expected: true,
      judge: seldomIsEnough,
    },
    {
      name: 'workers',
      statement: `${WORKERS} workers with as many steps each reach a better AUC than one with its own examples`,
      source: 'after the abstract’s linear speed-up; that it shows in the AUC is ours',
      scaled: 'linear scores in place of deep networks',
      expected: true,
      judge: moreWorkers,
    },
    {
      name: 'stages',
      statement:
        'With the same first step size and as many rounds, stages end at a better AUC than gda, whose noise stays',
      source: 'ours',
      expected: true,
      judge: stagesHelp,
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
};
