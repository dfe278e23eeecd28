import { distance, norm, type Game, type InputError, type Terms, type Vector } from '@stillpoint/operators';

/** Of more terms than this the mean is not compared with F. */
const MOST_TRIED = 1000;

/**
 * The terms of a user's finite sum: `terms: n` says that F is the mean of n terms, and that the operator
 * writes the mean of those in `sample` (a list of indices from 0), or of all if there is none.
 * @param operator what the user wrote, guarded; tried at `start` on each of up to 1,000 terms.
 * @throws InputError if `terms` is no whole number, or the mean of the terms is not F.
 */
export function userTerms(
  value: unknown,
  operator: Game['operator'],
  start: Vector,
  bad: (what: string) => InputError,
): Terms<unknown> | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw bad(`terms is ${JSON.stringify(value) ?? typeof value}; expected how many terms F is the mean of`);
  const n = value;
  const terms: Terms<unknown> = { count: n, sample: (indices) => indices };
  if (n > MOST_TRIED) return terms;
  const at = (sample: readonly number[] | undefined): Float64Array => {
    const out = new Float64Array(start.length);
    operator(start.slice(), out, { sample });
    return out;
  };
  const F = at(undefined);
  const mean = new Float64Array(start.length);
  let [alike, size] = [true, norm(F)];
  for (let i = 0; i < n; i++) {
    const term = at([i]);
    alike &&= term.every((x, j) => x === F[j]);
    size = Math.max(size, norm(term));
    for (let j = 0; j < term.length; j++) mean[j] = mean[j]! + term[j]! / n;
  }
  const expected = 'expected operator(z, out, { sample }) to write the mean of the terms that sample lists';
  if (alike && n > 1) throw bad(`each of its ${n} terms is F itself at its start; ${expected}`);
  const apart = distance(mean, F);
  if (apart > 1e-9 * size)
    throw bad(`the mean of its ${n} terms is not F at its start: they differ by ${apart}; ${expected}`);
  return terms;
}
