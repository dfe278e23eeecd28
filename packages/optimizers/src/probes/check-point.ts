import { InputError, isFiniteVector, type Problem, type Vector } from '@stillpoint/operators';

/** Checks the point at which a probe asks. @throws InputError if it is of another length or not finite. */
export function checkPoint(owner: string, { name, dim }: Pick<Problem, 'name' | 'dim'>, z: Vector): void {
  if (z.length !== dim) throw new InputError(`${owner}: z has ${z.length} entries; ${name} has ${dim}`);
  if (!isFiniteVector(z))
    throw new InputError(`${owner}: z is not finite; expected ${dim} finite numbers, those of ${name}`);
}
