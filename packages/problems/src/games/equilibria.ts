import { InputError, box, projection, simplex, type Game } from '@stillpoint/operators';
import { affineGame, playersOf } from './affine.js';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

const nonnegative = projection(box({ lower: 0, upper: Infinity }));

/**
 * Cournot oligopoly: firm i sells z_i ≥ 0 at the price a − bS, S = Σz, at the cost c_i z_i + ½d z_i²:
 *   loss_i = c_i z_i + ½d z_i² − (a − bS)z_i,   F_i = c_i − a + b(S + z_i) + d z_i
 * The Jacobian of F is symmetric positive definite, L = (n + 1)b + d: without constraints F is cocoercive
 * with 1/L, on z ≥ 0 monotone with ρ = 0. If all firms sell, z_i = (a − c_i − bS)/(b + d) with S = (na −
 * Σc)/((n + 1)b + d); firms whose cost is above the price sell nothing and are left out of the sums. Source:
 * Cournot 1838; as a variational inequality: Facchinei, Pang 2003, section 1.4.
 */
export const cournot = game({
  name: 'cournot',
  about: 'firms choose the quantities they sell; any number of players',
  reference: 'Cournot 1838',
  options: {
    demand: option.number({ about: 'price at which nothing is sold', symbol: 'a', default: 10 }),
    slope: option.number({
      about: 'fall of the price for each unit sold',
      symbol: 'b',
      above: 0,
      default: 1,
    }),
    costs: option.numbers({
      about: 'cost of the first unit, one number for each firm',
      symbol: 'c',
      default: [1, 2, 3],
    }),
    rise: option.number({
      about: 'rise of the marginal cost with each unit',
      symbol: 'd',
      from: 0,
      default: 0.5,
    }),
  },
  make({ demand: a, slope: b, costs, rise: d }): Game {
    const n = costs.length;
    const M = Float64Array.from({ length: n * n }, (_, at) => b + (at % (n + 1) === 0 ? b + d : 0));
    return affineGame({
      name: 'cournot',
      players: playersOf(Object.fromEntries(costs.map((_, i) => [`firm${i + 1}`, 1]))),
      M,
      q: Float64Array.from(costs, (c) => c - a),
      start: costs.map(() => 1),
      losses(z, out) {
        let S = 0;
        for (let i = 0; i < n; i++) S += z[i]!;
        for (let i = 0; i < n; i++)
          out[i] = costs[i]! * z[i]! + (d / 2) * z[i]! * z[i]! - (a - b * S) * z[i]!;
      },
      constraint: {
        prox: (z, _, player) => (player === undefined ? nonnegative(z) : nonnegative(z, player, player + 1)),
      },
      facts: {
        lipschitz: (n + 1) * b + d,
        comonotone: 0,
        weakMinty: 0,
        solution: cournotSolution(a, b, d, costs),
      },
    });
  },
});

function cournotSolution(a: number, b: number, d: number, costs: readonly number[]): readonly number[] {
  const cheapest = costs.map((c, i) => ({ c, i })).sort((one, other) => one.c - other.c);
  for (let n = cheapest.length; n > 0; n--) {
    const sellers = cheapest.slice(0, n);
    const S = (n * a - sellers.reduce((sum, { c }) => sum + c, 0)) / ((n + 1) * b + d);
    if (a - b * S >= (sellers.at(-1)?.c ?? 0)) {
      const solution = Array<number>(costs.length).fill(0);
      for (const { c, i } of sellers) solution[i] = (a - c - b * S) / (b + d);
      return solution;
    }
  }
  return Array<number>(costs.length).fill(0);
}

/** The links s→a, a→t, s→b, b→t and the bridge a→b. The time on a link is free + rate·travellers. */
const links = [
  { free: 0, rate: 10 },
  { free: 50, rate: 1 },
  { free: 50, rate: 1 },
  { free: 0, rate: 10 },
  { free: 10, rate: 1 },
];
const paths = [
  [0, 1],
  [2, 3],
  [0, 4, 3],
];

/**
 * Braess' network: travellers from s to t choose paths such that nobody gains by changing (Wardrop). F_p(z)
 * is the time of path p if z_p travellers take it; z lies on the simplex of sum `demand`. There is one
 * player, the crowd. F = Δᵀ(t₀ + diag(rate)Δz) is the gradient of Beckmann's potential Σ ∫ time over the
 * links, which stands for the crowd's loss. F is cocoercive without constraints, monotone on the simplex with
 * ρ = 0. With demand 6 all three paths carry 2 travellers and take 92; without the bridge the two others
 * carry 3 and take 83: that is the paradox. Source: Braess, "Über ein Paradoxon aus der Verkehrsplanung",
 * 1968.
 */
