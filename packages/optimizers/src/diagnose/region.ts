import { InputError, shown } from '@stillpoint/operators';
import { multiplier } from '../certificates/multiplier.js';
import { isNoBound } from '../certificates/types.js';
import { methodFrom } from '../registry.js';

/** A rectangle of the complex plane, divided into cells. */
export interface Plane {
  readonly re: readonly [from: number, to: number];
  readonly im: readonly [from: number, to: number];
  readonly columns: number;
  readonly rows: number;
}

/**
 * By what a method multiplies the error, in the long run, for a linear F with an eigenvalue at the middle of
 * each cell: below 1 it is stable there. Rows from the least imaginary part on. Undefined for a method that
 * is no fixed linear map. @throws InputError for a plane without cells.
 */
export function stabilityOn(spec: string, { re, im, columns, rows }: Plane): readonly number[] | undefined {
  for (const [name, count] of Object.entries({ columns, rows }))
    if (!(Number.isSafeInteger(count) && count > 0))
      throw new InputError(`stabilityOn: ${name} is ${shown(count)}; expected a whole number > 0`);
  const method = methodFrom(spec, { lipschitz: 1 });
  const values: number[] = [];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const told = multiplier(method, [
        re[0] + ((j + 0.5) / columns) * (re[1] - re[0]),
        im[0] + ((i + 0.5) / rows) * (im[1] - im[0]),
      ]);
      if (isNoBound(told)) return undefined;
      values.push(told.radius);
    }
  return values;
}
