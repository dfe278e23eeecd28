import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '../graph.js';
import { loadCpu } from '../load.js';
import { keysOf, recordOf } from '../names.js';
import { checkOutputs, explain } from '../trace/check.js';
import type { Traceable } from '../trace/trace.js';
import type { Arrays, Runner } from './runner.js';
import { sizeOf } from '../graph.js';

/** tfjs greets whoever first writes a tensor to the cpu backend, unless in production mode; that mode is put back. */
function startQuietly(): void {
  const environment = tf.env();
  const production = environment.getBool('PROD');
  environment.set('PROD', true);
  try {
    withCpu(() => tf.scalar(0).dispose());
  } finally {
    environment.set('PROD', production);
  }
}

/** Runs `body` on the cpu backend; the user's backend is current again afterwards. tfjs switches synchronously between backends already made. */
function withCpu<T>(body: () => T): T {
  const before: string | null | undefined = tf.getBackend();
  void tf.setBackend('cpu');
  try {
    return body();
  } finally {
    if (before !== null && before !== undefined && before !== 'cpu') void tf.setBackend(before);
  }
}

/** The same function, run op by op by tfjs's cpu backend: the reference the graph engines are tested against. */
export async function createCpuRunner<I extends string, O extends string>(fn: Traceable<I, O>, inputs: { readonly [name in I]: Shape }): Promise<Runner> {
  const version = await loadCpu();
  startQuietly();

  const evaluate = (feeds: Arrays, use: (name: string, shape: Shape, data: ArrayLike<number>) => void): void => withCpu(() => tf.tidy(() => {
    const feed = recordOf(keysOf(inputs), (name) => tf.tensor(feeds[name] ?? new Float32Array(sizeOf(inputs[name])), [...inputs[name]], 'float32'));
    try {
      for (const [name, tensor] of checkOutputs(fn(feed))) use(name, [...tensor.shape], tensor.dataSync());
    } catch (error) {
      throw explain(error);
    }
  }));

  const outputs: { [name: string]: Shape } = {};
  evaluate({}, (name, shape) => { outputs[name] = shape; });
  return {
    version,
    outputs,
    async run(feeds, out) {
      evaluate(feeds, (name, _, data) => out[name]?.set(data));
    },
    async dispose() {},
  };
}
