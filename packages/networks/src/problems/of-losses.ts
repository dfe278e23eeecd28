import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown, type Asked, type Vector } from '@stillpoint/operators';
import { assembled, float32, seenBy, type CompiledProblem, type Parts } from './compiled.js';
import { pricesFor, type Body, type Tensors } from './computer.js';
import { product, transposedProduct, type LossOf } from './products.js';
import type { NamedDense } from './samples.js';

/** A loss and its gradient. */
export interface Slope {
  readonly value: tf.Scalar;
  readonly grad: tf.Tensor;
}

/** What a problem of losses is made of. */
export interface LossesParts extends Omit<Parts, 'joint' | 'operator'> {
  /** All losses, in the order of the players, from each player's flat part of z. */
  readonly evaluate: (parts: readonly tf.Tensor[], sample: Tensors) => readonly tf.Scalar[];
  /** Player p's gradient of its own loss. Default: `tf.valueAndGrad` of what `evaluate` returns. */
  readonly slope?: (p: number, parts: readonly tf.Tensor[], sample: Tensors) => Slope;
  /** False if `slope` is not the gradient of `evaluate`, whose Hessian then is not F’s. Default: true. */
  readonly hasProducts?: boolean;
}

/**
 * The problem of some losses: F stacks each player's gradient of its own loss; products with its Jacobian, if
 * it has them, are exact, prices the ratios of floating-point operations.
 */
export async function problemOfLosses(given: LossesParts): Promise<CompiledProblem> {
  const { owner, layout, source, computer, evaluate, hasProducts = true } = given;
  const { players } = layout;
  const lossesOn = (sample: Tensors): readonly LossOf[] =>
    players.map((_, p) => (parts: readonly tf.Tensor[]) => evaluate(parts, sample)[p]!);
  const slope =
    given.slope ??
    ((p: number, z: readonly tf.Tensor[], sample: Tensors): Slope =>
      dependent(owner, players[p]!.name, () =>
        tf.valueAndGrad((own) => lossesOn(sample)[p]!(z.with(p, own)))(z[p]!),
      ));

  const joint: Body = ({ z = [] }, sample) => {
    const all = players.map((_, p) => slope(p, z, sample));
    return {
      gradient: tf.concat(all.map(({ grad }) => grad)),
      losses: tf.stack(all.map(({ value }) => value)),
    };
  };
  const only = players.map((_, p): Body => ({ z = [] }, sample) => {
    const { value, grad } = slope(p, z, sample);
    return { gradient: grad, loss: value };
  });
  const values: Body = ({ z = [] }, sample) => ({ losses: tf.stack([...evaluate(z, sample)]) });
  const forward: Body = ({ z = [], v = [] }, sample) => ({ product: product(lossesOn(sample), z, v) });
  const backward: Body = ({ z = [], v = [] }, sample) => ({
    product: transposedProduct(lossesOn(sample), z, v),
  });

  const operator = async (z: Vector, out: Vector, asked: Asked<NamedDense>): Promise<void> => {
    const { player, losses } = asked;
    const sample = seenBy(owner, source, asked);
    const [at, into] = [float32(owner, z), float32(owner, out)];
    if (player === undefined) {
      const all = await computer.run(joint, sample, { z: at }, { gradient: into });
      losses?.set(all['losses']!);
    } else {
      const { start, end } = players[player]!;
      const gradient = into.subarray(start, end);
      const own = await computer.run(only[player]!, sample, { z: at }, { gradient });
      if (losses) losses[player] = own['loss']![0]!;
    }
  };
  const jacobianVector: CompiledProblem['jacobianVector'] = async (z, v, out, transposed, asked) => {
    const vectors = { z: float32(owner, z), v: float32(owner, v) };
    await computer.run(transposed ? backward : forward, seenBy(owner, source, asked), vectors, {
      product: float32(owner, out),
    });
  };
  const parts = await assembled({ ...given, joint, operator });
  return {
    ...parts,
    async losses(z, out, asked) {
      const all = await computer.run(values, seenBy(owner, source, asked), { z: float32(owner, z) });
      out.set(all['losses']!);
    },
    ...(hasProducts && { jacobianVector }),
    operations: () => computer.operations(joint, ['z']),
    prices: pricesFor(() => computer.operations(joint, ['z']), {
      losses: () => computer.operations(values, ['z']),
      ...(hasProducts && {
        product: () => computer.operations(forward, ['z', 'v']),
        transposedProduct: () => computer.operations(backward, ['z', 'v']),
      }),
    }),
  };
}

/**
 * What `differentiate` returns. @throws InputError in place of tfjs's error where the loss of this player or
 * level does not depend on its own tensors.
 */
export function dependent<V>(owner: string, name: string, differentiate: () => V): V {
  try {
    return differentiate();
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('Cannot compute gradient of y=f(x)'))
      throw new InputError(`${owner}: the loss of ${name} does not depend on the tensors of ${name}`, {
        cause,
      });
    throw cause;
  }
}

/** A loss as a scalar. @throws InputError if it is none. */
export function scalarOf(owner: string, name: string, loss: unknown): tf.Scalar {
  if (!(loss instanceof tf.Tensor) || loss.size !== 1)
    throw new InputError(
      `${owner}: the loss of ${name} is ${loss instanceof tf.Tensor ? `a tensor of shape [${loss.shape.join(',')}]` : shown(loss)}; expected a scalar, as tf.mean(…) returns`,
    );
  return tf.reshape(loss, []);
}
