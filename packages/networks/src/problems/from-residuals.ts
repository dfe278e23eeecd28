import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown, type Asked, type ProximalFunction, type Vector } from '@stillpoint/operators';
import type { Shape } from '../layers/layer.js';
import type { Start } from '../user/functions.js';
import {
  assembled,
  constraintFor,
  float32,
  ownerOf,
  seenBy,
  sharedOptions,
  type CompiledProblem,
  type FromOptions,
} from './compiled.js';
import { computerFor, pricesFor, type Body, type Tensors } from './computer.js';
import { product, type LossOf } from './products.js';
import type { NamedDense, NamedNumbers } from './samples.js';
import { sourceOf } from './source.js';
import { layoutOf, settled, strictly, tensorsOf } from './tensors.js';

/** Options of {@link problemFromResiduals}. */
export interface ResidualsOptions<
  P extends { readonly [tensor: string]: Shape | Start },
  D extends NamedNumbers,
> extends FromOptions<D> {
  /** The tensors, as those of one player of {@link problemFromLosses}. */
  readonly parameters: P;
  /**
   * What should become 0, a tensor of any shape, in tfjs code that can be traced: a function of the
   * parameters and of a sample, or of all data, whose rows it treats one by one.
   */
  readonly residual: (
    parameters: { readonly [tensor in keyof P]: tf.Tensor },
    sample: { readonly [name in keyof D]: tf.Tensor },
  ) => tf.Tensor;
  /** The set that the parameters stay in: a spec, or a function of @stillpoint/operators. Default: none. */
  readonly constraint?: string | ProximalFunction;
}

/**
 * Makes a least-squares problem of a residual in tfjs code. With its m entries r, the loss is
 *   f = (1/2m) Σ rᵢ²,   F = ∇f = Jᵀr/m,
 * so that the residual of the contract is r/√m. Products with J, with Jᵀ and with the Hessian of f are exact.
 * Otherwise as {@link problemFromLosses}. On a batch, residuals can be asked for draws only, since only these
 * have the length of r.
 * @throws InputError for options that are not valid, and if `residual` returns no tensor.
 */
export async function problemFromResiduals<
  const P extends { readonly [tensor: string]: Shape | Start },
  D extends NamedNumbers = { readonly [name: string]: never },
