import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Unary } from '../../operations.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import { castTo, toInteger } from './elementwise.js';

const unary =
  (op: Unary): Kernel =>
  ({ build, input }) =>
    build.add({ op }, input('x'));
const scalar = (build: Builder, x: number): Value => build.constant(Math.fround(x), []);

/** Whether elements are NaN or infinite; integers never are. */
function found({ build, input }: Call, ...tests: readonly ('IsNaN' | 'IsInf')[]): Value {
  const x = input('x');
  if (x.dtype !== 'float32') return build.constant(0, x.shape, 'bool');
  return tests.map((op) => build.add({ op }, x)).reduce((a, b) => build.add({ op: 'Or' }, a, b));
}

/** Kahan's expm1: (u − 1) · x / log(u) with u = exp(x) rounded; x if u rounds to 1, and u − 1 for |x| ≥ 1. */
function expm1({ build, input }: Call): Value {
  const [x, one] = [input('x'), scalar(build, 1)];
  const u = build.add({ op: 'Exp' }, x);
  const less = build.add({ op: 'Sub' }, u, one);
  const corrected = build.add({ op: 'Mul' }, less, build.add({ op: 'Div' }, x, build.add({ op: 'Log' }, u)));
  // for |x| ≥ 1 the difference has no cancellation to correct, and exp may be infinite or 0
  const near = build.add({ op: 'Less' }, build.add({ op: 'Abs' }, x), one);
  const plain = build.add({ op: 'Where' }, build.add({ op: 'Equal' }, u, one), x, less);
  return build.add(
    { op: 'Where' },
    build.add({ op: 'And' }, near, build.add({ op: 'Not' }, build.add({ op: 'Equal' }, u, one))),
    corrected,
    plain,
  );
}

/** λx for x ≥ 0, else λα(eˣ − 1), with tfjs's constants. */
function selu({ build, input }: Call): Value {
  const x = input('x');
  const above = build.add({ op: 'Mul' }, x, scalar(build, tf.backend_util.SELU_SCALE));
  const below = build.add(
    { op: 'Mul' },
    build.add({ op: 'Elu' }, x),
    scalar(build, tf.backend_util.SELU_SCALEALPHA),
  );
  return build.add({ op: 'Where' }, build.add({ op: 'GreaterOrEqual' }, x, scalar(build, 0)), above, below);
}

/**
 * The angle of the point (b, a): atan(a/b), plus half a turn if b is negative or −0 (minus half a turn if a
 * is negative or −0). At the origin a/b has no value, and at infinity in both the point is on a diagonal.
 */
function atan2({ build, input }: Call): Value {
  const [y, x, zero] = [input('a'), input('b'), scalar(build, 0)];
  const both = (op: 'And' | 'Or', f: (v: Value) => Value): Value => build.add({ op }, f(y), f(x));
  const sign = (v: Value): Value => build.add({ op: 'Sign' }, v);
  const isZero = (v: Value): Value => build.add({ op: 'Equal' }, v, zero);
  // the reciprocal of −0 is −∞
  const negative = (v: Value): Value =>
    build.add(
      { op: 'Or' },
      build.add({ op: 'Less' }, v, zero),
      build.add({ op: 'Less' }, build.add({ op: 'Reciprocal' }, v), zero),
    );
  const slope = build.add(
    { op: 'Where' },
    both('And', (v) => build.add({ op: 'IsInf' }, v)),
    build.add({ op: 'Mul' }, sign(y), sign(x)),
    build.add({ op: 'Div' }, y, x),
  );
  const angle = build.add({ op: 'Where' }, both('And', isZero), zero, build.add({ op: 'Atan' }, slope));
  const turn = build.add({ op: 'Where' }, negative(y), scalar(build, -Math.PI), scalar(build, Math.PI));
  return build.add({ op: 'Where' }, negative(x), build.add({ op: 'Add' }, angle, turn), angle);
}

/** The remainder with the divisor's sign. */
function remainder(build: Builder, a: Value, b: Value): Value {
  const zero = build.constant(0, [], a.dtype);
  const rest = build.add({ op: 'Mod' }, a, b);
  const negative = (x: Value): Value => castTo(build, build.add({ op: 'Less' }, x, zero), 'int32');
  const otherSide = build.add({ op: 'Not' }, build.add({ op: 'Equal' }, negative(rest), negative(b)));
  const wrong = build.add(
    { op: 'And' },
    build.add({ op: 'Not' }, build.add({ op: 'Equal' }, rest, zero)),
    otherSide,
  );
  return build.add({ op: 'Where' }, wrong, build.add({ op: 'Add' }, rest, b), rest);
}

/** Divides integers; a division by 0 gives 0, as in tfjs, where the runtime would stop the process. */
function dividing(build: Builder, b: Value, divide: (divisor: Value) => Value): Value {
  if (b.dtype === 'float32') return divide(b);
  const zero = build.constant(0, [], b.dtype);
  const none = build.add({ op: 'Equal' }, b, zero);
  return build.add(
    { op: 'Where' },
    none,
    zero,
    divide(build.add({ op: 'Where' }, none, build.constant(1, [], b.dtype), b)),
  );
}

function mod({ build, input }: Call): Value {
  return dividing(build, input('b'), (b) => remainder(build, input('a'), b));
}

/**
 * The quotient rounded down, as int32 also for floats, which is tfjs's type. For integers it is computed from
 * the remainder, since floats would round.
 */
function floorDiv({ build, input }: Call): Value {
  const [a, b] = [input('a'), input('b')];
  if (a.dtype === 'float32')
    return toInteger(build, build.add({ op: 'Floor' }, build.add({ op: 'Div' }, a, b)));
  return dividing(build, b, (divisor) =>
    build.add({ op: 'Div' }, build.add({ op: 'Sub' }, a, remainder(build, a, divisor)), divisor),
  );
}

/** Elementary functions that networks rarely use. */
export const functions: Kernels = {
  Tan: unary('Tan'),
  Asin: unary('Asin'),
  Acos: unary('Acos'),
  Atan: unary('Atan'),
  Sinh: unary('Sinh'),
  Cosh: unary('Cosh'),
  Asinh: unary('Asinh'),
  Acosh: unary('Acosh'),
  Atanh: unary('Atanh'),
  IsNan: (call) => found(call, 'IsNaN'),
  IsInf: (call) => found(call, 'IsInf'),
  IsFinite: (call) => call.build.add({ op: 'Not' }, found(call, 'IsNaN', 'IsInf')),
  Expm1: expm1,
  Selu: selu,
  Atan2: atan2,
  Mod: mod,
  FloorDiv: floorDiv,
};
