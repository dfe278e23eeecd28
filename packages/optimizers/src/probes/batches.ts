import { InputError, randomFrom, shown, subset, type Problem, type SampleRule } from '@stillpoint/operators';

/** What a step of a method asks its gradient on. */
export interface Batches {
  /** The logarithm of how many different ones there are; Infinity if that is not known. */
  readonly logCount: number;
  /** The batches at the k-th point: every one if there are no more than `draws`, else `draws` of them. */
  readonly at: (k: number) => readonly SampleRule[];
}

/** Which batches, and how many of them are looked at. */
export interface BatchOptions {
  /**
   * Terms of a batch, of a finite sum: each set of `batch` different terms is one. Default: the problem’s own
   * draws; all of a problem that is exact.
   */
  readonly batch?: number;
  /**
   * How many different batches there are. Default: the sets of `batch` terms; with own draws of several
   * players that to the power of the players, each of whom may draw alone; without terms infinitely many.
   */
  readonly batches?: number;
  /** How many batches are looked at at each point. Default: 4, or all if there are no more. */
  readonly draws?: number;
  /** Seed of the batches, if `batch` is given. Default: 0. */
  readonly seed?: number;
}

/** Throws InputError, in the name of the caller, unless it is a whole number >= 1, of at most `most`. */
export function checkWhole(caller: string, name: string, value: number, most = Infinity): void {
  if (!(Number.isSafeInteger(value) && value >= 1 && value <= most))
    throw new InputError(
      `${caller}: ${name} is ${shown(value)}; expected a whole number ${most === Infinity ? '>= 1' : `from 1 to ${most}`}`,
    );
}

/** log of n over b. */
function logChoose(n: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < Math.min(b, n - b); i++) sum += Math.log((n - i) / (i + 1));
  return sum;
}

/** Every set of b of the numbers from `from` to n − 1. */
function subsets(n: number, b: number, from = 0): readonly (readonly number[])[] {
  if (b === 0) return [[]];
  return Array.from({ length: n - b - from + 1 }, (_, i) => from + i).flatMap((first) =>
    subsets(n, b - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

/** The batches of a problem. @throws InputError for options that it does not have. */
export function batchesOf(caller: string, problem: Problem, options: BatchOptions): Batches {
  const { name, terms, players } = problem;
  const { batch, draws = 4, seed = 0, batches } = options;
  checkWhole(caller, 'draws', draws);
  if (batches !== undefined) checkWhole(caller, 'batches', batches);
  const counted = (logCount: number): number => (batches === undefined ? logCount : Math.log(batches));
  if (batch !== undefined) {
    if (terms === undefined)
      throw new InputError(
        `${caller}: batch is ${shown(batch)}, and ${name} is no finite sum; expected no batch`,
      );
    const n = terms.count;
    checkWhole(caller, 'batch', batch, n);
    const logCount = logChoose(n, batch);
    if (logCount < Math.log(draws + 0.5)) {
      const every = subsets(n, batch).map((indices) => ({ terms: indices }));
      return { logCount: counted(logCount), at: () => every };
    }
    const random = randomFrom({ seed, purpose: 'batches' });
    const at = (k: number): readonly SampleRule[] =>
      Array.from({ length: draws }, (_, i) => ({ terms: subset(n, batch, random(k * draws + i)) }));
    return { logCount: counted(logCount), at };
  }
  if (problem.draw === undefined) return { logCount: counted(0), at: () => ['all'] };
  const logCount =
    terms?.drawn === undefined ? Infinity : players.length * logChoose(terms.count, terms.drawn);
  return { logCount: counted(logCount), at: () => Array<SampleRule>(draws).fill('fresh') };
}
