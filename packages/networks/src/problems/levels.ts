import * as tf from '@tensorflow/tfjs-core';
import { innerSteps, innerStepsAlong, type InnerSteps } from './inner-steps.js';
import { alongRow, slopesOf, type LossOf } from './products.js';

type T = tf.Tensor;

/** A level below the top: the flat start of its descent, and how it descends. */
export interface LowerLevel extends InnerSteps {
  readonly start: () => T;
  /** Runs what differentiates its loss, and names it in errors. */
  readonly named: <V>(differentiate: () => V) => V;
}

/** The losses f₁, …, f_n of n levels, each a function of x₁, …, x_n, and the n − 1 lower levels. */
export interface Levels {
  readonly losses: readonly LossOf[];
  readonly lower: readonly LowerLevel[];
}

/**
 * x₁, …, x_n, of which x₁, …, x_i are given and each further one is where T steps on its level's loss end,
 * with the levels below it at their own ends: x_{i+1} = GD_T(y ↦ f_{i+1}(x₁, …, x_i, y, …)).
 */
export function completed(levels: Levels, given: readonly T[]): readonly T[] {
  const level = levels.lower[given.length - 1];
  if (level === undefined) return given;
  const y = level.named(() =>
    innerSteps((own) => composed(levels, given.length)([...given, own]), level.start(), level),
  );
  return completed(levels, [...given, y]);
}

/** The loss of level i (from 0) as a function of x₁, …, x_{i+1} alone: the levels below are solved. */
export const composed =
  (levels: Levels, i: number): LossOf =>
  (given) =>
    levels.losses[i]!(completed(levels, given));

/**
 * F₁(x₁) and its gradient in forward mode: the derivatives of each level along each axis of x₁ are carried
 * along with its steps. A level's own loss is differentiated backwards through the levels below it.
 */
export function forwardSlope(levels: Levels, x: T): { readonly value: tf.Scalar; readonly grad: T } {
  const axes = tf.unstack(tf.eye(x.size));
  let at: readonly T[] = [x];
  let directions: readonly (readonly T[])[] = axes.map((axis) => [axis]);
  for (const [i, level] of levels.lower.entries()) {
    const { y, along } = innerStepsAlong(composed(levels, i + 1), at, level.start(), directions, level);
    at = [...at, y];
    directions = directions.map((own, j) => [...own, along[j]!]);
  }
  const top = levels.losses[0]!;
  const slopes = slopesOf(top, at);
  const slope = (direction: readonly T[]): T =>
    tf.sum(tf.concat(direction.map((own, q) => tf.mul(own, slopes[q]!))));
  return { value: top(at), grad: tf.stack(directions.map(slope)) };
}

/** What a descent came to: its loss and the norm of its gradient at the start and at the end. */
export interface Descent {
  readonly y: T;
  /** [loss at the start, loss at the end, gradient's norm at the start, at the end]. */
  readonly course: T;
}

/** The descent of the level below the given ones. */
export function descent(levels: Levels, given: readonly T[]): Descent {
  const level = levels.lower[given.length - 1]!;
  const loss = (own: T): tf.Scalar => composed(levels, given.length)([...given, own]);
  const start = level.start();
  const y = level.named(() => innerSteps(loss, start, level));
  const [first, last] = [tf.valueAndGrad(loss)(start), tf.valueAndGrad(loss)(tf.clone(y))];
  return {
    y,
    course: tf.stack([first.value, last.value, tf.norm(first.grad), tf.norm(last.grad)]),
  };
}

/** Steps of the power iteration that finds a level's curvature. */
const POWER_STEPS = 30;

/** The largest curvature, in absolute value, of the level below the given ones, where its descent starts. */
export function steepest(levels: Levels, given: readonly T[]): T {
  const start = levels.lower[given.length - 1]!.start();
  const loss: LossOf = ([own]) => composed(levels, given.length)([...given, own!]);
  let v: T = tf.add(1, tf.mul(0.1, tf.sin(tf.range(0, start.size))));
  let length: T = tf.norm(v);
  for (let k = 0; k < POWER_STEPS; k++) {
    v = alongRow(loss, 0, [start], [tf.div(v, length)]);
    length = tf.norm(v);
  }
  return length;
}
