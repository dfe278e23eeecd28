import { describe, expect, it } from 'vitest';
import { dot, norm, normal, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { eagV, iterate, spaceFor } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** V_k = A·‖G‖² − n·⟨G, z₀ − z⟩, as in certificates/anchored-bounds.ts. */
interface Potential {
  readonly spec: string;
  readonly game: (seed: number) => Game;
  /** G from F(z). */
  readonly scale: number;
  readonly A: (k: number, state: State) => number;
  readonly n: (k: number) => number;
}
const comonotone =
  (ρ: number) =>
  (seed: number): Game =>
    gameFrom(`random-comonotone(dimension=6, lipschitz=1, comonotone=${ρ}, seed=${seed})`);
const gammaOf = (state: State): number => {
  const γ = state['gamma'];
  if (typeof γ !== 'number') throw new Error('the state has no gamma');
  return γ;
};

const potentials: readonly Potential[] = [
  // G = (z − Tz)/2, T = I − γF, F with 1/ℓ = 0.5, γ = 2/ℓ
  { spec: 'halpern(stepSize=1)', game: comonotone(0.5), scale: 0.5, A: (k) => k * (k + 1), n: (k) => k + 1 },
  {
    spec: 'eag-c(stepSize=0.125)',
    game: comonotone(0),
    scale: 1,
    A: (k) => (0.125 / 2) * ((k + 1) ** 2 + (k + 2) / 2),
    n: (k) => k + 1,
  },
  {
    spec: 'eag-v(stepSize=0.618, lipschitz=1)',
    game: comonotone(0),
    scale: 1,
    A: (k, state) => (gammaOf(state) * (k + 1) * (k + 2)) / 2,
    n: (k) => k + 1,
  },
  {
    spec: 'feg(stepSize=1, comonotone=-0.3)',
    game: comonotone(-0.3),
    scale: 1,
    A: (k) => k * k * (1 / 2 - 0.3) + 0.3 * k,
    n: (k) => k,
  },
];

describe('the potentials of the proofs', () => {
  it.each(potentials)('$spec: never rises', ({ spec, game, scale, A, n }) => {
    for (let seed = 1; seed <= 20; seed++) {
      const on = game(seed);
      const start = normal(new Float64Array(on.dim), { seed, purpose: 'start' });
      const method: Method<State> = methodFrom(spec, on.facts);
      let [k, last] = [0, Infinity];
      const look = (state: State): void => {
        const G: Vector = new Float64Array(on.dim);
        on.operator(state.z, G);
        for (let i = 0; i < G.length; i++) G[i] = scale * G[i]!;
        const back = Float64Array.from(start, (x, i) => x - state.z[i]!);
        const [square, pull] = [A(k, state) * norm(G) ** 2, n(k) * dot(G, back)];
        const V = square - pull;
        // the rounding of V is that of its two terms, which z and F carry over some ten operations a step
        expect(V).toBeLessThanOrEqual(
          last + 100 * (k + 1) * 2 ** -52 * (Math.abs(square) + Math.abs(pull) + norm(start) ** 2),
        );
        last = V;
        k++;
      };
      look(method.init(spaceFor(on, start), start));
      for (const state of iterate(on, method, start)) {
        look(state);
        if (k > 60) break;
      }
    }
  });

  it('EAG-V: the step sizes from 0.618/L stay above 0.4365/L, so that its constant is below 27', () => {
    const game = gameFrom('linear(lipschitz=1, weakMinty=0)');
    let [γ, k] = [0.618, 0];
    for (const state of iterate(game, eagV({ stepSize: 0.618, lipschitz: 1 }), Float64Array.of(1, 1))) {
      γ = gammaOf(state);
      if (++k === 1000) break;
    }
    // γ_{k+1} = γ_k(1 − γ_k²/((k + 1)(k + 3)(1 − γ_k²))), and the sum of 1/((j + 1)(j + 3)) over j ≥ k is
    // (1/(k + 1) + 1/(k + 2))/2
    const rest = (1 / (k + 1) + 1 / (k + 2)) / 2;
    const least = γ * (1 - (γ * γ * rest) / (1 - γ * γ));
    expect(least).toBeGreaterThan(0.4365);
    expect(((1 + Math.sqrt(1 + 2 * least * 0.618)) / least) ** 2).toBeLessThan(27);
  });

  it('EAG-C: the form of the proof is positive for every n', () => {
    for (let n = 1; n <= 1000; n++) {
      const γL = 1 / 8;
      const [A, next] = [n * n + (n + 1) / 2, (n + 1) ** 2 + (n + 2) / 2]; // 2A_k/γ
      const τ = next + 7 * n * n;
      const rest = A - γL ** 2 * τ;
      // the entries of the form in (F, G, F⁺), times 2/γ; F and F⁺ do not meet
      const schur =
        τ * (1 - γL ** 2) - (n * (n + 1) - γL ** 2 * τ) ** 2 / rest - ((n + 1) ** 2 - τ) ** 2 / (τ - next);
      expect(rest).toBeGreaterThanOrEqual((7 / 8) * n * n);
      expect(schur).toBeGreaterThanOrEqual(1 / 2 - 9 / 28 - 64 * 2 ** -52 * n * n);
    }
    expect(64 * (1 + Math.sqrt(33 / 32)) ** 2).toBeLessThan(260);
  });
});
