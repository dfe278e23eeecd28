import { InputError } from '@stillpoint/operators';

/**
 * The bytes of an NPY file, format 1.0, of float32 numbers in C order: what `numpy.load` reads. @throws
 * InputError if the shape does not hold as many numbers.
 */
export function writeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  if (shape.reduce((n, side) => n * side, 1) !== values.length)
    throw new InputError(
      `an NPY file of shape [${shape.join(', ')}] cannot hold ${values.length} numbers; expected as many as its sides multiply to`,
    );
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sides}), }`;
  // magic, version and length take 10 bytes; the header ends with a newline at a multiple of 64
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + 4 * values.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 255, length >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  const view = new DataView(bytes.buffer);
  for (const [i, x] of values.entries()) view.setFloat32(10 + length + 4 * i, x, true);
  return bytes;
}
