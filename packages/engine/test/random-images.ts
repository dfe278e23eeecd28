import { sizeOf } from '@stillpoint/operators';
import type { Value } from '../src/graph.js';
import type { Pair, Window } from '../src/operations.js';
import { type Making, scaled, type Step, turned } from './random-steps.js';

// The steps of random graphs that move windows over images [N, C, H, W].

const windowOf = ({ below }: Making, spread: boolean): Window => ({
  strides: [1 + below(2), 1 + below(2)],
  dilations: spread ? [1 + below(2), 1] : [1, 1],
  before: [below(2), below(2)],
  after: [below(2), below(2)],
});

/**
 * Applies `body` to x, directly or between two transposes, as tfjs's kernels with channels last are traced.
 */
function inside(x: Value, { build, below }: Making, body: (images: Value) => Value): Value {
  return below(2) === 0 ? body(x) : turned(build, body(turned(build, x, [0, 3, 1, 2])), [0, 2, 3, 1]);
}

/** A convolution, some of its gradients, a bias and an activation. */
export const convolve =
  (channels: readonly number[]): Step =>
  (x, make) => {
    const { build, pick, below, input } = make;
    if (x.shape.length !== 4) return [];
    const extra: Value[] = [];
    const y = inside(x, make, (images) => {
      const [, i, h, w] = images.shape;
      const kernel: Pair = [1 + below(Math.min(4, h!)), 1 + below(Math.min(3, w!))];
      const window = windowOf(make, h! > 2 * kernel[0]);
      const apart = below(4) === 0 ? { groups: i! } : {}; // every channel is a group
      const [o, seen] = 'groups' in apart ? [i! * (1 + below(2)), 1] : [pick(channels), i!];
      const filter = scaled(build, input([o, seen, ...kernel]), seen * kernel[0] * kernel[1]);
      const z = build.add({ op: 'Conv', window, ...apart }, images, filter);
      if (below(3) === 0)
        extra.push(
          scaled(
            build,
            build.add({ op: 'FilterGradient', window, kernel, ...apart }, images, z),
            sizeOf(z.shape) / o,
          ),
        );
      if (below(3) === 0)
        extra.push(build.add({ op: 'ConvTranspose', window, size: [h!, w!], ...apart }, z, filter));
      const biased = below(2) === 0 ? z : build.add({ op: 'Add' }, z, input([o, 1, 1]));
      return pick([
        () => biased,
        () => build.add({ op: 'Relu' }, biased),
        () => build.add({ op: 'LeakyRelu', alpha: 0.25 }, biased),
      ])();
    });
    return [y, ...extra];
  };

/** A transposed convolution alone, of sizes that are split into phases and of others. */
export const enlarge =
  (channels: readonly number[]): Step =>
  (x, make) => {
    const { build, pick, below, input } = make;
    if (x.shape.length !== 4 || x.shape[2]! > 6 || x.shape[3]! > 6) return [];
    const strides: Pair = [1 + below(2), 2];
    const kernel: Pair = [strides[0] * (1 + below(2)), pick([2, 3, 4])];
    const before: Pair = [below(kernel[0]), below(2)];
    const [, o, h, w] = x.shape;
    const size: Pair = [h! * strides[0], w! * strides[1]];
    const after = ([0, 1] as const).map(
      (k) => (x.shape[k + 2]! - 1) * strides[k] + kernel[k] - size[k] - before[k],
    );
    if (after.some((a) => a < 0)) return [];
    const filter = scaled(build, input([o!, pick(channels), ...kernel]), o! * kernel[0] * kernel[1]);
    return [
      build.add(
        {
          op: 'ConvTranspose',
          window: { strides, dilations: [1, 1], before, after: [after[0]!, after[1]!] },
          size,
        },
        x,
        filter,
      ),
    ];
  };

export const pool: Step = (x, make) => {
  const { build, pick, below, input } = make;
  if (x.shape.length !== 4 || x.shape[2]! < 2 || x.shape[3]! < 2) return [];
  const window: Window = { ...windowOf(make, false), before: [0, 0], after: [0, 0] };
  const kernel: Pair = [2, 1 + below(2)];
  const source = input(x.shape); // rounding must not decide which element is the largest
  const dy = (): Value => build.add({ op: 'AveragePool', kernel, window }, x);
  return [
    pick([
      () => build.add({ op: 'AveragePool', kernel, window }, x),
      () => build.add({ op: 'MaxPool', kernel, window }, x),
      () => build.add({ op: 'MaxPoolGradient', kernel, window }, source, dy()),
    ])(),
  ];
};
