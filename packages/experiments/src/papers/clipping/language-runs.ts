import { kingJames } from '@stillpoint/datasets';
import { languageEnds, languageProblem, networkFrom, type CompiledProblem } from '@stillpoint/networks';
import type { Vector } from '@stillpoint/operators';
import type { Measure, Series } from '@stillpoint/tracking';
import { train } from '@stillpoint/optimizers';
import { smoothnessAlong, smoothnessFit, type SmoothnessPoint } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { drawnBy } from '../../trial/game-source.js';
import type { FigureOptions } from '../paper.js';
import type { Row } from '../runs.js';

/** A method that is run, and what it is called. */
export interface Contender {
  readonly label: string;
  /** Its spec. */
  readonly method: string;
}

/** How large the runs are. */
export interface LanguageSize {
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
  /** The smoothness of every so many-th step is measured. */
  readonly every: number;
  readonly seeds: number;
}

/** How many values of the losses a run keeps. */
const LOSSES = 40;

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const measure = (x: number | undefined): Measure => (x !== undefined && Number.isFinite(x) ? x : null);

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

/**
 * Trains a character LSTM on the shipped text with each method and seed, and measures the local smoothness
 * along the way: of every few steps the change of the gradient over half of the step, and the gradient where
 * the step begins, both on one batch that is always the same. A seed gives all methods the same start and the
 * same windows. Runs one after another, in this process.
 */
export async function languageRuns(
  contenders: readonly Contender[],
  { time, batch, measured, heldOut, network: spec, steps, every, seeds }: LanguageSize,
  { engine, signal, onProgress }: Pick<FigureOptions, 'engine' | 'signal' | 'onProgress'>,
): Promise<readonly Row[]> {
  const text = await kingJames({ length: time + 1 });
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
    const trained = await problemOf('train', batch, 1);
    const fixed = await problemOf('train', measured, 2);
    const held = lossOn(await problemOf('test', heldOut, 2));
    const rows: Row[] = [];
    const total = seeds * contenders.length;
    for (let seed = 1; seed <= seeds; seed++)
      for (const { label, method: of } of contenders) {
        if (signal?.aborted) return rows;
        const method = methodFrom(of);
        const along = smoothnessAlong(fixed, { every });
        const curves = { trained: newSeries(), heldOut: newSeries() };
        const losses: number[] = [];
        let step = 0;
        const result = await train(drawnBy(trained, seed), method, {
          start: trained.initialise(seed),
          seed,
          steps,
          ...(signal ? { signal } : {}),
          async observe(progress) {
            await along.observe(progress);
            if (step > 0) losses.push(progress.losses[0]!);
            if (step % Math.ceil(steps / LOSSES) === 0 || step === steps) {
              if (losses.length > 0) add(curves.trained, step, mean(losses));
              losses.length = 0;
              add(curves.heldOut, step, await held(progress.state.z));
              onProgress?.((rows.length + step / steps) / total, `${label}, seed ${seed}`);
            }
            step++;
          },
        });
        const { points } = along;
        rows.push({
          label,
          method: of,
          seed,
          status: result.status,
          message: result.message,
          ledger: result.ledger,
          calls: result.calls,
          values: {
            loss: curves.trained.y.at(-1) ?? null,
            'held-out loss': curves.heldOut.y.at(-1) ?? null,
            ...smoothnessValues(points),
            engaged: measure((result.figures?.['engaged'] ?? NaN) / result.steps),
          },
          series: {
            'training loss': curves.trained,
            'held-out loss': curves.heldOut,
            'smoothness over gradient': {
              x: points.map(({ gradient }) => gradient),
              y: points.map(({ smoothness }) => smoothness),
            },
          },
        });
      }
    return rows;
  } finally {
    for (const problem of made) await problem.dispose();
  }
}

interface Growing extends Series {
  readonly x: number[];
  readonly y: Measure[];
}
const newSeries = (): Growing => ({ x: [], y: [] });
function add({ x, y }: Growing, at: number, value: number): void {
  x.push(at);
  y.push(measure(value));
}
