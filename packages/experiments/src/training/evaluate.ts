import { metrics as metricRows } from '@stillpoint/metrics';
import {
  InputError,
  messageOf,
  parseSpec,
  type Method,
  type State,
  type Vector,
} from '@stillpoint/operators';
import type { Column, Measure } from '@stillpoint/tracking';
import { figuresOf } from '../figures.js';
import { SAMPLE_SEED } from '../finite-values.js';
import type { Trained } from './problem.js';

/** The points of a run by name: `z`, which the method recommends, and the method's others. */
export function pointsOf(method: Method<State>, state: State): { readonly [name: string]: Vector } {
  return { z: state.z, ...method.points?.(state) };
}

/** A metric's values at a run's points. */
export interface Evaluated {
  readonly spec: string;
  readonly column: Column;
  /** By the name of the point. */
  readonly values: { readonly [point: string]: Measure };
}

/** What {@link evaluateRun} returns: metrics, and those that do not fit the data, each with the reason. */
export interface Evaluation {
  readonly samples: number;
  readonly evaluated: readonly Evaluated[];
  readonly left: readonly { readonly spec: string; readonly reason: string }[];
}

/** The extractors with which metrics on features are measured on grey images of 28×28. */
const CLASSIFIER = 'fashion-classifier';

/** Every metric by its default options, and those on features also on those of the shipped classifier. */
function everyMetric(shape: readonly number[]): readonly string[] {
  const isFashion = shape.length === 3 && shape[0] === 28 && shape[1] === 28;
  return metricRows.flatMap(({ name, options }) => {
    const { extractor } = options;
    if (extractor === undefined) return [name];
    const classified = isFashion ? [`${name}(extractor=${CLASSIFIER})`] : [];
    // metrics of logits have no default extractor
    return extractor.default === undefined && isFashion ? classified : [name, ...classified];
  });
}

/**
 * Measures a GAN at points by metrics, each beside the value that real examples get.
 * @param specs default: every metric of the registry that fits the data.
 * @throws InputError if the problem is no GAN, and for a metric of `specs` that does not fit.
 */
export async function evaluateRun(
  { gan, data, problem }: Trained,
  points: { readonly [name: string]: Vector },
  {
    samples,
    specs,
    report = () => {},
  }: {
    readonly samples: number;
    readonly specs?: readonly string[];
    /** Called before each metric, with its number from 1 and how many there are. */
    readonly report?: (spec: string, number: number, of: number) => void;
  },
): Promise<Evaluation> {
  if (gan === undefined || data === undefined)
    throw new InputError(
      `${problem.name} generates nothing that metrics could compare; the run’s own rows hold its losses and residual`,
    );
  const examples = new Map<string, Float32Array>();
  for (const [name, z] of Object.entries(points))
    examples.set(name, await gan.sample(Float32Array.from(z), samples, SAMPLE_SEED));
  const evaluated: Evaluated[] = [];
  const left: { spec: string; reason: string }[] = [];
  const asked = specs ?? everyMetric(data.train.shape);
  for (const [i, spec] of asked.entries()) {
    report(spec, i + 1, asked.length);
    try {
      const measured = {
        name: problem.name,
        dataset: gan.data.name,
        samples,
        metrics: [spec],
        headline: parseSpec(spec).name,
      };
      const figures = await figuresOf(measured, data);
      try {
        const [column] = figures.columns;
        if (column === undefined) continue;
        const values: { [point: string]: Measure } = {};
        for (const [name, of] of examples) values[name] = (await figures.measure(of))[column.name] ?? null;
        evaluated.push({ spec, column, values });
      } finally {
        await figures.dispose();
      }
    } catch (error) {
      if (specs !== undefined || !(error instanceof InputError)) throw error;
      left.push({ spec, reason: messageOf(error) });
    }
  }
  return { samples, evaluated, left };
}
