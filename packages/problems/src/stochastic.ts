import { InputError, box, findRow, formatSpec, integer, normal, number, parseOptions, parseSpec, uniform, type Game, type Given, type OptionTable, type Spec, type StochasticGame, type Vector } from '@stillpoint/operators';
import { affineGame, playersOf } from './affine.js';
import { linear, minMax } from './linear.js';

/** A stochastic game and the deterministic game of its mean, to measure by. */
export interface Sampled<Sample> {
  readonly game: StochasticGame<Sample>;
  readonly expected: Game;
}

/** What a game and its sampled version share. */
function shapeOf({ name, dim, players, start, facts, ...game }: Game): Pick<StochasticGame<unknown>, 'name' | 'dim' | 'players' | 'start' | 'facts' | 'resolve'> {
  return { name, dim, players, ...(start ? { start } : {}), ...(facts ? { facts } : {}), ...(game.resolve ? { resolve: (z, stepSize, player) => game.resolve?.(z, stepSize, player) } : {}) };
}

/** F plus noise N(0, σ²I), a pure function of (seed, call, player, worker). A player's noise is the same asked alone or together. */
function additive(expected: Game, σ: number, seed: number): Sampled<Vector> {
  const noiseOf = (call: number, player: number, worker: number): Vector => {
    const { start = 0, end = 0 } = expected.players[player] ?? {};
    return normal(new Float64Array(end - start), { seed, purpose: 'gradient noise', call, player, worker }, 0, σ);
  };
  return {
    expected,
    game: {
      ...shapeOf(expected),
      draw(call, player, worker = 0) {
        const noise = new Float64Array(expected.dim).fill(player === undefined ? 0 : NaN);
        expected.players.forEach(({ start }, p) => { if (player === undefined || player === p) noise.set(noiseOf(call, p, worker), start); });
        return noise;
      },
      operator(z, out, noise, player) {
        expected.operator(z, out, player);
        for (let i = 0; i < out.length; i++) out[i] = out[i]! + noise[i]!;
      },
      ...(expected.jacobianVector ? { jacobianVector: (z: Vector, v: Vector, out: Vector, transposed: boolean) => expected.jacobianVector?.(z, v, out, transposed) } : {}),
    },
  };
}

/**
 * The linear game of prescribed L and ρ with gradients of noise N(0, σ²I).
 * Source: the quadratic of Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029 (L = 1, ρ = −0.1, σ = 0.1, z₀ = (1, 1)).
 */
export function stochasticQuadratic({ lipschitz, weakMinty, noise, seed }: { readonly lipschitz: number; readonly weakMinty: number; readonly noise: number; readonly seed: number }): Sampled<Vector> {
  return additive({ ...linear({ lipschitz, weakMinty }), name: 'stochastic-quadratic', start: [1, 1] }, noise, seed);
}

const unitBox = box({ lower: -1, upper: 1 });

/**
 * f(x, y) = (x − 0.9)(y − 0.9) on the box ‖z‖∞ ≤ 1 with gradients of noise N(0, σ²I); L = 1, monotone, solution (0.9, 0.9), start 0.
 * Source: the bilinear game of Pethick et al. 2023, arXiv 2302.09029 (σ = 1).
 */
export function stochasticBilinear({ noise, seed }: { readonly noise: number; readonly seed: number }): Sampled<Vector> {
  return additive({
    ...affineGame({ name: 'stochastic-bilinear', players: minMax, M: Float64Array.of(0, 1, -1, 0), q: Float64Array.of(-0.9, 0.9), start: [0, 0], resolve: (z, _, player) => (player === undefined ? unitBox(z) : unitBox(z, player, player + 1)) }),
    facts: { lipschitz: 1, comonotone: 0, weakMinty: 0, solution: [0.9, 0.9], zeroSum: true },
  }, noise, seed);
}

/** Indices of the terms of a batch; each player's own, since each asks for its own. */
export type Batch = readonly (readonly number[])[];

/**
 * The finite-sum bilinear game: the mean over n terms of n·x_i y_i + n·(a_i x_i + b_i y_i), so that the mean is xᵀy + aᵀx + bᵀy,
 * x and y in Rⁿ: F = (y + a, −x − b), solution x* = −b, y* = −a, L = 1. A batch is drawn with replacement for each player. a, b and the
 * start are N(0, 1/n). Its gradients are means over the batch; in the source they are sums over it, of terms not multiplied by n.
 * Source: Chavdarova, Pagliardini, Stich, Fleuret, Jaggi 2021, arXiv 2006.14567 (n = 100).
 */
