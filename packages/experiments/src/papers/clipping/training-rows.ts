import type { CompiledProblem } from '@stillpoint/networks';
import type { State, Vector } from '@stillpoint/operators';
import { train, type Progress } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Measure, Run, Series } from '@stillpoint/tracking';
import { drawnBy } from '../../trial/game-source.js';
import type { FigureOptions } from '../paper.js';
import type { Row } from '../runs.js';

/** A method that is run, and what it is called. */
export interface Contender {
  readonly label: string;
  /** Its spec. */
  readonly method: string;
}

/** A quantity that is measured on held-out data along a run: a column, and a series. */
export interface HeldOut {
  readonly column: string;
  readonly series: string;
}

/** What else is watched along one run, and what that comes to. */
export interface Watched {
  readonly observe: (progress: Progress<State>) => Promise<void>;
  readonly values: () => { readonly [column: string]: Measure };
  readonly series: () => Run['series'];
}

/** What is trained, for how long, and how it is measured. */
export interface TrainingRows {
  /** A problem of one player. */
  readonly problem: CompiledProblem;
  readonly steps: number;
  readonly seeds: number;
  /** The others follow it. Default: 1. */
  readonly firstSeed?: number;
  /** How many values of the losses a run keeps. */
  readonly points: number;
  readonly heldOut: readonly HeldOut[];
  /** The held-out quantities at a point, in their order. */
  readonly measure: (z: Vector) => Promise<readonly number[]>;
  /** Called where a run begins. Default: nothing else is watched. */
  readonly watch?: () => Watched;
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
/** A number as a column has it: null where it is none. */
export const measure = (x: number | undefined): Measure => (x !== undefined && Number.isFinite(x) ? x : null);

interface Growing extends Series {
  readonly x: number[];
  readonly y: Measure[];
}
const newSeries = (): Growing => ({ x: [], y: [] });
function add({ x, y }: Growing, at: number, value: number): void {
  x.push(at);
  y.push(measure(value));
}

/**
 * Trains a problem with each method and seed: the training loss, a mean over the batches between two of its
 * values, and what is held out. A seed gives all methods the same start and the same batches. Runs one after
 * another, in this process.
 */
export async function trainingRows(
  contenders: readonly Contender[],
  { problem, steps, seeds, firstSeed = 1, points, heldOut, measure: held, watch }: TrainingRows,
  { signal, onProgress }: Pick<FigureOptions, 'signal' | 'onProgress'>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const total = seeds * contenders.length;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++)
    for (const { label, method: of } of contenders) {
      if (signal?.aborted) return rows;
      const watched = watch?.();
      const trained = newSeries();
      const curves = heldOut.map(newSeries);
      const losses: number[] = [];
      let step = 0;
      const result = await train(drawnBy(problem, seed), methodFrom(of), {
        start: problem.initialise(seed),
        seed,
        steps,
        ...(signal ? { signal } : {}),
        async observe(progress) {
          await watched?.observe(progress);
          if (step > 0) losses.push(progress.losses[0]!);
          if (step % Math.ceil(steps / points) === 0 || step === steps) {
            if (losses.length > 0) add(trained, step, mean(losses));
            losses.length = 0;
            const values = await held(progress.state.z);
            curves.forEach((curve, i) => add(curve, step, values[i] ?? NaN));
          }
          onProgress?.((rows.length + step / steps) / total, `${label}, seed ${seed}`);
          step++;
        },
      });
      rows.push({
        label,
        method: of,
        seed,
        status: result.status,
        message: result.message,
        ledger: result.ledger,
        calls: result.calls,
        values: {
          loss: trained.y.at(-1) ?? null,
          ...Object.fromEntries(heldOut.map(({ column }, i) => [column, curves[i]!.y.at(-1) ?? null])),
          ...watched?.values(),
          engaged: measure((result.figures?.['engaged'] ?? NaN) / result.steps),
        },
        series: {
          'training loss': trained,
          ...Object.fromEntries(heldOut.map(({ series }, i) => [series, curves[i]!])),
          ...watched?.series(),
        },
      });
    }
  return rows;
}
