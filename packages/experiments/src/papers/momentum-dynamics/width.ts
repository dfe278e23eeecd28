import {
  distance,
  dot,
  eigh,
  emptyLedger,
  integer,
  numbers,
  type Full,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { limitKernel, twoLayerRelu, type TwoLayer } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, published, type FigureOptions } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';

const options = {
  ...seedOptions(4),
  widths: numbers({ about: 'm, hidden units', whole: true, from: 1, default: [128, 512, 2048, 8192] }),
  examples: integer({ about: 'inputs', from: 1, to: 200, default: 10 }),
  dimension: integer({ about: 'entries of an input', from: 2, to: 1000, default: 20 }),
  steps: integer({ about: 'steps of each method', from: 1, default: 100 }),
};
type Values = Full<typeof options>;
const METHODS = [
  ['heavy ball', 'heavy-ball(stepSize=0.05, momentum=0.75)'],
  ['Nesterov', 'nesterov(stepSize=0.05)'],
] as const;

/** F(Δ) = HΔ, on which a method makes the kernel recursion. */
const recursionOf = (H: Float64Array, Δ0: Vector): Game => ({
  name: 'kernel recursion',
  dim: Δ0.length,
  players: [{ name: 'Δ', start: 0, end: Δ0.length }],
  start: Array.from(Δ0),
  operator(Δ, out) {
    for (let i = 0; i < Δ0.length; i++) {
      out[i] = 0;
      for (let j = 0; j < Δ0.length; j++) out[i] = out[i]! + H[i * Δ0.length + j]! * Δ[j]!;
    }
  },
});

/** √(Δᵀ H⁻¹ Δ), the distance from W₀ at which linear dynamics end. */
function distanceOf(H: Float64Array, Δ: Vector): number {
  const { values, vectors } = eigh(H);
  const along = (m: number): number =>
    dot(vectors.subarray(m * Δ.length, (m + 1) * Δ.length), Δ) ** 2 / values[m]!;
  return Math.sqrt(Array.from(values, (_, m) => along(m)).reduce((sum, x) => sum + x, 0));
}

/** A network trained beside its recursion. */
function measure(game: TwoLayer, spec: string, steps: number): Row['values'] {
  const start = Float64Array.from(game.start!);
  const residual = new Float64Array(game.inputs.length);
  const residualAt = (z: Vector): Float64Array => {
    void game.residual.value(z, residual, {
      player: undefined,
      sample: undefined,
      losses: undefined,
      buffers: {},
    });
    return residual;
  };
  const first = residualAt(start).slice();
  const H = limitKernel(game.inputs);
  const [trained, recursion] = [
    iterate(game, methodFrom(spec), start),
    iterate(recursionOf(H, first), methodFrom(spec)),
  ];
  let apart = 0;
  let z: Vector = start;
  for (let k = 1; k <= steps; k++) {
    const Δ = recursion.next().value.z;
    z = trained.next().value.z;
    const r = residualAt(z);
    apart = Math.max(apart, Math.abs(dot(r, r) - dot(Δ, Δ)) / dot(first, first));
  }
  const limit = distanceOf(H, first);
  let farthest = 0;
  for (let from = 0; from < game.dim; from += game.inputs[0]!.length) {
    const unit = (w: Vector): Vector => w.subarray(from, from + game.inputs[0]!.length);
    farthest = Math.max(farthest, distance(unit(z), unit(start)));
  }
  return { apart, moved: distance(z, start) / limit, farthest: farthest / limit };
}

async function table(values: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const { widths, examples, dimension, steps } = values;
  const rows: Row[] = [];
  for (const [i, [label, spec]] of METHODS.entries())
    for (const width of widths)
      for (const seed of seedsOf(values)) {
        if (signal?.aborted) break;
        onProgress?.(i / METHODS.length, `${label}, ${width} units`);
        const game = twoLayerRelu({ width, examples, dimension, seed });
        rows.push({
          label: `${label}, m = ${width}`,
          method: spec,
          seed,
          ledger: { ...emptyLedger(1), steps, gradients: [steps], residuals: steps + 1 },
          calls: steps,
          values: measure(game, spec, steps),
        });
      }
  return [
    tableSection({
      title: 'Networks of m units beside the recursion of their limit kernel',
      problem: `two-layer-relu(examples=${examples}, dimension=${dimension})`,
      about: `${examples} seeded inputs of ${dimension} entries and length 1, the first layer learnt, ${steps} steps. The recursion is the same method on F(Δ) = HΔ, H the limit kernel, from the network’s first residuals. Distances are shares of √(Δ₀ᵀH⁻¹Δ₀), at which linear dynamics end. Calls are the steps; the losses for this table are not counted.`,
      columns: [
        {
          name: 'apart',
          label: 'largest difference of losses, as a share of the first',
          better: 'lower',
          digits: 3,
        },
        { name: 'moved', label: 'how far W moved', better: 'lower', digits: 4, best: 1 },
        { name: 'farthest', label: 'the unit that moved farthest', better: 'lower', digits: 3 },
      ],
      rows,
      verdict: [
        'The wider the network, the closer its training is to that of a linear model. All weights together move as far at every width, so each moves less.',
      ],
      identity: { problem: 'two-layer-relu', examples, dimension, steps },
    }),
  ];
}

