import {
  lendMemory,
  ordinaryMemory,
  randomFrom,
  type Problem,
  type Space,
  type Vector,
} from '@stillpoint/operators';

/**
 * A run of this many parameters or more works in WebAssembly memory. For a smaller one, finding the kernels
 * there costs more than they gain.
 */
const LENT_FROM = 1024;

/**
 * How many vectors of the problem's size fit: enough for state, scratch and answers of every method here
 * inside several wrappers. Memory that is not used is not committed.
 */
const VECTORS = 32;

/** What a space needs besides its problem. */
export interface SpaceOptions {
  /** Seed of the method's random numbers. Default: 0. */
  readonly seed?: number;
  /** Number of the worker. Default: 0. */
  readonly worker?: number;
  /** Receives what the method or its inner solvers note. Default: nothing is kept. */
  readonly note?: (what: string) => void;
}

/**
 * What a run over `problem` lends its method: memory in the precision of `like`, and random numbers of `seed`
 * and `worker`. Vectors after the first 32 are slower.
 */
export function spaceFor(
  problem: Pick<Problem, 'dim' | 'players' | 'terms' | 'residual' | 'losses' | 'constraint' | 'blocks'>,
  like: Vector,
  { seed = 0, worker = 0, note = () => {} }: SpaceOptions = {},
): Space {
  const { dim, players, terms, residual, losses, constraint, blocks } = problem;
  const make = dim >= LENT_FROM ? lendMemory(like, VECTORS, dim) : ordinaryMemory(like);
  const vector = (n = dim): Vector => make(n);
  return {
    dim,
    players,
    ...(terms && { terms: terms.count }),
    ...(residual && { residuals: residual.length }),
    ...(residual?.regulariser && { regulariser: residual.regulariser }),
    ...(losses && { losses: true }),
    ...(constraint && { constraint }),
    ...(blocks && { blocks }),
    vector,
    copy(z) {
      const own = vector(z.length);
      own.set(z);
      return own;
    },
    prox: constraint ? (z, stepSize, player) => constraint.prox(z, stepSize, player, note) : () => {},
    note,
    random: (purpose) => randomFrom({ seed, purpose, worker }),
  };
}
