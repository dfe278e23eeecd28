import type { Builder } from '../../builder.js';
import type { DType, Value } from '../../graph.js';
import type { Binary, Unary } from '../../operations.js';
import type { Call, Kernel, Kernels } from '../kernel.js';

const unary =
  (op: Unary): Kernel =>
  ({ build, input }) =>
    build.add({ op }, input('x'));
const binary =
  (op: Binary): Kernel =>
  ({ build, input }) =>
    build.add({ op }, input('a'), input('b'));
const scalar = (build: Builder, x: number, dtype: DType = 'float32'): Value => build.constant(x, [], dtype);

const not = ({ build, input }: Call): Value => build.add({ op: 'Not' }, input('x'));

function notEqual({ build, input }: Call): Value {
  return build.add({ op: 'Not' }, build.add({ op: 'Equal' }, input('a'), input('b')));
}

function square({ build, input }: Call): Value {
  return build.add({ op: 'Mul' }, input('x'), input('x'));
}

function rsqrt({ build, input }: Call): Value {
  return build.add({ op: 'Reciprocal' }, build.add({ op: 'Sqrt' }, input('x')));
}

function squaredDifference({ build, input }: Call): Value {
  const d = build.add({ op: 'Sub' }, input('a'), input('b'));
  return build.add({ op: 'Mul' }, d, d);
}

/** tfjs divides int32 tensors as floats: `tf.div` does not cast its operands, and the result is float32. */
function realDiv({ build, input }: Call): Value {
  return build.add({ op: 'Div' }, castTo(build, input('a'), 'float32'), castTo(build, input('b'), 'float32'));
}

/**
 * 1 where x > 0, alpha elsewhere, of the type of x. (tfjs returns NaN for NaN; here NaN counts as not
 * positive, as in other frameworks.)
 */
function step({ build, input, attributes }: Call): Value {
  const { dtype } = input('x');
  const positive = build.add({ op: 'Greater' }, input('x'), scalar(build, 0, dtype));
  const to = dtype === 'int32' ? 'int32' : 'float32';
  const given = attributes.has('alpha') ? attributes.number('alpha') : 0;
  const alpha = to === 'int32' ? Math.trunc(given) : given;
  if (alpha === 0) return build.add({ op: 'Cast', to }, positive);
  return build.add({ op: 'Where' }, positive, scalar(build, 1, to), scalar(build, alpha, to));
}

/** tfjs's exponential of integers is a float. */
function exp({ build, input }: Call): Value {
  return build.add({ op: 'Exp' }, castTo(build, input('x'), 'float32'));
}

function round({ build, input }: Call): Value {
  const x = input('x');
  return x.dtype === 'int32' ? x : build.add({ op: 'Round' }, x);
}

function leakyRelu({ build, input, attributes }: Call): Value {
  return build.add(
    { op: 'LeakyRelu', alpha: attributes.number('alpha') },
    castTo(build, input('x'), 'float32'),
  );
}

function prelu({ build, input }: Call): Value {
  const [x, alpha] = [castTo(build, input('x'), 'float32'), castTo(build, input('alpha'), 'float32')];
  return build.add(
    { op: 'Where' },
    build.add({ op: 'Less' }, x, scalar(build, 0)),
    build.add({ op: 'Mul' }, x, alpha),
    x,
  );
}

function relu6({ build, input }: Call): Value {
  const x = input('x');
  return build.add({ op: 'Min' }, build.add({ op: 'Relu' }, x), scalar(build, 6, x.dtype));
}

/** −1, 0 or 1; 0 for NaN, as in tfjs, where the runtime returns NaN. */
function sign({ build, input }: Call): Value {
  const x = input('x');
  const signs = build.add({ op: 'Sign' }, x);
  return x.dtype === 'float32'
    ? build.add({ op: 'Where' }, build.add({ op: 'IsNaN' }, x), scalar(build, 0), signs)
    : signs;
}

/** dy · (y ≥ 0 ? 1 : y + 1), y being elu(x). */
function eluGrad({ build, input }: Call): Value {
  const y = input('y');
  const slope = build.add(
    { op: 'Where' },
    build.add({ op: 'GreaterOrEqual' }, y, scalar(build, 0)),
    scalar(build, 1),
    build.add({ op: 'Add' }, y, scalar(build, 1)),
  );
  return build.add({ op: 'Mul' }, input('dy'), slope);
}

