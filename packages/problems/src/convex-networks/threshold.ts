import { InputError, dot, l1Ball, l1Norm, shown, type Vector } from '@stillpoint/operators';
import { minimisation } from '../kinds/minimisation.js';
import {
  groupProgram,
  networkDataTable,
  patternedData,
  type ConvexProgram,
  type NetworkData,
  type PatternedData,
} from './program.js';

/** The problem of {@link thresholdLasso}, with its data. */
export interface ThresholdLasso extends ConvexProgram, PatternedData {}

/**
 * The training of a network with one hidden layer of threshold units as a LASSO over the activation patterns
 * of the data, the columns of D:
 *   min ½‖Dw − y‖² + β‖w‖₁
 * Its least value is that of ½‖Σⱼ aⱼsⱼ·1{Xgⱼ ≥ 0} − y‖² + ½β Σⱼ (aⱼ² + sⱼ²): the length of g changes
 * nothing, and a unit of a·s = w costs β|w| when |a| = |s|. Gradients of such a network are 0, so that no
 * gradient method trains it; the LASSO is solved by `nesterov`. Solutions need not be unique. Source: Ergen,
 * Gulluk, Lacotte, Pilanci, "Globally Optimal Training of Neural Networks with Threshold Activation
 * Functions", 2023, arXiv 2303.03382.
 */
export const thresholdLasso = minimisation({
  name: 'threshold-lasso',
  about: 'a network with one hidden layer of threshold units as a LASSO, with a gap that proves its optimum',
  reference: 'Ergen, Gulluk, Lacotte, Pilanci 2023, arXiv 2303.03382',
  shown: { method: 'nesterov' },
  options: networkDataTable,
  make(options): ThresholdLasso {
    const data = patternedData('threshold-lasso', options);
    const { patterns, targets, regularisation, inputs } = data;
    const [n, count] = [inputs.length, patterns.active.length];
    const A = Float64Array.from(
      { length: n * count },
      (_, at) => patterns.active[at % count]![Math.floor(at / count)]!,
    );
    const f = l1Norm({ weight: regularisation });
    const program = groupProgram({
      name: 'threshold-lasso',
      A,
      targets,
      regularisation,
      groups: patterns.active.map(() => ({ f, size: 1 })),
    });
    return { ...program, ...data };
  },
});

/** A threshold unit: output·amplitude·1{⟨weights, x⟩ ≥ 0}. */
export interface ThresholdUnit {
  readonly weights: readonly number[];
  readonly amplitude: number;
  readonly output: number;
}

/** ½‖Σⱼ aⱼsⱼ·1{Xgⱼ ≥ 0} − y‖² + ½β Σⱼ (aⱼ² + sⱼ²). */
export function thresholdObjective(
  { inputs, targets, regularisation: β }: NetworkData,
  units: readonly ThresholdUnit[],
): number {
  let sum = 0;
  for (const [i, y] of targets.entries()) {
    const x = Float64Array.from(inputs[i]!);
    const f = units.reduce(
      (out, { weights, amplitude, output }) =>
        out + (dot(Float64Array.from(weights), x) >= 0 ? output * amplitude : 0),
      0,
    );
    sum += (f - y) ** 2 / 2;
  }
  return units.reduce((all, { amplitude, output }) => all + (β / 2) * (amplitude ** 2 + output ** 2), sum);
}

/** The network of a point w of `thresholdLasso`, with the same objective: s = √|w|, a = sign(w)·√|w|. */
export function thresholdUnits({ dim, patterns }: ThresholdLasso, w: Vector): readonly ThresholdUnit[] {
  if (w?.length !== dim)
    throw new InputError(
      `thresholdUnits of ${shown(w)}; expected a point of ${dim} entries, as the program has`,
    );
  return patterns.inside.flatMap((g, j) =>
    w[j] === 0
      ? []
      : [
          {
            weights: Array.from(g),
            amplitude: Math.sqrt(Math.abs(w[j]!)),
            output: Math.sign(w[j]!) * Math.sqrt(Math.abs(w[j]!)),
          },
        ],
  );
}

/**
 * The optimum of `thresholdLasso` in closed form where the data has all 2ⁿ patterns, as n linearly
 * independent inputs have: min over δ = Dw of ½‖δ − y‖² + β(max δ₊ + max (−δ)₊) is
 *   δ = y₊ − P(y₊) − (y₋ − P(y₋)),   P the projection onto {u ≥ 0, Σu ≤ β}
 * @returns the outputs δ and the least value. @throws InputError for a β that is not > 0.
 */
export function shatteredThreshold(
  targets: readonly number[],
  regularisation: number,
): { readonly outputs: Float64Array; readonly objective: number } {
  if (!Array.isArray(targets) || targets.length === 0 || !targets.every(Number.isFinite))
    throw new InputError(`the targets are ${shown(targets)}; expected finite numbers, as [1,-2]`);
  const ball = l1Ball({ radius: regularisation });
  /** u − P(u) of the positive part of sign·y. */
  const above = (sign: number): Float64Array => {
    const u = Float64Array.from(targets, (y) => Math.max(0, sign * y));
    const p = u.slice();
    ball.prox(p, 1);
    return u.map((x, i) => x - p[i]!);
  };
  const [positive, negative] = [above(1), above(-1)];
  const outputs = positive.map((x, i) => x - negative[i]!);
  const error = outputs.reduce((sum, δ, i) => sum + (δ - targets[i]!) ** 2 / 2, 0);
  return { outputs, objective: error + regularisation * (Math.max(...positive) + Math.max(...negative)) };
}
