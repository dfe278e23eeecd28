import * as tf from '@tensorflow/tfjs-core';
import { flag, integer } from '@stillpoint/operators';
import { initialiserOption } from '../initialise/registry.js';
import { builtLayer, layer, sequenceShape } from './layer.js';

/** An LSTM's state, both [batch, units]. */
export interface LstmState {
  readonly h: tf.Tensor;
  readonly c: tf.Tensor;
}

const parts = (x: tf.Tensor, count: number): readonly tf.Tensor[] => tf.split(x, count, -1);

/**
 * One step of an LSTM from what the input adds to the gates, x·kernel + bias [batch, 4·units] in the order
 * input, forget, candidate, output, and from the recurrent kernel [units, 4·units].
 */
function lstmStep(fromInput: tf.Tensor, recurrent: tf.Tensor, { h, c }: LstmState): LstmState {
  const gates = parts(tf.add(fromInput, tf.matMul(h, recurrent)), 4);
  const [input, forget, candidate, output] = [gates[0]!, gates[1]!, gates[2]!, gates[3]!];
  const cell = tf.add(tf.mul(tf.sigmoid(forget), c), tf.mul(tf.sigmoid(input), tf.tanh(candidate)));
  return { h: tf.mul(tf.sigmoid(output), tf.tanh(cell)), c: cell };
}

/** One step of an LSTM: x [batch, features], kernel [features, 4·units], recurrent [units, 4·units], bias. */
export const lstmCell = (
  {
    kernel,
    recurrent,
    bias,
  }: { readonly kernel: tf.Tensor; readonly recurrent: tf.Tensor; readonly bias: tf.Tensor },
  x: tf.Tensor,
  state: LstmState,
): LstmState => lstmStep(tf.add(tf.matMul(x, kernel), bias), recurrent, state);

/**
 * One step of a GRU from what the input adds to the gates, x·kernel + bias [batch, 3·units] in the order
 * reset, update, candidate. The reset gate multiplies the recurrent part after its product, as in PyTorch
 * and Keras.
 */
function gruStep(
  fromInput: tf.Tensor,
  recurrent: tf.Tensor,
  recurrentBias: tf.Tensor,
  h: tf.Tensor,
): tf.Tensor {
  const input = parts(fromInput, 3);
  const own = parts(tf.add(tf.matMul(h, recurrent), recurrentBias), 3);
  const gate = (i: number): tf.Tensor => tf.sigmoid(tf.add(input[i]!, own[i]!));
  const candidate = tf.tanh(tf.add(input[2]!, tf.mul(gate(0), own[2]!)));
  const update = gate(1);
  return tf.add(candidate, tf.mul(update, tf.sub(h, candidate)));
}

/** One step of a GRU: x [batch, features], kernel [features, 3·units], recurrent [units, 3·units], biases. */
export const gruCell = (
  {
    kernel,
    recurrent,
    bias,
    recurrentBias,
  }: {
    readonly kernel: tf.Tensor;
    readonly recurrent: tf.Tensor;
    readonly bias: tf.Tensor;
    readonly recurrentBias: tf.Tensor;
  },
  x: tf.Tensor,
  h: tf.Tensor,
): tf.Tensor => gruStep(tf.add(tf.matMul(x, kernel), bias), recurrent, recurrentBias, h);

/** What the input adds to the gates at each time: one product for all times. */
function gatesOf(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): readonly tf.Tensor[] {
  const [batch = 1, time = 1, features = 1] = x.shape;
  const rows = tf.add(tf.matMul(tf.reshape(x, [batch * time, features]), kernel), bias);
  return tf.unstack(tf.reshape(rows, [batch, time, kernel.shape[1] ?? 1]), 1);
}

const options = {
  units: integer({ about: 'length of the state', from: 1 }),
  sequence: flag({
    about: 'whether the state of every time is returned, [time, units], or that of the last alone, [units]',
    default: true,
  }),
  kernel: initialiserOption('how the kernel [features, gates·units] starts', 'glorot-uniform'),
  recurrent: initialiserOption('how the recurrent kernel [units, gates·units] starts', 'orthogonal'),
};

/** A long short-term memory over a sequence, from the state 0. */
export const lstm = layer({
  name: 'lstm',
  about:
    'long short-term memory over a sequence, from the state 0; gates in the order input, forget, candidate, output; the forget gate’s bias starts at 1, the others at 0',
  reference: 'Hochreiter, Schmidhuber 1997; the forget gate: Gers, Schmidhuber, Cummins 2000',
  shapes: '[time, features] → [time, units] or [units]',
  example: 'lstm(units=32)',
  options,
  build({ units, sequence, kernel, recurrent }, input, name) {
    const { time, features } = sequenceShape(name, input);
    const parts = builtLayer({
      output: sequence ? [time, units] : [units],
      parameters: {
        kernel: { shape: [features, 4 * units], start: kernel },
        recurrent: { shape: [units, 4 * units], start: recurrent },
        bias: { shape: [4 * units], start: 'constant' },
      },
      apply(p, x) {
        const zero = tf.zeros([x.shape[0] ?? 1, units]);
        let state: LstmState = { h: zero, c: zero };
        const all = gatesOf(x, p.kernel, p.bias).map(
          (gates) => (state = lstmStep(gates, p.recurrent, state)).h,
        );
        return sequence ? tf.stack(all, 1) : state.h;
      },
    });
    return {
      ...parts,
      parameters: parts.parameters.map((parameter) =>
        parameter.name === 'bias'
          ? { ...parameter, start: (values) => void values.fill(0).fill(1, units, 2 * units) }
          : parameter,
      ),
    };
  },
});

/** A gated recurrent unit over a sequence, from the state 0. */
export const gru = layer({
  name: 'gru',
  about:
    'gated recurrent unit over a sequence, from the state 0; gates in the order reset, update, candidate; both biases start at 0',
  reference: 'Cho et al. 2014, arXiv 1406.1078',
  shapes: '[time, features] → [time, units] or [units]',
  example: 'gru(units=32)',
  options,
  build({ units, sequence, kernel, recurrent }, input, name) {
    const { time, features } = sequenceShape(name, input);
    return builtLayer({
      output: sequence ? [time, units] : [units],
      parameters: {
        kernel: { shape: [features, 3 * units], start: kernel },
        recurrent: { shape: [units, 3 * units], start: recurrent },
        bias: { shape: [3 * units], start: 'constant' },
        recurrentBias: { shape: [3 * units], start: 'constant' },
      },
      apply(p, x) {
        let h: tf.Tensor = tf.zeros([x.shape[0] ?? 1, units]);
        const all = gatesOf(x, p.kernel, p.bias).map(
          (gates) => (h = gruStep(gates, p.recurrent, p.recurrentBias, h)),
        );
        return sequence ? tf.stack(all, 1) : h;
      },
    });
  },
});
