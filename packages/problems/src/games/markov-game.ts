import { projection, simplex, uniform, type Game, type Vector } from '@stillpoint/operators';
import { playersOf } from './affine.js';
import { solveLinear } from './linear-algebra.js';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

const onSimplex = projection(simplex());

/** The rewards r(s, a, b) in [−1, 1] and the transitions P(s′ | s, a, b), drawn by the seed. */
interface Model {
  readonly reward: Float64Array;
  /** `[s, a, b, s′]`. */
  readonly next: Float64Array;
}

/**
 * A zero-sum Markov game with direct policies: x(s), y(s) on a simplex of two actions for each state s; min
 * over x, max over y of the mean over all starting states of the discounted value  V(x, y) = (1/S)·1ᵀ(I −
 * γP_xy)⁻¹r_xy.  F = (∇_x V, −∇_y V); not monotone, but every point that solves the variational inequality is
 * an equilibrium. The solution comes from Shapley's value iteration, run until it no longer changes. L ≤
 * 2(1/(1 − γ)² + 4γ/(1 − γ)³) on the simplices, from |r| ≤ 1 and ‖(I − γP)⁻¹‖_∞ = 1/(1 − γ); this bound is
 * not attained. Source: Shapley, "Stochastic games", 1953; policy gradients: Daskalakis, Foster, Golowich
 * 2020, arXiv 2101.04233.
 */
export const markovGame = game({
  name: 'markov-game',
  about: 'a zero-sum Markov game with direct policies, two actions for each player',
  reference: 'Shapley 1953',
  options: {
    states: option.integer({ about: 'number of states', from: 1, to: 200, default: 2 }),
    discount: option.number({
      about: 'what a reward one step later counts, as a share of one now',
      symbol: 'γ',
      from: 0,
      below: 1,
      default: 0.5,
    }),
    seed: option.seed({ default: 7 }),
  },
  make({ states: S, discount: γ, seed }): Game {
    const model = drawn(S, seed);
    const n = 2 * S;
    const horizon = 1 / (1 - γ);
    return {
      name: 'markov-game',
      dim: 2 * n,
      players: playersOf({ x: n, y: n }),
      start: Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 0.7 : 0.3)),
      operator(z, out) {
        const { Q, visits } = evaluate(model, S, γ, z);
        const each = actionValues(Q, S, z);
        for (let i = 0; i < 2 * n; i++) out[i] = (i < n ? 1 : -1) * visits[(i % n) >> 1]! * each[i]!;
      },
      jacobianVector(z, v, out, transposed) {
        // J = diag(I, −I)H, H symmetric: Jᵀv = H diag(I, −I)v
        const w = Float64Array.from(v, (x, i) => (transposed && i >= n ? -x : x));
        product(model, S, γ, z, w, out);
        if (!transposed) for (let i = n; i < 2 * n; i++) out[i] = -out[i]!;
      },
      losses(z, out) {
        const { V } = evaluate(model, S, γ, z);
        const value = V.reduce((sum, v) => sum + v, 0) / S;
        out[0] = value;
        out[1] = -value;
      },
      constraint: {
        prox(z, _, player) {
          for (let at = player === 1 ? n : 0; at < (player === 0 ? n : 2 * n); at += 2)
            onSimplex(z, at, at + 2);
        },
      },
      facts: {
        lipschitz: 2 * (horizon * horizon + 4 * γ * horizon * horizon * horizon),
        zeroSum: true,
        solution: shapley(model, S, γ),
        where: 'on the set',
      },
    };
  },
});

function drawn(S: number, seed: number): Model {
  const reward = uniform(new Float64Array(4 * S), { seed, purpose: 'markov rewards' });
  const next = uniform(new Float64Array(4 * S * S), { seed, purpose: 'markov transitions' });
  for (let i = 0; i < reward.length; i++) reward[i] = 2 * reward[i]! - 1;
  for (let row = 0; row < 4 * S; row++) {
    let sum = 0;
    for (let t = 0; t < S; t++) sum += next[row * S + t]!;
    for (let t = 0; t < S; t++) next[row * S + t] = next[row * S + t]! / sum;
  }
  return { reward, next };
}

/** The value r(s, a, b) + γ Σ P(s′)V(s′) of a pair of actions. */
function action(
  { reward, next }: Model,
  S: number,
  γ: number,
  V: Float64Array,
  s: number,
  a: number,
  b: number,
): number {
  const row = 4 * s + 2 * a + b;
  let value = reward[row]!;
  for (let t = 0; t < S; t++) value += γ * next[row * S + t]! * V[t]!;
  return value;
}

interface Evaluation {
  /** The values of all states under both policies. */
  readonly V: Float64Array;
  /** `[s, a, b]`: the value if the first actions are a and b. */
  readonly Q: Float64Array;
  /** The discounted number of visits to each state from a uniformly drawn one. */
  readonly visits: Float64Array;
  /** I − γP, and its transpose. */
  readonly system: Float64Array;
  readonly transposed: Float64Array;
}

