// Random operators with known constants and a known solution, on which certificates are tested.
import { uniform, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { affineGame, gameFrom } from '@stillpoint/problems';
import { linearSum } from './linear-sum.js';

/** Five numbers in (0, 1) that pick an instance. */
export type Random = readonly [number, number, number, number, number];
export function randomFrom(seed: number): Random {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = uniform(new Float64Array(5), { seed, purpose: 'certificates' });
  return [a, b, c, d, e];
}
/** The number at a share of the way from low to high. */
export const between = (low: number, high: number, share: number): number => low + (high - low) * share;

/** A linear operator with prescribed L and ρ, both attained. */
const linear = (ρL: number, L: number, seed: number): Game =>
  gameFrom(
    `random-comonotone(dimension=${2 * (1 + (seed % 4))}, lipschitz=${L}, comonotone=${ρL / L}, seed=${seed})`,
  );

/**
 * The same on a box, moved so that the solution has about half of its entries at the bounds ±1, where F
 * pushes outwards.
 */
function boxed(ρL: number, L: number, seed: number): Game {
  const straight = linear(ρL, L, seed);
  const { dim: n, players } = straight;
  const M = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    straight.operator(
      Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)),
      column,
    );
    for (let i = 0; i < n; i++) M[i * n + j] = column[i]!;
  }
  const random = uniform(new Float64Array(2 * n), { seed, purpose: 'boxed' });
  const solution = Array.from({ length: n }, (_, i) => Math.max(-1, Math.min(1, 4 * random[i]! - 2)));
  const F = new Float64Array(n);
  straight.operator(Float64Array.from(solution), F);
  const q = F.map(
    (x, i) => -x - (Math.abs(solution[i]!) === 1 ? Math.sign(solution[i]!) * L * random[n + i]! : 0),
  );
  const resolve = (z: Vector): void => {
    for (let i = 0; i < n; i++) z[i] = Math.max(-1, Math.min(1, z[i]!));
  };
  return affineGame({
    name: 'boxed',
    players,
    M,
    q,
    start: Array<number>(n).fill(0),
    constraint: { prox: resolve },
    facts: { lipschitz: L, comonotone: ρL / L, weakMinty: Math.max(0, ρL / L), solution },
  });
}

/**
 * A monotone operator that is not linear: F(z) = (L/2)(tanh(z) + Kz), K skew with ‖K‖ = 1 turning pairs of
 * entries.
 */
function curved(_: number, L: number, seed: number): Game {
  const n = 2 * (1 + (seed % 4));
  const facts: Facts = { lipschitz: L, comonotone: 0, weakMinty: 0, solution: Array<number>(n).fill(0) };
  return {
    name: 'curved',
    dim: n,
    players: [
      { name: 'x', start: 0, end: n / 2 },
      { name: 'y', start: n / 2, end: n },
    ],
    facts,
    operator(z, out) {
      for (let i = 0; i < n; i++)
        out[i] = (L / 2) * (Math.tanh(z[i]!) + (i < n / 2 ? z[i + n / 2]! : -z[i - n / 2]!));
    },
  };
}

/** Finite sums: of convex terms, and games. */
const sum = (_: number, L: number, seed: number): Game => linearSum({ kind: 'convex', L, seed });
const gameSum = (ρL: number, L: number, seed: number): Game =>
  linearSum({ kind: seed % 2 === 0 ? 'game' : 'boxed', L, seed, μL: ρL });

/** By name: each of ρL, L and a seed. */
export const families = { linear, boxed, curved, sum, gameSum };
export type Family = keyof typeof families;