/** The root of the mean square of a column over the seeds, by method and width; undefined if none was run. */
function sizeOf(
  section: Section | undefined,
  method: number,
  width: number,
  column: string,
): number | undefined {
  const label = `${METHODS[method]![0]}, m = ${width}`;
  const found = (section?.runs ?? []).filter((run: Run) => run.label === label);
  if (found.length === 0) return undefined;
  return Math.sqrt(found.reduce((sum, { values }) => sum + (values[column] ?? NaN) ** 2 / found.length, 0));
}
/** The sizes of a column for each method, from the narrowest to the widest; undefined if one is missing. */
function sizes(
  section: Section | undefined,
  column: string,
  { widths }: Values,
): readonly (readonly number[])[] | undefined {
  const all = METHODS.map((_, method) => widths.map((width) => sizeOf(section, method, width, column)));
  const known = all.map((ofMethod) => ofMethod.filter((x) => x !== undefined));
  return known.every((ofMethod, i) => ofMethod.length === all[i]!.length) ? known : undefined;
}
/** The slope of the logarithms, from the first width to the last. */
const slopeOf = (found: readonly number[], { widths }: Values): number =>
  Math.log(found.at(-1)! / found[0]!) / Math.log(widths.at(-1)! / widths[0]!);

/** That slope of the distance of the losses, for each seed. */
function slopesOf(section: Section | undefined, method: number, values: Values): readonly number[] {
  const ofWidth = (width: number | undefined): readonly number[] =>
    valuesOf(
      (section?.runs ?? []).filter(({ label }) => label === `${METHODS[method]![0]}, m = ${width}`),
      'apart',
    );
  const [narrow, wide] = [ofWidth(values.widths[0]), ofWidth(values.widths.at(-1))];
  return narrow.map((x, seed) => slopeOf([x, wide[seed] ?? NaN], values));
}
/** The mean of four slopes is off by more standard errors in 1.5 % of all cases, by Student’s t. */
const ERRORS = 5;
function meanAndError(slopes: readonly number[]): { readonly mean: number; readonly error: number } {
  const n = slopes.length;
  const mean = slopes.reduce((sum, x) => sum + x / n, 0);
  const square = slopes.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, error: Math.sqrt(square / (n - 1) / n) };
}

/** Networks of growing width beside their kernel's recursion. */
export const width = figure({
  name: 'width',
  title: 'Wide networks follow the recursion of their kernel',
  shows:
    'Training losses of two-layer networks beside those of the linear recursion, and how far the weights move, by width.',
  takes: 'seconds',
  options,
  quick: { widths: [128, 512, 2048] },
  settings: ({ widths, examples, dimension, steps, ...values }) => [
    published(
      'network',
      'f(x) = m^(−1/2) Σ aᵣ·max(0, wᵣᵀx), W from N(0, I), a of signs, fixed',
      'Du, Zhai, Poczos, Singh 2019, on which the paper builds',
    ),
    ours('data', `${examples} inputs of ${dimension} entries and length 1, standard normal targets`),
    ours('methods', `${METHODS.map(([, spec]) => spec).join(', ')}; ${steps} steps`),
    ours('m', widths.join(', ')),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'recursion',
      statement: `The distance of the losses falls with the width, as m^−½: the mean of the seeds’ slopes is negative, and −½ to within ${ERRORS} standard errors`,
      source: 'Stillpoint’s, after the paper’s limit of infinite width',
      expected: true,
      judge([section]) {
        const found = sizes(section, 'apart', values);
        const slopes = METHODS.map((_, method) => slopesOf(section, method, values));
        if (found === undefined || slopes.some((own) => own.length < Math.max(2, values.seeds)))
          return undefined;
        const all = slopes.map(meanAndError);
        return {
          holds: all.every(({ mean, error }) => mean < 0 && Math.abs(mean + 1 / 2) <= ERRORS * error),
          measured: METHODS.map(
            ([label], i) =>
              `${label}: ${found[i]!.map((x) => x.toPrecision(2)).join(', ')} (slope ${all[i]!.mean.toFixed(2)} ± ${all[i]!.error.toFixed(2)})`,
          ).join('; '),
        };
      },
    },
    {
      name: 'distance',
      statement:
        'All weights together move by √(Δ₀ᵀH⁻¹Δ₀) to within 3/√m, and the unit that moves farthest as m^−½: the slope is between −0.6 and −0.4',
      source: 'Stillpoint’s; the 3 as measured',
      expected: true,
      judge([section]) {
        const [moved, farthest] = [sizes(section, 'moved', values), sizes(section, 'farthest', values)];
        if (moved === undefined || farthest === undefined) return undefined;
        const slopes = farthest.map((ofMethod) => slopeOf(ofMethod, values));
        return {
          holds:
            slopes.every((slope) => slope > -0.6 && slope < -0.4) &&
            moved.every((ofMethod) =>
              ofMethod.every((x, i) => Math.abs(x - 1) < 3 / Math.sqrt(values.widths[i]!)),
            ),
          measured: METHODS.map(
            ([label], i) =>
              `${label}: ${moved[i]!.map((x) => x.toFixed(3)).join(', ')} (slope of the farthest ${slopes[i]!.toFixed(2)})`,
          ).join('; '),
        };
      },
    },
  ],
  run: table,
});