function evaluate(model: Model, S: number, γ: number, z: Vector): Evaluation {
  const [system, transposed, r] = [new Float64Array(S * S), new Float64Array(S * S), new Float64Array(S)];
  for (let s = 0; s < S; s++) {
    system[s * S + s] = 1;
    for (let a = 0; a < 2; a++)
      for (let b = 0; b < 2; b++) {
        const weight = z[2 * s + a]! * z[2 * S + 2 * s + b]!;
        const row = 4 * s + 2 * a + b;
        r[s] = r[s]! + weight * model.reward[row]!;
        for (let t = 0; t < S; t++)
          system[s * S + t] = system[s * S + t]! - γ * weight * model.next[row * S + t]!;
      }
  }
  for (let s = 0; s < S; s++) for (let t = 0; t < S; t++) transposed[t * S + s] = system[s * S + t]!;
  const V = solved(system, r);
  const Q = Float64Array.from({ length: 4 * S }, (_, at) =>
    action(model, S, γ, V, at >> 2, (at >> 1) & 1, at & 1),
  );
  return { V, Q, visits: solved(transposed, new Float64Array(S).fill(1 / S)), system, transposed };
}

/** I − γP is singular only outside the simplices; the solution is NaN there. */
const solved = (system: Float64Array, b: Float64Array): Float64Array =>
  solveLinear(system, b) ?? new Float64Array(b.length).fill(NaN);

/**
 * The mean of Q for each choice of each player against the other's policy: Σ_b y(s, b)Q(s, a, b) for x, Σ_a
 * x(s, a)Q(s, a, b) for y.
 */
function actionValues(Q: Float64Array, S: number, z: Vector): Float64Array {
  const n = 2 * S;
  const out = new Float64Array(2 * n);
  for (let s = 0; s < S; s++)
    for (let a = 0; a < 2; a++)
      for (let b = 0; b < 2; b++) {
        const q = Q[4 * s + 2 * a + b]!;
        out[2 * s + a] = out[2 * s + a]! + z[n + 2 * s + b]! * q;
        out[n + 2 * s + b] = out[n + 2 * s + b]! + z[2 * s + a]! * q;
      }
  return out;
}

/**
 * out = Hw, H the second derivatives of the mean value: along w the gradient visits(s)·(yᵀQ, Qᵀx)(s) changes
 * by its three factors, where (I − γP)dV = Σ d(xy)Q,  dQ = γP(s, a, b)dV,  (I − γP)ᵀ d visits = γ dPᵀ visits.
 */
function product(model: Model, S: number, γ: number, z: Vector, w: Vector, out: Vector): void {
  const n = 2 * S;
  const { Q, visits, system, transposed } = evaluate(model, S, γ, z);
  const [rise, flow] = [new Float64Array(S), new Float64Array(S)];
  for (let s = 0; s < S; s++)
    for (let a = 0; a < 2; a++)
      for (let b = 0; b < 2; b++) {
        const row = 4 * s + 2 * a + b;
        const change = w[2 * s + a]! * z[n + 2 * s + b]! + z[2 * s + a]! * w[n + 2 * s + b]!;
        rise[s] = rise[s]! + change * Q[row]!;
        for (let t = 0; t < S; t++) flow[t] = flow[t]! + γ * change * model.next[row * S + t]! * visits[s]!;
      }
  const [dV, dVisits] = [solved(system, rise), solved(transposed, flow)];
  const dQ = Q.map((_, row) => {
    let sum = 0;
    for (let t = 0; t < S; t++) sum += γ * model.next[row * S + t]! * dV[t]!;
    return sum;
  });
  const [now, byPolicy, byValue] = [actionValues(Q, S, z), actionValues(Q, S, w), actionValues(dQ, S, z)];
  for (let i = 0; i < 2 * n; i++) {
    const s = (i % n) >> 1;
    out[i] = dVisits[s]! * now[i]! + visits[s]! * (byPolicy[i]! + byValue[i]!);
  }
}

/** Value and equilibrium of the 2×2 matrix game with entries q(a, b): min over a, max over b. */
function solve2x2(q: (a: number, b: number) => number): {
  readonly value: number;
  readonly x: number;
  readonly y: number;
} {
  for (const a of [0, 1])
    for (const b of [0, 1])
      // a saddle point in pure choices
      if (q(a, b) <= q(1 - a, b) && q(a, b) >= q(a, 1 - b)) return { value: q(a, b), x: 1 - a, y: 1 - b };
  const [p, t, u, v] = [q(0, 0), q(0, 1), q(1, 0), q(1, 1)];
  const spread = p - t - u + v;
  return { value: (p * v - t * u) / spread, x: (v - u) / spread, y: (v - t) / spread };
}

function shapley(model: Model, S: number, γ: number): readonly number[] {
  let V = new Float64Array(S);
  for (let k = 0; k < 10_000; k++) {
    const next = V.map((_, s) => solve2x2((a, b) => action(model, S, γ, V, s, a, b)).value);
    const still = next.every((v, s) => v === V[s]);
    V = next;
    if (still) break;
  }
  const each = Array.from(V, (_, s) => solve2x2((a, b) => action(model, S, γ, V, s, a, b)));
  return [...each.flatMap(({ x }) => [x, 1 - x]), ...each.flatMap(({ y }) => [y, 1 - y])];
}
