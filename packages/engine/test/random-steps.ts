import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../src/builder.js';
import type { Shape, Value } from '../src/graph.js';

// The steps of random graphs between convolutions. Values stay about 1: sums of n terms are divided by √n.

/** What a step uses: random numbers, and the graph it adds to. */
export interface Making {
  readonly build: Builder;
  /** A whole number from 0 to n − 1. */
  readonly below: (n: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** Adds another input to the graph. */
  readonly input: (shape: Shape) => Value;
}

/** Applies an operation to a value; returns the new values, none if it does not fit. */
export type Step = (x: Value, make: Making) => readonly Value[];

const number = (build: Builder, x: number): Value => build.constant(Math.fround(x), []);
export const scaled = (build: Builder, x: Value, terms: number): Value =>
  build.add({ op: 'Mul' }, x, number(build, 1 / Math.sqrt(terms)));
export const turned = (build: Builder, x: Value, permutation: readonly number[]): Value =>
  build.add({ op: 'Transpose', permutation }, x);
const axisOf = (x: Value, { below }: Making): number => below(Math.max(1, x.shape.length));

export const unary: Step = (x, { build, pick }) => {
  const op = pick([
    'Neg',
    'Abs',
    'Relu',
    'Tanh',
    'Sigmoid',
    'Softplus',
    'Elu',
    'Sin',
    'Erf',
    'LeakyRelu',
    'Sqrt',
    'Reciprocal',
    'Exp',
  ] as const);
  if (op === 'LeakyRelu') return [build.add({ op, alpha: 0.25 }, x)];
  if (op === 'Sqrt' || op === 'Reciprocal')
    return [build.add({ op }, build.add({ op: 'Add' }, build.add({ op: 'Abs' }, x), number(build, 0.5)))];
  return [build.add({ op }, op === 'Exp' ? build.add({ op: 'Tanh' }, x) : x)];
};

/**
 * A random constant that broadcasts to a shape: equal elements, given directly or as the result of an
 * operation, or different ones.
 */
function constantOf(shape: Shape, { build, pick, below }: Making): Value {
  const value = pick([0, 0, 1, 1, -1, 0.5, -0]);
  const whole = (of: Shape): Value => build.constant(value, of);
  const axis = shape.findIndex((d) => d > 1);
  return pick<() => Value>([
    () => whole([]),
    () => whole(shape),
    () => whole(shape.slice(1)),
    () => build.add({ op: pick(['Neg', 'Abs'] as const) }, whole(shape)),
    () =>
      build.add(
        { op: pick(['ReduceSum', 'ReduceMean', 'ReduceMax'] as const), axes: [0], keepDims: false },
        whole([3, ...shape]),
      ),
    () => build.add({ op: 'Expand', shape }, whole(shape.map(() => 1))),
    () =>
      axis < 0
        ? whole(shape)
        : build.add(
            {
              op: 'Pad',
              before: shape.map((_, i) => Number(i === axis)),
              after: shape.map(() => 0),
              value: below(2),
            },
            whole(shape.map((d, i) => (i === axis ? d - 1 : d))),
          ),
    () =>
      build.constant(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i)),
        shape,
      ),
  ])();
}

/** An operation with a constant, or two such operations in a row. */
export const withConstant: Step = (x, make) => {
  const { build, pick, below } = make;
  const once = (value: Value): Value => {
    const op = pick(['Add', 'Sub', 'Mul', 'Mul', 'Max', 'Min'] as const);
    const constant = constantOf(x.shape, make);
    return below(3) === 0 ? build.add({ op }, constant, value) : build.add({ op }, value, constant);
  };
  return [below(2) === 0 ? once(x) : once(once(x))];
};

/** An operation with an operand that broadcasts: the value's own sum, a row or one number per channel. */
export const withOther: Step = (x, make) => {
  const { build, pick, below, input } = make;
  const axes = [...new Set([axisOf(x, make), axisOf(x, make)])];
  const others: readonly (() => Value)[] = [
    () => (x.shape.length === 0 ? x : build.add({ op: 'ReduceMean', axes, keepDims: true }, x)),
    () => input(x.shape),
    () => input(x.shape.slice(-1)),
    () => input(x.shape.map((d, i) => (axes.includes(i) ? d : 1))),
    () => build.add({ op: 'Expand', shape: x.shape }, input(x.shape.map(() => 1))),
    () => build.add({ op: 'Tanh' }, x),
  ];
  const other = pick(others)();
  const op = pick(['Add', 'Sub', 'Mul', 'Max'] as const);
  return [below(2) === 0 ? build.add({ op }, other, x) : build.add({ op }, x, other)];
};

export const transpose: Step = (x, { build, pick, below }) => {
  if (x.shape.length === 4 && below(2) === 0)
    return [
      turned(
        build,
        x,
        pick([
          [0, 2, 3, 1],
          [0, 3, 1, 2],
        ]),
      ),
    ];
  const order = x.shape.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return [turned(build, x, order)];
};

export const reshape: Step = (x, make) => {
  const { build, below } = make;
  const { shape } = x;
  const axis = axisOf(x, make);
  const kinds: readonly (() => Shape)[] = [
    () => [sizeOf(shape)],
    () => [...shape.slice(0, axis), 1, ...shape.slice(axis)],
    () => shape.filter((d) => d !== 1),
    () =>
      axis + 1 < shape.length
        ? [...shape.slice(0, axis), shape[axis]! * shape[axis + 1]!, ...shape.slice(axis + 2)]
        : shape,
    () =>
      shape.length > 0 && shape[axis]! % 2 === 0
        ? [...shape.slice(0, axis), shape[axis]! / 2, 2, ...shape.slice(axis + 1)]
        : shape,
  ];
  const to = kinds[below(kinds.length)]!();
  return to.length > 5 ? [] : [build.add({ op: 'Reshape', shape: to }, x)];
};

