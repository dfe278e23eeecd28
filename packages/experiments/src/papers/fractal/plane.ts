import { boxCounting } from '@stillpoint/metrics';
import { integer, type Full } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { densityPicture } from '../../density-picture.js';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { columns, countsPlot } from './cantor-set.js';
import { boxesOf, countSeries, iteratesOf } from './iterates.js';

/**
 * With this number of steps one of the 4⁵ boxes is missed with a probability of 1024(1 − 4⁻⁵)^30000 = 2e-10.
 */
const FEWEST = 30_000;
const options = {
  ...seedOptions(1),
  steps: integer({ about: 'how many steps', from: FEWEST, to: 1_000_000, default: 60_000 }),
};
type Values = Full<typeof options>;
/** The iterates in a picture; the last has all. */
const SHOWN = [300, 3000, Infinity];
const two = 'points=[[0,0],[1,0]]';

interface Setting {
  readonly label: string;
  readonly spec: string;
  readonly stepSize: number;
  /** How many points there are to draw. */
  readonly batches: number;
  /** The factor by which a step shrinks the plane. */
  readonly r: number;
  /** Of the boxes that are counted; default: 1/r. */
  readonly base?: number;
  readonly finest: number;
  /** The box of level 0, if its corner matters. */
  readonly unit?: boolean;
}
const settings: readonly Setting[] = [
  {
    label: 'three points, no rotation',
    spec: 'cantor(points=[[0,0],[1,0],[0,1]], batch=1)',
    stepSize: 0.5,
    batches: 3,
    r: 0.5,
    finest: 6,
    unit: true,
  },
  {
    label: 'a game with quarter turns',
    spec: 'cantor-game(points=[[0.3,0.1],[0.9,0.3],[0.1,0.7],[0.5,0.5]], curvature=3, coupling=1)',
    stepSize: 1 / 3,
    batches: 4,
    r: 1 / 3,
    finest: 5,
    unit: true,
  },
  {
    label: 'a game of two points',
    spec: `cantor-game(${two}, coupling=0.5)`,
    stepSize: 0.8,
    batches: 2,
    r: Math.hypot(0.2, 0.4),
    finest: 9,
  },
  {
    label: 'a game of three points',
    spec: 'cantor-game(coupling=0.4)',
    stepSize: 0.8,
    batches: 3,
    r: Math.hypot(0.2, 0.32),
    finest: 6,
  },
  {
    label: 'the twindragon',
    spec: `cantor-game(${two}, coupling=1)`,
    stepSize: 0.5,
    batches: 2,
    r: Math.SQRT1_2,
    base: 2,
    finest: 5,
  },
];
const BILINEAR = 0.5;

/** Pictures of the first iterates, of more, and of all, in a square that holds all of them. */
function pictures(points: Float64Array): Run['pictures'] {
  const range = (p: number): readonly [number, number] => {
    const own = points.filter((_, i) => i % 2 === p);
    return [own.reduce((a, b) => Math.min(a, b)), own.reduce((a, b) => Math.max(a, b))];
  };
  const [x, y] = [range(0), range(1)];
  const centre = [x, y].map(([least, most]) => (least + most) / 2);
  const extent = 0.52 * Math.max(x[1] - x[0], y[1] - y[0]);
  const centred = Float32Array.from(points, (value, i) => value - centre[i % 2]!);
  return SHOWN.map((most) => {
    const some = centred.subarray(0, 2 * most);
    const { png, width, height } = densityPicture(some, extent);
    return { calls: some.length / 2, png: Buffer.from(png).toString('base64'), width, height };
  });
}

/** The spec with the seed of its draws. */
const seeded = (spec: string, seed: number): string =>
  spec.replace(/\)$/, `, ${spec.startsWith('cantor-game') ? 'seed' : 'batchSeed'}=${seed})`);

async function rowOf(setting: Setting, seed: number, steps: number): Promise<Row> {
  const { label, spec, stepSize, batches, r, base = 1 / r, finest, unit = false } = setting;
  const { problem } = problemFrom(seeded(spec, seed));
  const { points, contraction, row } = await iteratesOf({ label, problem, stepSize, batches, steps });
  const box = unit ? { origin: [0, 0], width: 1 } : {};
  const counted = boxCounting(points, { dim: 2, base, finest, ...box });
  const { logNorm, dimension } = contraction;
  return {
    ...row,
    seed,
    values: { boxes: counted.dimension, bound: dimension, logNorm, deviation: counted.deviation },
    series: countSeries(counted, dimension),
    pictures: pictures(points),
  };
}

/** Judges the runs of some places. */
const judged =
  (
    { seeds }: Values,
    places: readonly number[],
    holds: (run: Run, at: (column: string) => number, place: number) => boolean,
  ) =>
  ([section]: readonly Section[]): Finding | undefined => {
    const found = places.map((place) => runsAt(section, place));
    const runs = found.flat();
    if (runs.length < places.length * seeds) return undefined;
    const value = (run: Run, column: string): number => valuesOf([run], column)[0]!;
    return {
      holds: found.every((own, i) =>
        own.every((run) => holds(run, (column) => value(run, column), places[i]!)),
      ),
      measured: runs
        .map(
          (run) =>
            `${run.label}${seeds > 1 ? `, seed ${run.seed}` : ''}: dimension ${value(run, 'boxes').toFixed(4)} by ${boxesOf(run.series).join(', ')} boxes, bound ${value(run, 'bound').toFixed(4)}`,
        )
        .join('; '),
    };
  };

/** Whether base^k boxes of level k hold an iterate. */
const isPower = (run: Run, base: number): boolean =>
  boxesOf(run.series).every((boxes, i) => boxes === base ** (i + 1));