/** Kahan's log1p: x · log(w) / (w − 1) with w = 1 + x rounded; x itself if w rounds to 1 or is infinite. */
function log1p({ build, input }: Call): Value {
  const x = input('x');
  const one = scalar(build, 1);
  const w = build.add({ op: 'Add' }, x, one);
  const ratio = build.add({ op: 'Div' }, build.add({ op: 'Log' }, w), build.add({ op: 'Sub' }, w, one));
  return build.add(
    { op: 'Where' },
    build.add(
      { op: 'Or' },
      build.add({ op: 'Equal' }, w, one),
      build.add({ op: 'Equal' }, w, scalar(build, Infinity)),
    ),
    x,
    build.add({ op: 'Mul' }, x, ratio),
  );
}

function clip({ build, input, attributes }: Call): Value {
  const low = build.add(
    { op: 'Max' },
    input('x'),
    scalar(build, attributes.number('clipValueMin'), input('x').dtype),
  );
  return build.add({ op: 'Min' }, low, scalar(build, attributes.number('clipValueMax'), input('x').dtype));
}

/** Where, by logical operations for bool operands, since the runtime's Where does not take them. */
function select({ build, input }: Call): Value {
  const [condition, t, e] = [input('condition'), input('t'), input('e')];
  if (t.dtype !== 'bool' || e.dtype !== 'bool') return build.add({ op: 'Where' }, condition, t, e);
  return build.add(
    { op: 'Or' },
    build.add({ op: 'And' }, condition, t),
    build.add({ op: 'And' }, build.add({ op: 'Not' }, condition), e),
  );
}

function addN({ build, inputs }: Call): Value {
  return inputs.reduce((sum, x) => build.add({ op: 'Add' }, sum, x));
}

/** Casts x to `dtype`; returns x itself if it has that type. */
export function castTo(build: Builder, x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : build.add({ op: 'Cast', to: dtype }, x);
}

function cast({ build, input, attributes }: Call): Value {
  const to = attributes.text('dtype');
  if (to !== 'float32' && to !== 'int32' && to !== 'bool')
    throw new Error(`cannot cast to ${to}; a graph holds float32, int32 and bool`);
  return to === 'int32' ? toInteger(build, input('x')) : castTo(build, input('x'), to);
}

/** Rounds towards 0, and makes what is not a finite number 0, as JavaScript does; runtimes differ in that. */
export function toInteger(build: Builder, x: Value): Value {
  if (x.dtype !== 'float32') return castTo(build, x, 'int32');
  const lost = build.add({ op: 'Or' }, build.add({ op: 'IsNaN' }, x), build.add({ op: 'IsInf' }, x));
  return build.add({ op: 'Cast', to: 'int32' }, build.add({ op: 'Where' }, lost, scalar(build, 0), x));
}

/** Kernels that work element by element, operands broadcast. */
export const elementwise: Kernels = {
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Sign: sign,
  Relu: unary('Relu'),
  Exp: exp,
  Log: unary('Log'),
  Sqrt: unary('Sqrt'),
  Reciprocal: unary('Reciprocal'),
  Tanh: unary('Tanh'),
  Sigmoid: unary('Sigmoid'),
  Softplus: unary('Softplus'),
  Floor: unary('Floor'),
  Ceil: unary('Ceil'),
  Round: round,
  Sin: unary('Sin'),
  Cos: unary('Cos'),
  Erf: unary('Erf'),
  Elu: unary('Elu'),
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterOrEqual'),
  Less: binary('Less'),
  LessEqual: binary('LessOrEqual'),
  Equal: binary('Equal'),
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),
  NotEqual: notEqual,
  LogicalNot: not,
  RealDiv: realDiv,
  Square: square,
  Rsqrt: rsqrt,
  SquaredDifference: squaredDifference,
  Step: step,
  LeakyRelu: leakyRelu,
  Prelu: prelu,
  Relu6: relu6,
  EluGrad: eluGrad,
  Log1p: log1p,
  ClipByValue: clip,
  Select: select,
  AddN: addN,
  Cast: cast,
};
