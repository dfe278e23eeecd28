/** Type bytes of IDX, with the width of an element and how a DataView writes one. */
export const kinds = [
  {
    code: 0x08,
    dtype: 'uint8',
    width: 1,
    write: (v: DataView, at: number, x: number): void => v.setUint8(at, x),
  },
  {
    code: 0x09,
    dtype: 'int8',
    width: 1,
    write: (v: DataView, at: number, x: number): void => v.setInt8(at, x),
  },
  {
    code: 0x0b,
    dtype: 'int16',
    width: 2,
    write: (v: DataView, at: number, x: number): void => v.setInt16(at, x),
  },
  {
    code: 0x0c,
    dtype: 'int32',
    width: 4,
    write: (v: DataView, at: number, x: number): void => v.setInt32(at, x),
  },
  {
    code: 0x0d,
    dtype: 'float32',
    width: 4,
    write: (v: DataView, at: number, x: number): void => v.setFloat32(at, x),
  },
  {
    code: 0x0e,
    dtype: 'float64',
    width: 8,
    write: (v: DataView, at: number, x: number): void => v.setFloat64(at, x),
  },
] as const;

/** The bytes of an IDX file, written from the format's definition. */
export function idxBytes(
  kind: (typeof kinds)[number],
  shape: readonly number[],
  values: ArrayLike<number>,
): Uint8Array {
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + kind.width * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, kind.code);
  view.setUint8(3, shape.length);
  shape.forEach((n, i) => view.setUint32(4 + 4 * i, n));
  for (let i = 0; i < values.length; i++) kind.write(view, header + i * kind.width, values[i] ?? 0);
  return bytes;
}
