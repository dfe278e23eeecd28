import type { EngineName } from '@stillpoint/engine';
import { multilevelProblem, start, type MultilevelProblem, type NamedDense } from '@stillpoint/networks';

/** Bounds of log λ. */
export const RANGE = [-7, 1] as const;
/** The weight of ‖P‖²/n in the attacker's loss. */
const COST = 1;
/** Steps of both lower levels, and their lengths. */
export const STEPS = { poison: { steps: 4, stepSize: 4 }, model: { steps: 10, stepSize: 0.12 } } as const;

/** Both forms of a choice of λ. */
export interface Levels {
  readonly bilevel: MultilevelProblem;
  readonly trilevel: MultilevelProblem;
}

/**
 * The weight λ of a ridge regression's regulariser, chosen by its error on held-out data:
 *   min over log λ of E(X', y', w),  w = argmin E(X, y, w) + λ‖w‖²,
 * E the mean of the squared errors; and the same with an attacker between, who knows λ and shifts the inputs
 * by P for a model that errs on the data as they were:
 *   min over log λ of E(X', y', w),  P = argmin ‖P‖²/n − E(X, y, w),  w = argmin E(X + P, y, w) + λ‖w‖².
 */
export async function problemsOf(options: {
  readonly engine: EngineName | 'auto';
  readonly threads: number;
  readonly data: NamedDense;
}): Promise<Levels> {
  const tf = await import('@stillpoint/networks/tf');
  type T = ReturnType<typeof tf.tensor>;
  const error = (X: T, y: T, w: T): T => tf.mean(tf.square(tf.sub(tf.matMul(X, w), y)));
  const size = (x: T): T => tf.sum(tf.square(x));
  const [rows = 0, inputs = 0] = options.data['X']!.shape;
  const choice = { logλ: start.constant([], -3) };
  const model = { w: start.constant([inputs, 1], 0) };
  const shared = { ...options, constraint: `box(lower=${RANGE[0]}, upper=${RANGE[1]})` };
  const bilevel = await multilevelProblem({
    ...shared,
    name: 'λ by two levels',
    levels: { choice, model },
    losses: {
      choice: (at, { heldX, heldY }) => error(heldX!, heldY!, at.model.w),
      model: (at, { X, y }) =>
        tf.add(error(X!, y!, at.model.w), tf.mul(tf.exp(at.choice.logλ), size(at.model.w))),
    },
    ...STEPS.model,
  });
  const trilevel = await multilevelProblem({
    ...shared,
    name: 'λ by three levels',
    levels: { choice, poison: { P: start.constant([rows, inputs], 0) }, model },
    losses: {
      choice: (at, { heldX, heldY }) => error(heldX!, heldY!, at.model.w),
      poison: (at, { X, y }) => tf.sub(tf.mul(COST / rows, size(at.poison.P)), error(X!, y!, at.model.w)),
      model: (at, { X, y }) =>
        tf.add(
          error(tf.add(X!, at.poison.P), y!, at.model.w),
          tf.mul(tf.exp(at.choice.logλ), size(at.model.w)),
        ),
    },
    steps: { poison: STEPS.poison.steps, model: STEPS.model.steps },
    stepSize: { poison: STEPS.poison.stepSize, model: STEPS.model.stepSize },
  });
  return { bilevel, trilevel };
}
