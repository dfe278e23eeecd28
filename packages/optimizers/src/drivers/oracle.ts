import {
  InputError,
  copy,
  isFiniteVector,
  norm,
  scale,
  waxpy,
  type Counts,
  type Game,
  type Player,
  type Query,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { countGradient } from './counts.js';

/**
 * Answers the questions about a deterministic game, counting them. The answer's memory is the method's until
 * its next question.
 */
export function oracleFor(game: Game, space: Space, counts: Counts): (query: Query) => Vector {
  const out = space.vector();
  let values: Vector | undefined;
  let products: ((at: Vector, v: Vector, transposed: boolean) => Vector) | undefined;
  return (query) => {
    if (ArrayBuffer.isView(query)) {
      countGradient(counts, undefined);
      game.operator(query, out);
      return out;
    }
    if (query.along !== undefined) {
      counts.products++;
      products ??= productsOf(game, space);
      return products(query.at, query.along, query.transposed ?? false);
    }
    if (query.losses) {
      if (!game.losses) throw new InputError(`${game.name} tells no losses; give it losses(z, out)`);
      counts.losses++;
      values ??= space.vector(game.players.length);
      game.losses(query.at, values);
      return values;
    }
    if (typeof query.sample === 'object')
      throw new InputError(`${game.name} is no finite sum: it has no term ${query.sample.term}`);
    countGradient(counts, query.player);
    game.operator(query.at, out, query.player);
    return out;
  };
}

/**
 * The two points of a central difference along v, and the factor that turns F(plus) − F(minus) into J·v. They
 * hold until the next are asked for.
 */
export function differencing(
  space: Space,
): (at: Vector, v: Vector) => { readonly plus: Vector; readonly minus: Vector; readonly factor: number } {
  const plus = space.vector();
  const minus = space.vector();
  return (at, v) => {
    const ε = at instanceof Float32Array ? 2 ** -23 : 2 ** -52;
    const length = norm(v);
    // balances truncation h² against rounding ε/h
    const h = length > 0 ? (Math.cbrt(ε) * (1 + norm(at))) / length : 1;
    waxpy(plus, at, h, v);
    waxpy(minus, at, -h, v);
    return { plus, minus, factor: 1 / (2 * h) };
  };
}

/**
 * The second player of a game whose Jacobian can be transposed by signs. @throws InputError where it cannot.
 */
export function zeroSumSecond(game: Pick<Game, 'name' | 'players' | 'facts'>): Player {
  const [, second, third] = game.players;
  if (!game.facts?.zeroSum || second === undefined || third !== undefined)
    throw new InputError(
      `${game.name} cannot answer Jᵀv: it has no jacobianVector and is not stated to be a two-player zero-sum game (facts.zeroSum)`,
    );
  return second;
}

function productsOf(game: Game, space: Space): (at: Vector, v: Vector, transposed: boolean) => Vector {
  const out = space.vector();
  if (game.jacobianVector) {
    return (at, v, transposed) => {
      game.jacobianVector?.(at, v, out, transposed);
      return out;
    };
  }
  const other = space.vector();
  const points = differencing(space);
  const differences = (at: Vector, v: Vector): void => {
    const { plus, minus, factor } = points(at, v);
    game.operator(plus, out);
    game.operator(minus, other);
    waxpy(out, out, -1, other);
    scale(out, factor);
  };
  return (at, v, transposed) => {
    if (!transposed) differences(at, v);
    else {
      // Jᵀv = S J S v with S = diag(I, −I): the second player's slice changes sign
      const { start, end } = zeroSumSecond(game);
      scale(copy(other, v), -1, start, end);
      differences(at, other);
      scale(out, -1, start, end);
    }
    return out;
  };
}

/** A start, checked. @throws InputError if its length or an entry is wrong. */
export function checkStart(name: string, dim: number, z0: Vector): void {
  if (z0.length !== dim) throw new InputError(`the start has ${z0.length} entries; ${name} has ${dim}`);
  if (!isFiniteVector(z0))
    throw new InputError(
      `the start [${Array.from(z0.subarray(0, 8)).join(',')}${dim > 8 ? ',…' : ''}] is not finite; expected ${dim} finite numbers`,
    );
}
