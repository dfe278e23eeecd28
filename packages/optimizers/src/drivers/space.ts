import {
  lendMemory,
  ordinaryMemory,
  randomFrom,
  type Problem,
  type Space,
  type Vector,
} from '@stillpoint/operators';

/**
 * A run of more parameters than this is worked on in WebAssembly memory; finding the kernels there costs a
 * smaller one more than it gains.
 */
const LENT_FROM = 1024;

/**
 * Room for so many vectors of the problem's size: state, scratch and answers of every method here, several
 * wrappers deep. Room not used is not committed.
 */
const VECTORS = 32;

/** What a space needs besides its problem. */
export interface SpaceOptions {
  /** Of the method's random numbers. Default 0. */
  readonly seed?: number;
  /** Default 0. */
  readonly worker?: number;
  /** Receives what the method or its inner solvers note. Default: nothing is kept. */
  readonly note?: (what: string) => void;
}

/**
 * What a run over `problem` lends its method: memory in the precision of `like`, and random numbers of `seed`
 * and `worker`. Once 32 vectors are lent, further ones are slower.
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
    ...(losses && { losses: true }),
    ...(constraint && { constraint }),
    ...(blocks && { blocks }),
    vector,
    copy(z) {
      const own = vector(z.length);
      own.set(z);
      return own;
    },
    prox: constraint ? (z, stepSize, player) => constraint.prox(z, stepSize, player) : () => {},
    note,
    random: (purpose) => randomFrom({ seed, purpose, worker }),
  };
}
