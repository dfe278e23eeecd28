import {
  copy,
  distance,
  isVector,
  norm,
  waxpy,
  type Game,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { probed } from '../probes/probed.js';
import { resolvent } from '../inner/resolvent.js';
import type { Bound } from './types.js';

/** The forward–backward step Tz and its residual. */
export interface ForwardBackward {
  /** z̄ = (I + γA)⁻¹(z − γF(z)). */
  readonly at: Vector;
  /**
   * (Hz − Hz̄)/γ in (A + F)(z̄), H = I − γF: zero exactly if z̄ is a solution. Without constraints it is
   * F(z̄).
   */
  readonly residual: Vector;
}

/**
 * The forward–backward step from z, with an element of (A + F)(z̄) that certifies it. Two calls of F; the
 * vectors are new.
 */
export function forwardBackward(game: Game, z: Vector, stepSize: number): ForwardBackward {
  const [F, at, residual] = [copyOf(z), copyOf(z), copyOf(z)];
  game.operator(z, F);
  waxpy(at, z, -stepSize, F);
  game.constraint?.prox(at, stepSize);
  game.operator(at, residual);
  waxpy(residual, residual, -1, F); // F(z̄) − F(z)
  waxpy(residual, residual, -1 / stepSize, at);
  waxpy(residual, residual, 1 / stepSize, z); // (z − z̄)/γ + F(z̄) − F(z)
  return { at, residual };
}
const copyOf = (z: Vector): Vector => (z instanceof Float32Array ? new Float32Array(z) : new Float64Array(z));

/**
 * The resolvent J = (I + γ(A + F))⁻¹ of a deterministic game at z to rounding, as a new vector, for strongly
 * monotone I + γ(A + F).
 */
export function resolventAt(game: Game, z: Vector, stepSize: number): Vector {
  const w = copyOf(z);
  probed(game, z, (_, space) => resolvent(space, { stepSize, innerSteps: 100_000 })(w, z, () => 0));
  return w;
}

const isState = (value: unknown): value is State =>
  typeof value === 'object' && value !== null && 'z' in value && ArrayBuffer.isView(value.z);
function vectorOf(state: State, name: string): Vector {
  const value = state[name];
  if (isVector(value)) return value;
  throw new Error(`the state has no vector ${name}`);
}
/** The state of the method that does the steps, inside all wrappers. */
function fastest(state: State): State {
  const inner: unknown = state['inner'];
  return isState(inner) ? fastest(inner) : state;
}

/**
 * Measures the bounded quantity along a run. Call the returned function with the state at the start and after
 * every step, in order. It returns the quantity at that point, the least so far or the mean, as the bound has
 * it; NaN for a mean of no points. Its calls of F are not counted as the method's.
 */
export function measureFor({ measured }: Bound, game: Game): (state: State) => number {
  const { quantity, when, stepSize: γ, innerSteps = 1, period = 1, point = 'z' } = measured;
  let previous: Vector | undefined;
  let k = 0;
  let [best, sum, closed] = [Infinity, 0, 0];
  const valueAt = (state: State): number => {
    const s: State = { ...state, z: vectorOf(state, point) };
    if (quantity === '‖z − z*‖²') return distance(s.z, game.facts?.solution ?? []) ** 2;
    if (quantity === 'f(z) − f*') {
      const loss = new Float64Array(1);
      game.losses?.(s.z, loss);
      return game.losses ? loss[0]! - (game.facts?.optimum ?? NaN) : NaN;
    }
    if (quantity === '‖F(w)‖²') return k > 0 && ArrayBuffer.isView(s['g']) ? norm(s['g']) ** 2 : Infinity;
    if (quantity === '‖z − z₋‖²') {
      const moved = previous === undefined ? Infinity : distance(s.z, previous) ** 2;
      previous = copy(previous ?? copyOf(s.z), s.z);
      return moved;
    }
    if (quantity === '‖z − Jz‖²') return distance(s.z, resolventAt(game, s.z, γ)) ** 2;
    if (quantity === '‖Hz̄ − Hz‖²') return (γ * norm(forwardBackward(game, s.z, γ).residual)) ** 2;
    const [w, F] = [copyOf(s.z), copyOf(s.z)];
    for (let t = 0; t < (quantity === '‖z − w‖²' ? innerSteps : 1); t++) {
      game.operator(w, F);
      waxpy(w, s.z, -γ, F);
      game.constraint?.prox(w, γ);
    }
    return quantity === '‖F(z)‖²' ? norm(F) ** 2 : distance(s.z, w) ** 2;
  };
  return (state) => {
    if (when !== 'mean') {
      const value = valueAt(fastest(state));
      k++;
      best = Math.min(best, value);
      return when === 'best' ? best : value;
    }
    if (k % period === 0) {
      closed = sum; // without the present slow point
      sum += valueAt(state);
    }
    return closed / Math.floor(k++ / period);
  };
}
