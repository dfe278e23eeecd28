import { uniform, sizeOf } from '@stillpoint/operators';
import { createBuilder } from '../src/builder.js';
import type { Graph, Shape, Value } from '../src/graph.js';
import { convolve, enlarge, pool } from './random-images.js';
import {
  unary,
  withConstant,
  withOther,
  transpose,
  reshape,
  expand,
  reduce,
  join,
  split,
  slice,
  pad,
  tile,
  matMul,
  select,
  along,
  type Step,
} from './random-steps.js';

/**
 * A small random graph that every pass changes: convolutions with and without whole blocks of `block`
 * channels, in either layout, and operations that may stand between them. It has about `length` steps, and is
 * a function of the seed alone.
 */
export function randomGraph(seed: number, block: number, length = 10): Graph {
  const draws = uniform(new Float64Array(2000), { seed, purpose: 'graphs' });
  const build = createBuilder();
  let drawn = 0;
  let inputs = 0;
  const below = (n: number): number => Math.floor(draws[drawn++ % draws.length]! * n);
  const input = (shape: Shape): Value => build.input(`i${inputs++}`, shape);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const channels = [block, block, 2 * block, 3];
  const steps: readonly Step[] = [
    unary,
    unary,
    withConstant,
    withConstant,
    withConstant,
    withOther,
    withOther,
    transpose,
    transpose,
    reshape,
    expand,
    expand,
    reduce,
    reduce,
    join,
    split,
    slice,
    pad,
    tile,
    matMul,
    select,
    select,
    along,
    convolve(channels),
    convolve(channels),
    convolve(channels),
    enlarge(channels),
    pool,
  ];
  const values: Value[] = [input([pick([1, 2, block]), pick(channels), 2 + below(4), 2 + below(4)])];
  while (values.length < length) {
    const x = below(3) === 0 ? pick(values) : values.at(-1)!;
    try {
      values.push(
        ...pick(steps)(x, { build, below, pick, input }).filter(
          (v) => v.dtype === 'float32' && sizeOf(v.shape) > 0 && sizeOf(v.shape) <= 8000,
        ),
      );
    } catch (error) {
      if (!(error instanceof Error)) throw error; // the operands do not fit: another step is drawn
    }
  }
  const kept = [values.at(-1)!, values.at(-2)!, pick(values)];
  return build.finish(kept.map((value, i) => ({ name: `o${i}`, value })));
}
