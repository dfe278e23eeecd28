import {
  InputError,
  copy,
  norm,
  scale,
  waxpy,
  type Asked,
  type Done,
  type Player,
  type Problem,
  type Space,
  type Vector,
} from '@stillpoint/operators';

/** Writes J(at)·v, or J(at)ᵀ·v. */
export type Product = (at: Vector, v: Vector, out: Vector, transposed: boolean, asked: Asked) => Done;

/** The problem's own products, or central differences of F on the same sample, without its losses. */
export function productOf(problem: Problem, space: Space): Product {
  if (problem.jacobianVector)
    return (at, v, out, transposed, asked) => problem.jacobianVector?.(at, v, out, transposed, asked);
  const [plus, minus, other] = [space.vector(), space.vector(), space.vector()];
  const differences = (at: Vector, v: Vector, out: Vector, asked: Asked): Done => {
    const ε = at instanceof Float32Array ? 2 ** -23 : 2 ** -52;
    const length = norm(v);
    // balances truncation h² against rounding ε/h
    const h = length > 0 ? (Math.cbrt(ε) * (1 + norm(at))) / length : 1;
    waxpy(plus, at, h, v);
    waxpy(minus, at, -h, v);
    const finish = (): void => {
      waxpy(out, out, -1, other);
      scale(out, 1 / (2 * h));
    };
    const second = (): Done => {
      const wait = problem.operator(minus, other, asked);
      return wait ? wait.then(finish) : finish();
    };
    const wait = problem.operator(plus, out, asked);
    return wait ? wait.then(second) : second();
  };
  return (at, v, out, transposed, asked) => {
    if (!transposed) return differences(at, v, out, asked);
    // Jᵀv = S J S v with S = diag(I, −I): the second player's slice changes sign
    const { start, end } = zeroSumSecond(problem);
    scale(copy(other, v), -1, start, end);
    const finish = (): void => {
      scale(out, -1, start, end);
    };
    const wait = differences(at, other, out, asked);
    return wait ? wait.then(finish) : finish();
  };
}

/**
 * The second player of a problem whose Jacobian can be transposed by signs: an exact game of two players
 * whose losses add up to zero. On a sample the losses need not add up, since each player draws its own.
 * @throws InputError for any other problem.
 */
function zeroSumSecond(problem: Problem): Player {
  const { name, players, facts } = problem;
  const [, second, third] = players;
  if (!facts?.zeroSum || second === undefined || third !== undefined || problem.draw !== undefined)
    throw new InputError(
      `${name} has no Jᵀv: it has no jacobianVector and is not stated to be an exact two-player zero-sum game (facts.zeroSum)`,
    );
  return second;
}
