import { dataSpec, datasetFrom, datasets, type TextParts } from '@stillpoint/datasets';
import { languageEnds, languageProblem, networkFrom, type CompiledProblem } from '@stillpoint/networks';
import { InputError, findRow, type Vector } from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';
import { smoothnessAlong, smoothnessFit, type SmoothnessPoint } from '@stillpoint/optimizers/drivers';
import type { FigureOptions } from '../paper.js';
import type { Row } from '../runs.js';
import { measure, trainingRows, type Contender, type Watched } from './training-rows.js';

/** How large the runs are. */
export interface LanguageSize {
  /** A text: a data set's spec. */
  readonly data: string;
  /** Characters that are predicted in a window. */
  readonly time: number;
  /** Windows in a gradient, and in those by which the smoothness is measured: always the same ones. */
  readonly batch: number;
  readonly measured: number;
  /** Windows of the text that is held out, by which the loss is measured. */
  readonly heldOut: number;
  /** The network’s spec. */
  readonly network: string;
  readonly steps: number;
  /** Every how many steps the smoothness is measured. */
  readonly every: number;
  readonly seeds: number;
  readonly firstSeed: number;
}

/** The rows of the runs, and what they were made on. */
export interface LanguageRuns {
  readonly rows: readonly Row[];
  readonly parameters: number;
}

/** A text in two parts, by its spec, in windows of that length. @throws InputError for data that are none. */
async function textFrom(data: string, length: number): Promise<Required<TextParts>> {
  const spec = await dataSpec(data);
  const isText = 'length' in findRow('dataset', datasets, spec.name).options;
  const { text } = isText ? await datasetFrom({ ...spec, options: { ...spec.options, length } }) : {};
  if (text?.test === undefined)
    throw new InputError(
      `${data} ${isText ? 'has no part that is held out' : 'is no text'}; expected a text, as king-james or text(path="book.txt")`,
    );
  return { train: text.train, test: text.test };
}

/** The loss on the windows of draw 0. */
function lossOn(problem: CompiledProblem): (z: Vector) => Promise<number> {
  const [sample, out] = [problem.draw?.(0), new Float64Array(1)];
  return async (z) => {
    await problem.losses?.(z, out, { player: undefined, sample, losses: undefined, buffers: {} });
    return out[0]!;
  };
}

/**
 * The values of one run's row. Correlations are Pearson’s, of the logarithms of smoothness and gradient: over
 * all of the run, and without its first tenth, in which both fall from the start. (L₀, L₁) is the line below
 * which nine of ten measured steps lie.
 */
export function smoothnessValues(points: readonly SmoothnessPoint[]): { readonly [column: string]: Measure } {
  if (points.length === 0) return {};
  const { L0, L1, correlation, threshold } = smoothnessFit(points);
  const late = points.slice(Math.ceil(points.length / 10));
  return {
    correlation: measure(correlation),
    'late correlation': late.length === 0 ? null : measure(smoothnessFit(late).correlation),
    L0: measure(L0),
    L1: measure(L1),
    threshold: measure(threshold),
  };
}

/** Measures the smoothness every `every` steps of a run, on what `fixed` draws first. */
function smoothnessOf(fixed: CompiledProblem, every: number): Watched {
  const along = smoothnessAlong(fixed, { every });
  return {
    observe: async (progress) => {
      await along.observe(progress);
    },
    values: () => smoothnessValues(along.points),
    series: () => ({
      'smoothness over gradient': {
        x: along.points.map(({ gradient }) => gradient),
        y: along.points.map(({ smoothness }) => smoothness),
      },
    }),
  };
}

/**
 * Trains a character LSTM on a text with each method and seed, and measures the local smoothness
 * along the way: of every few steps the change of the gradient over half of the step, and the gradient where
 * the step begins, both on one batch that is always the same. A seed gives all methods the same start and the
 * same windows. Runs one after another, in this process.
 */
export async function languageRuns(
  contenders: readonly Contender[],
  { data, time, batch, measured, heldOut, network: spec, steps, every, seeds, firstSeed }: LanguageSize,
  { engine, ...options }: Pick<FigureOptions, 'engine' | 'signal' | 'onProgress'>,
): Promise<LanguageRuns> {
  const text = await textFrom(data, time + 1);
  const network = networkFrom(spec, languageEnds(text.train));
  const made: CompiledProblem[] = [];
  const problemOf = async (
    part: 'train' | 'test',
    windows: number,
    seed: number,
  ): Promise<CompiledProblem> => {
    const problem = await languageProblem({ data: text[part], network, batch: windows, seed, engine });
    made.push(problem);
    return problem;
  };
  try {
    const problem = await problemOf('train', batch, 1);
    const fixed = await problemOf('train', measured, 2);
    const held = lossOn(await problemOf('test', heldOut, 2));
    const rows = await trainingRows(
      contenders,
      {
        problem,
        steps,
        seeds,
        firstSeed,
        points: 40,
        heldOut: [{ column: 'held-out loss', series: 'held-out loss' }],
        measure: async (z) => [await held(z)],
        watch: () => smoothnessOf(fixed, every),
      },
      options,
    );
    return { rows, parameters: problem.dim };
  } finally {
    for (const problem of made) await problem.dispose();
  }
}