export const expand: Step = (x, make) => {
  const { build, below } = make;
  const axis = axisOf(x, make);
  if (sizeOf(x.shape) > 500) return [];
  if (below(2) === 0 && x.shape.length < 4) return [build.add({ op: 'Expand', shape: [2, ...x.shape] }, x)];
  const one = x.shape.length === 0 ? x : build.add({ op: 'ReduceMax', axes: [axis], keepDims: true }, x);
  return [build.add({ op: 'Expand', shape: x.shape }, one)];
};

export const reduce: Step = (x, make) => {
  const { build, pick, below } = make;
  if (x.shape.length === 0) return [];
  const axes = [...new Set(Array.from({ length: 1 + below(x.shape.length) }, () => axisOf(x, make)))].sort(
    (a, b) => a - b,
  );
  const op = pick(['ReduceSum', 'ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'] as const);
  const y = build.add({ op, axes, keepDims: below(2) === 0 }, x);
  return [op === 'ReduceSum' ? scaled(build, y, sizeOf(x.shape) / sizeOf(y.shape)) : y];
};

export const join: Step = (x, make) => {
  if (x.shape.length === 0 || sizeOf(x.shape) > 2000) return [];
  const { build, below } = make;
  return [
    build.add({ op: 'Concat', axis: axisOf(x, make) }, x, below(2) === 0 ? x : build.add({ op: 'Neg' }, x)),
  ];
};

export const split: Step = (x, make) => {
  const axis = axisOf(x, make);
  const size = x.shape[axis] ?? 1;
  if (size < 2) return [];
  const first = 1 + make.below(size - 1);
  return make.build.addMany({ op: 'Split', axis, sizes: [first, size - first] }, [x]);
};

export const slice: Step = (x, make) => {
  const { build, below } = make;
  if (x.shape.length === 0) return [];
  const axis = axisOf(x, make);
  const size = x.shape[axis]!;
  const back = below(2) === 0;
  const step = 1 + below(2);
  const at = (mine: number, other: (d: number) => number): readonly number[] =>
    x.shape.map((d, i) => (i === axis ? mine : other(d)));
  return [
    build.add(
      {
        op: 'Slice',
        begin: at(back ? size - 1 : 0, () => 0),
        end: at(back ? -1 : size, (d) => d),
        strides: at(back ? -step : step, () => 1),
      },
      x,
    ),
  ];
};

export const pad: Step = (x, { build, below }) => {
  const sides = (): readonly number[] => x.shape.map(() => below(2));
  return x.shape.length === 0 || sizeOf(x.shape) > 1000
    ? []
    : [build.add({ op: 'Pad', before: sides(), after: sides(), value: below(2) }, x)];
};

export const tile: Step = (x, make) =>
  x.shape.length === 0 || sizeOf(x.shape) > 500
    ? []
    : [make.build.add({ op: 'Tile', repeats: x.shape.map(() => 1 + make.below(2)) }, x)];

export const matMul: Step = (x, { build, below, input }) => {
  if (x.shape.length < 2 || x.shape.length > 4) return [];
  const [transposeA, transposeB] = [below(2) === 0, below(2) === 0];
  const inner = x.shape.at(transposeA ? -2 : -1)!;
  const columns = 1 + below(5);
  const y = build.add(
    { op: 'MatMul', transposeA, transposeB },
    x,
    scaled(build, input(transposeB ? [columns, inner] : [inner, columns]), inner),
  );
  return [below(2) === 0 ? y : build.add({ op: 'Add' }, y, input([columns]))];
};

/** A selection by a mask that rounding cannot change, since it is computed from an input. */
export const select: Step = (x, { build, pick, below, input }) => {
  const source =
    x.shape.length === 4 && below(2) === 0
      ? turned(build, input([x.shape[0]!, x.shape[3]!, x.shape[1]!, x.shape[2]!]), [0, 2, 3, 1])
      : input(x.shape);
  const active = pick([
    () => build.add({ op: 'Relu' }, source),
    () => build.add({ op: 'LeakyRelu', alpha: pick([0.25, -0.5]) }, source),
    () => source,
  ])();
  const mask = build.add(
    { op: pick(['Greater', 'Greater', 'LessOrEqual'] as const) },
    source,
    number(build, pick([0, 0, -0.5])),
  );
  if (below(2) === 0)
    return [build.add({ op: 'Mul' }, x, build.add({ op: 'Cast', to: 'float32' }, mask)), active];
  return [
    build.add({ op: 'Where' }, mask, x, below(2) === 0 ? number(build, 0.5) : build.add({ op: 'Sin' }, x)),
  ];
};

export const along: Step = (x, make) => {
  const { build, pick, below } = make;
  if (x.shape.length === 0) return [];
  const axis = axisOf(x, make);
  const indices = Int32Array.from({ length: 2 }, () => below(x.shape[axis]!));
  return [
    pick([
      () => build.add({ op: 'Softmax', axis }, x),
      () =>
        scaled(
          build,
          build.add({ op: 'CumSum', axis, exclusive: below(2) === 0, reverse: below(2) === 0 }, x),
          x.shape[axis]!,
        ),
      () => build.add({ op: 'Gather', axis }, x, build.constant(indices, [2], 'int32')),
    ])(),
  ];
};