export const traffic = game({
  name: 'traffic',
  about: 'Braess’ network: one player, a crowd of travellers, who choose paths',
  reference: 'Braess 1968',
  options: {
    demand: option.number({ about: 'number of travellers', above: 0, default: 6 }),
    bridge: option.flag({ about: 'whether the bridge a→b is open', default: true }),
  },
  make({ demand, bridge }): Game {
    const used = bridge ? paths : paths.slice(0, 2);
    const n = used.length;
    const M = new Float64Array(n * n);
    used.forEach((p, i) =>
      used.forEach((q, j) => {
        M[i * n + j] = p.reduce((sum, link) => sum + (q.includes(link) ? (links[link]?.rate ?? 0) : 0), 0);
      }),
    );
    const free = Float64Array.from(used, (p) => p.reduce((sum, link) => sum + (links[link]?.free ?? 0), 0));
    const onto = projection(simplex({ sum: demand }));
    return affineGame({
      name: 'traffic',
      players: playersOf({ flow: n }),
      M,
      q: free,
      start: [demand, ...Array<number>(n - 1).fill(0)],
      constraint: { prox: (z) => onto(z) },
      losses(z, out) {
        let potential = 0;
        links.forEach(({ free: t0, rate }, link) => {
          let load = 0;
          used.forEach((path, p) => {
            if (path.includes(link)) load += z[p]!;
          });
          potential += load * (t0 + (rate / 2) * load);
        });
        out[0] = potential;
      },
      facts: { comonotone: 0, weakMinty: 0, solution: wardrop(demand, bridge) },
    });
  },
});

/**
 * The equilibrium. By symmetry the outer paths carry the same number u, the path over the bridge v = demand −
 * 2u. If both kinds are used, 50 + 11u + 10v = 10 + 21v + 20u.
 */
function wardrop(demand: number, bridge: boolean): readonly number[] {
  if (!bridge) return [demand / 2, demand / 2];
  const v = Math.min(demand, Math.max(0, (80 - 9 * demand) / 13)); // 40 = 11v + 9u, u = (demand − v)/2
  return [(demand - v) / 2, (demand - v) / 2, v];
}

/**
 * The linear–quadratic game of robust control, open loop: s₀ = 1, s_{t+1} = growth·s_t + x_t + y_t, and x
 * (control) minimises, y (disturbance) maximises  ½Σ (s_{t+1}² + x_t² − θy_t²)  over the horizon. A quadratic
 * game with the closed-form solution −M⁻¹q. It is monotone if θ is at least the largest eigenvalue of BᵀB,
 * where s = Bx + By + (growth, growth², …); a smaller θ is an error. Source: Başar, Bernhard, "H∞-optimal
 * control and related minimax design problems", 1995.
 * @throws InputError if θ is too small, or if the state overflows.
 */
export const lqGame = game({
  name: 'lq-game',
  about: 'robust control over a few time steps: a control against a disturbance',
  reference: 'Başar, Bernhard 1995',
  options: {
    horizon: option.integer({ about: 'time steps', from: 1, to: 100, default: 3 }),
    growth: option.number({ about: 'factor by which the state grows in a time step', default: 1 }),
    price: option.number({ about: 'what a unit of disturbance costs', symbol: 'θ', above: 0, default: 8 }),
  },
  make({ horizon: T, growth, price: θ }): Game {
    const powers = [1];
    // multiplication rounds alike on every machine, powers need not
    for (let t = 0; t < T; t++) powers.push(powers[t]! * growth);
    const B = (t: number, k: number): number => (k <= t ? powers[t - k]! : 0); // effect of input k on s_{t+1}
    const gram = (i: number, j: number): number =>
      Array.from({ length: T }, (_, t) => B(t, i) * B(t, j)).reduce((sum, x) => sum + x, 0);
    const drift = (i: number): number =>
      Array.from({ length: T }, (_, t) => B(t, i) * powers[t + 1]!).reduce((sum, x) => sum + x, 0);
    const n = 2 * T;
    const M = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      const sign = i < T ? 1 : -1;
      return sign * gram(i % T, j % T) + (i === j ? (i < T ? 1 : θ) : 0);
    });
    if (!M.every(Number.isFinite))
      throw new InputError(`game lq-game: growth is ${growth}; over ${T} steps it overflows`);
    const game = affineGame({
      name: 'lq-game',
      players: playersOf({ control: T, disturbance: T }),
      M,
      q: Float64Array.from({ length: n }, (_, i) => (i < T ? 1 : -1) * drift(i % T)),
      start: Array<number>(n).fill(0),
      facts: { zeroSum: true },
      losses(z, out) {
        let cost = 0;
        let s = 1;
        for (let t = 0; t < T; t++) {
          const x = z[t]!;
          const y = z[T + t]!;
          s = growth * s + x + y;
          cost += (s * s + x * x - θ * y * y) / 2;
        }
        out[0] = cost;
        out[1] = -cost;
      },
    });
    if (!((game.facts?.comonotone ?? -1) >= 0))
      throw new InputError(
        `game lq-game: price is ${θ}; with growth ${growth} over ${T} steps the disturbance gains without bound; raise the price`,
      );
    return game;
  },
});