/** Sets in the plane, of a minimisation and of games. */
export const plane = figure({
  name: 'plane',
  title: 'Stochastic steps in the plane: a triangle, the dust of games, a dragon',
  shows:
    'What the iterates fill if one of a few points is drawn in each step: with three points and no rotation a Sierpiński triangle; in games, whose steps also turn, separate pieces, or a dragon that has an inside.',
  takes: 'seconds',
  options,
  quick: { steps: 30_000 },
  settings: ({ steps, ...values }) => [
    ours('runs', settings.map(({ spec, stepSize }) => `${spec} with η = ${stepSize}`).join('; ')),
    ours('bilinear', `bilinear with η = ${BILINEAR}, exact steps`),
    ours('steps', steps.toLocaleString('en')),
    ours('seeds', seedsInWords(values)),
    ours(
      'boxes',
      'of base 1/r, r the factor of a step, for the twindragon of base 2; from 0 and of width 1 for the first two, else around all iterates',
    ),
  ],
  claims: (values) => [
    {
      name: 'triangle',
      statement:
        'Exactly 3^k boxes of side 2^−k hold iterates, k = 1 … 6, and the dimension is the bound, log 3/log 2 = 1.58496',
      source: 'Stillpoint’s: binary digits of the two coordinates are never both 1',
      expected: true,
      judge: judged(values, [0], (run, at) => isPower(run, 3) && Math.abs(at('boxes') - at('bound')) < 1e-9),
    },
    {
      name: 'quarter-turns',
      statement:
        'A game whose steps turn by 90° and shrink to a third: exactly 4^k boxes of side 3^−k hold iterates, k = 1 … 5, and the dimension is the bound, log 4/log 3 = 1.26186',
      source: 'Stillpoint’s: such a turn takes boxes to boxes',
      expected: true,
      judge: judged(values, [1], (run, at) => isPower(run, 4) && Math.abs(at('boxes') - at('bound')) < 1e-9),
    },
    {
      name: 'dust',
      statement:
        'Games of two and three points, with turns of other angles: the bound is log 2/(−log r) = 0.861 and log 3/(−log r) = 1.127, and counts of boxes grow no faster, 9·2^k and 9·3^k of side r^k at most',
      source:
        'Stillpoint’s: each of the pieces of level k is narrower than √2 of these boxes, so that 9 hold it; Hutchinson’s theorem',
      expected: true,
      judge: judged(values, [2, 3], (run, at, place) => {
        const { r, batches } = settings[place]!;
        return (
          Math.abs(at('bound') - Math.log(batches) / -Math.log(r)) < 1e-9 &&
          boxesOf(run.series).every((boxes, i) => boxes !== null && boxes <= 9 * batches ** (i + 1))
        );
      }),
    },
    {
      name: 'dragon',
      statement:
        'With ημ = ηω = ½ the bound is 2, the dimension of the plane, and says nothing; the set has an inside, and its dimension by boxes is above that of its edge, 1.524',
      source: 'Stillpoint’s; that the twindragon has an inside, and the dimension of its edge, are classical',
      expected: true,
      judge: judged(
        values,
        [4],
        (_, at) => Math.abs(at('bound') - 2) < 1e-9 && at('boxes') > 1.524 && at('boxes') <= 2,
      ),
    },
    {
      name: 'bilinear',
      statement: `A step on a bilinear game expands, R̂ = ½log(1 + η²) = ${short(Math.log1p(BILINEAR ** 2) / 2)}: no bound, and no set to end up on`,
      source: 'Stillpoint’s',
      expected: true,
      judge([, section]) {
        const [logNorm] = valuesOf(section?.runs ?? [], 'logNorm');
        if (logNorm === undefined) return undefined;
        return {
          holds: Math.abs(logNorm - Math.log1p(BILINEAR ** 2) / 2) < 1e-12,
          measured: `R̂ = ${short(logNorm)}`,
        };
      },
    },
  ],
  async run(values, { signal }: FigureOptions) {
    const { steps } = values;
    const rows: Row[] = [];
    for (const setting of settings)
      for (const seed of seedsOf(values)) {
        if (signal?.aborted) break;
        rows.push(await rowOf(setting, seed, steps));
      }
    const bilinear = { problem: gameFrom('bilinear'), stepSize: BILINEAR, batches: 1, steps: 40 };
    const { contraction, row } = await iteratesOf({ label: 'the bilinear game', ...bilinear });
    return [
      tableSection({
        title: 'Stochastic steps in the plane',
        problem: 'cantor-game, cantor, bilinear',
        about: `A step draws one of the points c and is z⁺ = (I − ηM)z + ηMc, M = [[μ, ω], [−ω, μ]] in the games: it shrinks the plane by r and turns it. ${steps.toLocaleString('en')} steps.`,
        columns,
        rows,
        players: ['x', 'y'],
        plots: [
          {
            draw: 'samples',
            name: 'iterates',
            title: 'the iterates, brighter where there are more of them',
            note: 'Each picture is as large as the set.',
          },
          countsPlot,
        ],
        verdict: rows.map(
          ({ label, values: { boxes, bound } }) =>
            `${label}: dimension ${short(boxes ?? NaN)} by boxes, at most ${short(bound ?? NaN)} by contraction`,
        ),
        identity: { figure: 'fractal/plane', steps },
      }),
      tableSection({
        title: 'A bilinear game, which expands',
        problem: 'bilinear',
        about: `Exact steps with η = ${BILINEAR}.`,
        columns: columns.filter(({ name }) => name === 'logNorm'),
        rows: [{ ...row, values: { logNorm: contraction.logNorm } }],
        players: ['x', 'y'],
        verdict: ['R̂ is above 0: no bound, and no set that the iterates end up on.'],
        identity: { problem: 'bilinear' },
      }),
    ];
  },
});
