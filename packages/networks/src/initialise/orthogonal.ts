import { dot, norm, normal, waxpy, type Stream } from '@stillpoint/operators';

/**
 * Fills a matrix [rows, columns] with the rows (or, where there are fewer, the columns) of a random
 * orthogonal matrix times `gain`: Gram–Schmidt, made twice against rounding, on rows of normal numbers. R's
 * diagonal is positive, so that the result is uniformly distributed. Saxe, McClelland, Ganguli 2014, arXiv
 * 1312.6120.
 */
export function orthogonal(
  values: Float32Array,
  rows: number,
  columns: number,
  gain: number,
  stream: Stream,
): void {
  const [few, many] = rows <= columns ? [rows, columns] : [columns, rows];
  const q = normal(new Float64Array(few * many), stream);
  for (let i = 0; i < few; i++) {
    const own = q.subarray(i * many, (i + 1) * many);
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        const other = q.subarray(j * many, (j + 1) * many);
        waxpy(own, own, -dot(own, other), other);
      }
    const length = norm(own);
    for (let k = 0; k < many; k++) own[k] = own[k]! / length;
  }
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      values[row * columns + column] =
        gain * (rows <= columns ? q[row * many + column]! : q[column * many + row]!);
}
