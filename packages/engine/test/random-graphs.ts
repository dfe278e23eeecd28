import { uniform } from '@stillpoint/operators';
import { type Builder, createBuilder } from '../src/builder.js';
import { type Graph, type Shape, sizeOf, type Value } from '../src/graph.js';
import type { Pair, Window } from '../src/operations.js';

// Random small graphs in which every pass finds something to do: convolutions with whole blocks of channels and without,
// in either layout, and what may stand between them. Values stay about 1: sums of n terms are divided by √n.

interface Making {
  readonly build: Builder;
  /** A whole number from 0 to n − 1. */
  readonly below: (n: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** Another input of the graph. */
  readonly input: (shape: Shape) => Value;
}

type Step = (x: Value, make: Making) => readonly Value[];

const number = (build: Builder, x: number): Value => build.constant(Math.fround(x), []);
const scaled = (build: Builder, x: Value, terms: number): Value => build.add({ op: 'Mul' }, x, number(build, 1 / Math.sqrt(terms)));
const turned = (build: Builder, x: Value, permutation: readonly number[]): Value => build.add({ op: 'Transpose', permutation }, x);
const axisOf = (x: Value, { below }: Making): number => below(Math.max(1, x.shape.length));

const unary: Step = (x, { build, pick }) => {
  const op = pick(['Neg', 'Abs', 'Relu', 'Tanh', 'Sigmoid', 'Softplus', 'Elu', 'Sin', 'Erf', 'LeakyRelu', 'Sqrt', 'Reciprocal', 'Exp'] as const);
  if (op === 'LeakyRelu') return [build.add({ op, alpha: 0.25 }, x)];
  if (op === 'Sqrt' || op === 'Reciprocal') return [build.add({ op }, build.add({ op: 'Add' }, build.add({ op: 'Abs' }, x), number(build, 0.5)))];
  return [build.add({ op }, op === 'Exp' ? build.add({ op: 'Tanh' }, x) : x)];
};

/** Constants the passes know something about, small or blown up. */
const withConstant: Step = (x, { build, pick, below }) => {
  const value = pick([0, 1, -1, 0.5, -0]);
  const listed = Float32Array.from({ length: sizeOf(x.shape) }, (_, i) => Math.sin(i));
  const constant = below(4) === 0 ? build.constant(listed, x.shape) : build.constant(value, pick<Shape>([[], x.shape, x.shape.slice(1)]));
  const op = pick(['Add', 'Sub', 'Mul', 'Max', 'Min'] as const);
  return [below(3) === 0 ? build.add({ op }, constant, x) : build.add({ op }, x, constant)];
};

/** With something that broadcasts against it: its own sum, a row or a channel's bias. */
const withOther: Step = (x, make) => {
  const { build, pick, below, input } = make;
  const axes = [...new Set([axisOf(x, make), axisOf(x, make)])];
  const others: readonly (() => Value)[] = [
    () => (x.shape.length === 0 ? x : build.add({ op: 'ReduceMean', axes, keepDims: true }, x)), () => input(x.shape), () => input(x.shape.slice(-1)), () => input(x.shape.map((d, i) => (axes.includes(i) ? d : 1))),
    () => build.add({ op: 'Expand', shape: x.shape }, input(x.shape.map(() => 1))), () => build.add({ op: 'Tanh' }, x),
  ];
  const other = pick(others)();
  const op = pick(['Add', 'Sub', 'Mul', 'Max'] as const);
  return [below(2) === 0 ? build.add({ op }, other, x) : build.add({ op }, x, other)];
};

const transpose: Step = (x, { build, pick, below }) => {
  if (x.shape.length === 4 && below(2) === 0) return [turned(build, x, pick([[0, 2, 3, 1], [0, 3, 1, 2]]))];
  const order = x.shape.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return [turned(build, x, order)];
};

const reshape: Step = (x, make) => {
  const { build, below } = make;
  const { shape } = x;
  const axis = axisOf(x, make);
  const kinds: readonly (() => Shape)[] = [
    () => [sizeOf(shape)], () => [...shape.slice(0, axis), 1, ...shape.slice(axis)], () => shape.filter((d) => d !== 1),
    () => (axis + 1 < shape.length ? [...shape.slice(0, axis), shape[axis]! * shape[axis + 1]!, ...shape.slice(axis + 2)] : shape),
    () => (shape.length > 0 && shape[axis]! % 2 === 0 ? [...shape.slice(0, axis), shape[axis]! / 2, 2, ...shape.slice(axis + 1)] : shape),
  ];
  const to = kinds[below(kinds.length)]!();
  return to.length > 5 ? [] : [build.add({ op: 'Reshape', shape: to }, x)];
};

const expand: Step = (x, make) => {
  const { build, below } = make;
  const axis = axisOf(x, make);
  if (sizeOf(x.shape) > 500) return [];
  if (below(2) === 0 && x.shape.length < 4) return [build.add({ op: 'Expand', shape: [2, ...x.shape] }, x)];
  const one = x.shape.length === 0 ? x : build.add({ op: 'ReduceMax', axes: [axis], keepDims: true }, x);
  return [build.add({ op: 'Expand', shape: x.shape }, one)];
};

const reduce: Step = (x, make) => {
  const { build, pick, below } = make;
  if (x.shape.length === 0) return [];
  const axes = [...new Set(Array.from({ length: 1 + below(x.shape.length) }, () => axisOf(x, make)))].sort((a, b) => a - b);
  const op = pick(['ReduceSum', 'ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'] as const);
  const y = build.add({ op, axes, keepDims: below(2) === 0 }, x);
  return [op === 'ReduceSum' ? scaled(build, y, sizeOf(x.shape) / sizeOf(y.shape)) : y];
};

const join: Step = (x, make) => {
  if (x.shape.length === 0 || sizeOf(x.shape) > 2000) return [];
  const { build, below } = make;
  return [build.add({ op: 'Concat', axis: axisOf(x, make) }, x, below(2) === 0 ? x : build.add({ op: 'Neg' }, x))];
};

const split: Step = (x, make) => {
  const axis = axisOf(x, make);
  const size = x.shape[axis] ?? 1;
  if (size < 2) return [];
  const first = 1 + make.below(size - 1);
  return make.build.addMany({ op: 'Split', axis, sizes: [first, size - first] }, [x]);
};

const slice: Step = (x, make) => {
  const { build, below } = make;
  if (x.shape.length === 0) return [];
  const axis = axisOf(x, make);
  const size = x.shape[axis]!;
  const back = below(2) === 0;
  const step = 1 + below(2);
  const at = (mine: number, other: (d: number) => number): readonly number[] => x.shape.map((d, i) => (i === axis ? mine : other(d)));
  return [build.add({ op: 'Slice', begin: at(back ? size - 1 : 0, () => 0), end: at(back ? -1 : size, (d) => d), strides: at(back ? -step : step, () => 1) }, x)];
};

const pad: Step = (x, { build, below }) => {
  const sides = (): readonly number[] => x.shape.map(() => below(2));
  return x.shape.length === 0 || sizeOf(x.shape) > 1000 ? [] : [build.add({ op: 'Pad', before: sides(), after: sides(), value: below(2) }, x)];
};

const tile: Step = (x, make) => (x.shape.length === 0 || sizeOf(x.shape) > 500 ? [] : [make.build.add({ op: 'Tile', repeats: x.shape.map(() => 1 + make.below(2)) }, x)]);

const matMul: Step = (x, { build, below, input }) => {
  if (x.shape.length < 2 || x.shape.length > 4) return [];
  const [transposeA, transposeB] = [below(2) === 0, below(2) === 0];
  const inner = x.shape.at(transposeA ? -2 : -1)!;
  const columns = 1 + below(5);
  const y = build.add({ op: 'MatMul', transposeA, transposeB }, x, scaled(build, input(transposeB ? [columns, inner] : [inner, columns]), inner));
  return [below(2) === 0 ? y : build.add({ op: 'Add' }, y, input([columns]))];
};

/** A selection by a mask that no rounding can flip: it comes from an input. */
const select: Step = (x, { build, pick, below, input }) => {
  const source = x.shape.length === 4 && below(2) === 0 ? turned(build, input([x.shape[0]!, x.shape[3]!, x.shape[1]!, x.shape[2]!]), [0, 2, 3, 1]) : input(x.shape);
  const mask = build.add({ op: pick(['Greater', 'LessOrEqual'] as const) }, source, number(build, 0));
  if (below(2) === 0) return [build.add({ op: 'Mul' }, x, build.add({ op: 'Cast', to: 'float32' }, mask)), build.add({ op: 'Relu' }, source)];
  return [build.add({ op: 'Where' }, mask, x, below(2) === 0 ? number(build, 0.5) : build.add({ op: 'Sin' }, x))];
};

const along: Step = (x, make) => {
  const { build, pick, below } = make;
  if (x.shape.length === 0) return [];
  const axis = axisOf(x, make);
  const indices = Int32Array.from({ length: 2 }, () => below(x.shape[axis]!));
  return [pick([
    () => build.add({ op: 'Softmax', axis }, x), () => scaled(build, build.add({ op: 'CumSum', axis, exclusive: below(2) === 0, reverse: below(2) === 0 }, x), x.shape[axis]!),
    () => build.add({ op: 'Gather', axis }, x, build.constant(indices, [2], 'int32')),
  ])()];
};

const windowOf = ({ below }: Making, spread: boolean): Window => ({ strides: [1 + below(2), 1 + below(2)], dilations: spread ? [1 + below(2), 1] : [1, 1], before: [below(2), below(2)], after: [below(2), below(2)] });

/** As tfjs's kernels are traced: channels last outside, first inside. */
function inside(x: Value, { build, below }: Making, body: (images: Value) => Value): Value {
  return below(2) === 0 ? body(x) : turned(build, body(turned(build, x, [0, 3, 1, 2])), [0, 2, 3, 1]);
}

const convolve = (channels: readonly number[]): Step => (x, make) => {
  const { build, pick, below, input } = make;
  if (x.shape.length !== 4) return [];
  const extra: Value[] = [];
  const y = inside(x, make, (images) => {
    const [, i, h, w] = images.shape;
    const kernel: Pair = [1 + below(Math.min(4, h!)), 1 + below(Math.min(3, w!))];
    const window = windowOf(make, h! > 2 * kernel[0]);
    const o = pick(channels);
    const filter = scaled(build, input([o, i!, ...kernel]), i! * kernel[0] * kernel[1]);
    const z = build.add({ op: 'Conv', window }, images, filter);
    if (below(3) === 0) extra.push(scaled(build, build.add({ op: 'FilterGradient', window, kernel }, images, z), sizeOf(z.shape) / o));
    if (below(3) === 0) extra.push(build.add({ op: 'ConvTranspose', window, size: [h!, w!] }, z, filter));
    const biased = below(2) === 0 ? z : build.add({ op: 'Add' }, z, input([o, 1, 1]));
    return pick([() => biased, () => build.add({ op: 'Relu' }, biased), () => build.add({ op: 'LeakyRelu', alpha: 0.25 }, biased)])();
  });
  return [y, ...extra];
};

/** A transposed convolution on its own, of the sizes that fall into phases and of others. */
const enlarge = (channels: readonly number[]): Step => (x, make) => {
  const { build, pick, below, input } = make;
  if (x.shape.length !== 4 || x.shape[2]! > 6 || x.shape[3]! > 6) return [];
  const strides: Pair = [1 + below(2), 2];
  const kernel: Pair = [strides[0] * (1 + below(2)), pick([2, 3, 4])];
  const before: Pair = [below(kernel[0]), below(2)];
  const [, o, h, w] = x.shape;
  const size: Pair = [h! * strides[0], w! * strides[1]];
  const after = ([0, 1] as const).map((k) => (x.shape[k + 2]! - 1) * strides[k] + kernel[k] - size[k] - before[k]);
  if (after.some((a) => a < 0)) return [];
  const filter = scaled(build, input([o!, pick(channels), ...kernel]), o! * kernel[0] * kernel[1]);
  return [build.add({ op: 'ConvTranspose', window: { strides, dilations: [1, 1], before, after: [after[0]!, after[1]!] }, size }, x, filter)];
};

const pool: Step = (x, make) => {
  const { build, pick, below, input } = make;
  if (x.shape.length !== 4 || x.shape[2]! < 2 || x.shape[3]! < 2) return [];
  const window: Window = { ...windowOf(make, false), before: [0, 0], after: [0, 0] };
  const kernel: Pair = [2, 1 + below(2)];
  const source = input(x.shape); // where the largest element is, rounding must not decide
  const dy = (): Value => build.add({ op: 'AveragePool', kernel, window }, x);
  return [pick([() => build.add({ op: 'AveragePool', kernel, window }, x), () => build.add({ op: 'MaxPool', kernel, window }, x), () => build.add({ op: 'MaxPoolGradient', kernel, window }, source, dy())])()];
};

/** A graph of about `length` steps, a function of the seed alone. `block` is how many channels make a block. */
export function randomGraph(seed: number, block: number, length = 10): Graph {
  const draws = uniform(new Float64Array(2000), { seed, purpose: 'graphs' });
  const build = createBuilder();
  let drawn = 0;
  let inputs = 0;
  const below = (n: number): number => Math.floor(draws[drawn++ % draws.length]! * n);
  const input = (shape: Shape): Value => build.input(`i${inputs++}`, shape);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const channels = [block, block, 2 * block, 3];
  const steps: readonly Step[] = [unary, unary, withConstant, withOther, withOther, transpose, transpose, reshape, expand, reduce, join, split, slice, pad, tile, matMul, select, along, convolve(channels), convolve(channels), convolve(channels), enlarge(channels), pool];
  const values: Value[] = [input([pick([1, 2, block]), pick(channels), 2 + below(4), 2 + below(4)])];
  while (values.length < length) {
    const x = below(3) === 0 ? pick(values) : values.at(-1)!;
    try {
      values.push(...pick(steps)(x, { build, below, pick, input }).filter((v) => v.dtype === 'float32' && sizeOf(v.shape) > 0 && sizeOf(v.shape) <= 8000));
    } catch (error) {
      if (!(error instanceof Error)) throw error; // operands that do not fit: another step
    }
  }
  const kept = [values.at(-1)!, values.at(-2)!, pick(values)];
  return build.finish(kept.map((value, i) => ({ name: `o${i}`, value })));
}
