import {
  InputError,
  isFiniteVector,
  shown,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';

/** A copy of the problem's own start, in its precision. @throws InputError if it has none. */
export function startOf(problem: Pick<Problem, 'name' | 'start' | 'dim'>): Vector {
  if (problem === null || typeof problem !== 'object')
    throw new InputError(`startOf takes a game; found ${shown(problem)}`);
  if (problem.start === undefined)
    throw new InputError(`${problem.name} states no start; give one of ${problem.dim} numbers`);
  const { start } = problem;
  return start instanceof Float32Array ? start.slice() : Float64Array.from(start);
}

/**
 * The start of a run that is given none: the problem's own. For a continued run it has the precision of the
 * checkpoint, and is the checkpoint's z if the problem states none. @throws InputError if there is none.
 */
export function startFrom(problem: Problem, from: { readonly state: State } | undefined): Vector {
  if (from === undefined) return startOf(problem);
  const { z } = from.state;
  const at =
    problem.start ?? (z.length === problem.dim && isFiniteVector(z) ? z : new Float64Array(problem.dim));
  return z instanceof Float32Array ? Float32Array.from(at) : Float64Array.from(at);
}

/** Checks a start. @throws InputError if its length is wrong or an entry is not finite. */
export function checkStart(name: string, dim: number, z0: Vector): void {
  if (z0.length !== dim) throw new InputError(`the start has ${z0.length} entries; ${name} has ${dim}`);
  if (!isFiniteVector(z0))
    throw new InputError(
      `the start [${Array.from(z0.subarray(0, 8)).join(',')}${dim > 8 ? ',…' : ''}] is not finite; expected ${dim} finite numbers`,
    );
}