>(options: ResidualsOptions<P, D>): Promise<CompiledProblem> {
  const caller = 'problemFromResiduals';
  const owner = ownerOf(caller, options, [...sharedOptions, 'parameters', 'residual', 'constraint']);
  const { residual: residualOf, parameters, constraint: set, facts, engine = 'auto', threads = 1 } = options;
  if (typeof residualOf !== 'function')
    throw new InputError(
      `${owner}: residual is ${shown(residualOf)}; expected a function, as ({ w }, { X, y }) => tf.sub(tf.dot(X, w), y)`,
    );
  const player = 'parameters';
  const layout = layoutOf(owner, { [player]: parameters });
  const source = sourceOf(owner, options);
  const constraint = constraintFor(owner, layout, set === undefined ? {} : { [player]: set });

  /** r/√m, flat. */
  const scaled = (z: tf.Tensor, sample: Tensors): tf.Tensor => {
    // the names of tensors and samples are those of the options, which TypeScript cannot follow
    const returned = settled(
      owner,
      'residual',
      Reflect.apply(residualOf, undefined, [
        strictly(`parameter of ${owner}`, tensorsOf(layout, 0, z)),
        strictly(`data of ${owner}`, sample),
      ]),
    );
    if (!(returned instanceof tf.Tensor))
      throw new InputError(`${owner}: residual returns ${shown(returned)}; expected a tensor`);
    return tf.mul(tf.reshape(returned, [-1]), 1 / Math.sqrt(returned.size));
  };
  const lossOn =
    (sample: Tensors): LossOf =>
    ([z]) =>
      tf.mul(0.5, tf.sum(tf.square(scaled(z!, sample))));
  const at = (z: readonly tf.Tensor[]): tf.Tensor => z[0]!;
  const gradient: Body = ({ z = [] }, sample) => {
    const { value, grad } = tf.valueAndGrad((own) => lossOn(sample)([own]))(at(z));
    return { gradient: grad, loss: value };
  };
  const loss: Body = ({ z = [] }, sample) => ({ loss: lossOn(sample)(z) });
  const residual: Body = ({ z = [] }, sample) => ({ residual: scaled(at(z), sample) });
  const pulled = (z: tf.Tensor, u: tf.Tensor, sample: Tensors): tf.Tensor =>
    tf.grad((own) => tf.sum(tf.mul(scaled(own, sample), u)))(z);
  /** J_rᵀu = ∇⟨r, u⟩. */
  const backward: Body = ({ z = [], u = [] }, sample) => ({ product: pulled(at(z), u[0]!, sample) });
  /** J_r v = ∇_u ⟨J_rᵀu, v⟩: it is linear in u, so the u at which it is taken does not matter. */
  const forward: Body = ({ z = [], v = [] }, sample) => ({
    product: tf.grad((u) => tf.sum(tf.mul(pulled(at(z), u, sample), at(v))))(
      tf.zerosLike(scaled(at(z), sample)),
    ),
  });
  const hessian: Body = ({ z = [], v = [] }, sample) => ({ product: product([lossOn(sample)], z, v) });

  const probe = computerFor(layout, source, { engine, threads });
  const { outputs } = await probe.compiled(residual);
  const length = outputs['residual']![0]!;
  await probe.dispose();
  const computer = computerFor(layout, source, { engine, threads }, { u: length });

  const operator = async (z: Vector, out: Vector, asked: Asked<NamedDense>): Promise<void> => {
    const { losses } = asked;
    const made = await computer.run(
      gradient,
      seenBy(owner, source, asked),
      { z: float32(owner, z) },
      {
        gradient: float32(owner, out),
      },
    );
    losses?.set(made['loss']!);
  };
  const parts = await assembled({
    owner,
    kind: 'residuals',
    code: residualOf,
    layout,
    source,
    constraint,
    facts,
    threads,
    computer,
    joint: gradient,
    operator,
  });
  return {
    ...parts,
    async losses(z, out, asked) {
      const made = await computer.run(loss, seenBy(owner, source, asked), { z: float32(owner, z) });
      out.set(made['loss']!);
    },
    async jacobianVector(z, v, out, _transposed, asked) {
      const vectors = { z: float32(owner, z), v: float32(owner, v) }; // the Hessian is its own transpose
      await computer.run(hessian, seenBy(owner, source, asked), vectors, { product: float32(owner, out) });
    },
    residual: {
      length,
      async value(z, out, asked) {
        const vectors = { z: float32(owner, z) };
        const made = await computer.run(residual, seenBy(owner, source, asked), vectors);
        setResidual(owner, out, made['residual']!);
      },
      async product(z, v, out, transposed, asked) {
        const sample = seenBy(owner, source, asked);
        const vectors = { z: float32(owner, z), [transposed ? 'u' : 'v']: float32(owner, v) };
        if (transposed) await computer.run(backward, sample, vectors, { product: float32(owner, out) });
        else setResidual(owner, out, (await computer.run(forward, sample, vectors))['product']!);
      },
    },
    operations: () => computer.operations(gradient, ['z']),
    prices: pricesFor(() => computer.operations(gradient, ['z']), {
      losses: () => computer.operations(loss, ['z']),
      product: () => computer.operations(hessian, ['z', 'v']),
      transposedProduct: () => computer.operations(hessian, ['z', 'v']),
      residual: () => computer.operations(residual, ['z']),
      // one price for both products, of which the costlier one counts
      residualProduct: () =>
        Math.max(computer.operations(forward, ['z', 'v']), computer.operations(backward, ['z', 'u'])),
    }),
  };
}

function setResidual(owner: string, out: Vector, r: Float32Array): void {
  if (r.length !== out.length)
    throw new InputError(
      `${owner}: the residual has ${r.length} entries here and ${out.length} on a draw; it can be asked on draws only`,
    );
  out.set(r);
}