export function batchBilinear({ dimension: n, batch, seed }: { readonly dimension: number; readonly batch: number; readonly seed: number }): Sampled<Batch> {
  const random = (purpose: string): Float64Array => normal(new Float64Array(n), { seed, purpose }, 0, 1 / Math.sqrt(n));
  const [a, b] = [random('linear part of x'), random('linear part of y')];
  const M = Float64Array.from({ length: 4 * n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / (2 * n)), at % (2 * n)];
    return j === i + n ? 1 : i === j + n ? -1 : 0;
  });
  const expected: Game = {
    ...affineGame({ name: 'batch-bilinear', players: playersOf({ x: n, y: n }), M, q: Float64Array.from([...a, ...b.map((x) => -x)]), start: [...random('start of x'), ...random('start of y')] }),
    facts: { lipschitz: 1, comonotone: 0, weakMinty: 0, zeroSum: true, solution: [...b.map((x) => -x), ...a.map((x) => -x)] },
  };
  const indices = (call: number, player: number, worker: number): readonly number[] => Array.from(uniform(new Float64Array(batch), { seed, purpose: 'batch', call, player, worker }), (x) => Math.floor(n * x));
  return {
    expected,
    game: {
      ...shapeOf(expected), terms: n,
      draw: (call, player, worker = 0) => [0, 1].map((p) => (player === undefined || player === p ? indices(call, p, worker) : [])),
      term: (index) => [[index], [index]],
      operator(z, out, sample, player) {
        for (const p of player === undefined ? [0, 1] : [player]) {
          const chosen = sample[p] ?? [];
          for (let i = 0; i < n; i++) out[p * n + i] = 0;
          for (const i of chosen) out[p * n + i] = out[p * n + i]! + ((p === 0 ? z[n + i]! + a[i]! : -z[i]! - b[i]!) * n) / chosen.length;
        }
      },
    },
  };
}

/** A row of the registry of stochastic games. */
export interface StochasticGameRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  readonly reference: string;
  build(given: Given): Sampled<unknown>;
}

function row<O extends object, Sample>(words: Pick<StochasticGameRow, 'name' | 'about' | 'reference'>, options: OptionTable<O>, make: (options: O) => Sampled<Sample>): StochasticGameRow {
  return {
    ...words, options,
    build(given) {
      const full = parseOptions(`game ${words.name}`, options, given);
      const name = formatSpec({ name: words.name, inner: [], options: Object.fromEntries(Object.entries(full)) });
      const { game, expected } = make(full);
      return { game: { ...game, name }, expected: { ...expected, name } };
    },
  };
}

const seed = integer({ about: 'which random numbers', from: 0, default: 1 });
const bias = 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029';

/** Every stochastic game, by name. */
export const stochasticGames: readonly StochasticGameRow[] = [
  row({ name: 'stochastic-quadratic', about: 'the linear game with noisy gradients', reference: bias }, {
    lipschitz: number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }), weakMinty: number({ about: 'weak-Minty constant', symbol: 'ρ', default: -0.1 }),
    noise: number({ about: 'standard deviation of each entry’s noise', symbol: 'σ', from: 0, default: 0.1 }), seed,
  }, stochasticQuadratic),
  row({ name: 'stochastic-bilinear', about: 'a bilinear game on a box, its solution near a corner, with noisy gradients', reference: bias }, { noise: number({ about: 'standard deviation of each entry’s noise', symbol: 'σ', from: 0, default: 1 }), seed }, stochasticBilinear),
  row({ name: 'batch-bilinear', about: 'a bilinear game as a finite sum, gradients from batches of terms', reference: 'Chavdarova et al. 2021, arXiv 2006.14567' }, {
    dimension: integer({ about: 'entries of each player, and terms', symbol: 'n', from: 1, default: 100 }), batch: integer({ about: 'terms in a batch', from: 1, default: 16 }), seed,
  }, batchBilinear),
];

/** The stochastic game a spec names, with the game of its mean. @throws InputError for an unknown name or option. */
export function stochasticGameFrom(spec: string | Spec): Sampled<unknown> {
  const { name, inner, options } = typeof spec === 'string' ? parseSpec(spec) : spec;
  if (inner.length > 0) throw new InputError(`game ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return findRow('stochastic game', stochasticGames, name).build(options);
}
