import { blockedDomain } from '../emit/compose.js';
import { writeModel } from '../emit/onnx.js';
import type { Ort } from '../load.js';

/**
 * Number of channels in a block of the runtime's blocked convolutions on this processor: 16 with AVX-512, 8
 * with AVX, 1 if it has no such convolutions. It is found by putting four channels into blocks and counting
 * the channels of the result.
 */
export async function findBlockSize({ InferenceSession, Tensor }: Ort): Promise<number> {
  const port = (name: string): { readonly name: string; readonly shape: readonly number[] } => ({
    name,
    shape: [1, 4, 1, 1],
  });
  const bytes = writeModel({
    nodes: [
      { op: 'ReorderInput', domain: blockedDomain, inputs: ['x'], outputs: ['blocks'], attributes: {} },
      { op: 'Shape', inputs: ['blocks'], outputs: ['shape'], attributes: {} },
      { op: 'Cast', inputs: ['shape'], outputs: ['y'], attributes: { to: 1 } },
    ],
    initializers: [],
    inputs: [port('x')],
    outputs: [{ name: 'y', shape: [4] }],
  });
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new Tensor('float32', new Float32Array(4), [1, 4, 1, 1]) });
    await session.release();
    const channels = y?.data instanceof Float32Array ? y.data[1] : undefined;
    return channels === 8 || channels === 16 ? channels : 1;
  } catch {
    return 1; // a runtime without these operations
  }
}
