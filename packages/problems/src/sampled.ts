import {
  InputError,
  box,
  formatSpec,
  normal,
  parseOptions,
  permutation,
  projection,
  registry,
  row,
  type Game,
  type OptionTable,
  type Registered,
  type Registry,
  type Row,
  type SampledProblem,
  type Spec,
  type Vector,
} from '@stillpoint/operators';
import { affineGame, playersOf } from './games/affine.js';
import { cantorGame, cantorGameTable } from './games/cantor-game.js';
import { linear, minMax } from './games/linear.js';
import { minMaxAuc, minMaxAucTable } from './games/min-max-auc.js';
import * as option from './options.js';

/** A sampled game, and the exact game of its mean, by which runs are measured. */
export interface Sampled<Sample> {
  readonly game: SampledProblem<Sample>;
  readonly expected: Game;
}

/** What a sampled game shares with the game of its mean. */
const shapeOf = ({ name, dim, players, start, facts, constraint }: Game) => ({
  name,
  dim,
  players,
  ...(start ? { start } : {}),
  ...(facts ? { facts } : {}),
  ...(constraint ? { constraint } : {}),
});

/**
 * F plus noise N(0, σ²I), a pure function of (seed, call, player, worker). A player's noise is the same
 * whether F is asked for that player alone or for all.
 */
function additive(expected: Game, σ: number, seed: number): Sampled<Vector> {
  const noiseOf = (call: number, player: number, worker: number): Vector => {
    const { start = 0, end = 0 } = expected.players[player] ?? {};
    return normal(
      new Float64Array(end - start),
      { seed, purpose: 'gradient noise', call, player, worker },
      0,
      σ,
    );
  };
  return {
    expected,
    game: {
      ...shapeOf(expected),
      mean: expected,
      draw(call, player, worker = 0) {
        const noise = new Float64Array(expected.dim).fill(player === undefined ? 0 : NaN);
        expected.players.forEach(({ start }, p) => {
          if (player === undefined || player === p) noise.set(noiseOf(call, p, worker), start);
        });
        return noise;
      },
      operator(z, out, { sample: noise, player }) {
        expected.operator(z, out);
        if (noise === undefined) return;
        const { start, end } =
          player === undefined ? { start: 0, end: out.length } : expected.players[player]!;
        for (let i = start; i < end; i++) out[i] = out[i]! + noise[i]!;
      },
      ...(expected.jacobianVector
        ? {
            jacobianVector: (z: Vector, v: Vector, out: Vector, transposed: boolean) =>
              expected.jacobianVector?.(z, v, out, transposed),
          }
        : {}),
    },
  };
}

/** Options of {@link sampledQuadratic}. */
export interface SampledQuadraticOptions {
  readonly lipschitz: number;
  readonly weakMinty: number;
  readonly noise: number;
  readonly seed: number;
}

/** Options of {@link sampledQuadratic}: what is accepted, and the defaults. */
export const sampledQuadraticTable: OptionTable<SampledQuadraticOptions> = {
  lipschitz: option.number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }),
  weakMinty: option.number({ about: 'weak-Minty constant', symbol: 'ρ', default: -0.1 }),
  noise: option.number({
    about: 'standard deviation of each entry’s noise',
    symbol: 'σ',
    from: 0,
    default: 0.1,
  }),
  seed: option.seed({ default: 1 }),
};

/**
 * The linear game with prescribed L and ρ whose gradients have noise N(0, σ²I).
 * Source: the quadratic of Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029 (L = 1, ρ =
 * −0.1, σ = 0.1, z₀ = (1, 1)).
 */
export function sampledQuadratic(options: Partial<SampledQuadraticOptions> = {}): Sampled<Vector> {
  const { lipschitz, weakMinty, noise, seed } = parseOptions(
    'game sampled-quadratic',
    sampledQuadraticTable,
    options,
  );
  return additive(
    { ...linear({ lipschitz, weakMinty }), name: 'sampled-quadratic', start: [1, 1] },
    noise,
    seed,
  );
}

const unitBox = projection(box({ lower: -1, upper: 1 }));

/** Options of {@link sampledBilinear}. */
export interface SampledBilinearOptions {
  readonly noise: number;
  readonly seed: number;
}

/** Options of {@link sampledBilinear}: what is accepted, and the defaults. */
export const sampledBilinearTable: OptionTable<SampledBilinearOptions> = {
  noise: option.number({
    about: 'standard deviation of each entry’s noise',
    symbol: 'σ',
    from: 0,
    default: 1,
  }),
  seed: option.seed({ default: 1 }),
};

/**
 * f(x, y) = (x − 0.9)(y − 0.9) on the box ‖z‖∞ ≤ 1; the gradients have noise N(0, σ²I). L = 1, monotone,
 * solution (0.9, 0.9), start 0. Source: the bilinear game of Pethick et al. 2023, arXiv 2302.09029 (σ = 1).
 */
export function sampledBilinear(options: Partial<SampledBilinearOptions> = {}): Sampled<Vector> {
  const { noise, seed } = parseOptions('game sampled-bilinear', sampledBilinearTable, options);
  return additive(
    affineGame({
      name: 'sampled-bilinear',
      players: minMax,
      M: Float64Array.of(0, 1, -1, 0),
      q: Float64Array.of(-0.9, 0.9),
      start: [0, 0],
      losses(z, out) {
        out[0] = (z[0]! - 0.9) * (z[1]! - 0.9);
        out[1] = -out[0]!;
      },
      constraint: {
        prox: (z, _, player) => (player === undefined ? unitBox(z) : unitBox(z, player, player + 1)),
      },
      facts: { lipschitz: 1, comonotone: 0, weakMinty: 0, solution: [0.9, 0.9], zeroSum: true },
    }),
    noise,
    seed,
  );
}

/** The indices of a batch's terms, by player: each player has a batch of its own. */
export type Batch = readonly (readonly number[])[];

/** Options of {@link batchBilinear}. */
export interface BatchBilinearOptions {
  /** d: entries of each player, and n: terms. */
  readonly dimension: number;
  /** Terms in a batch. */
  readonly batch: number;
  /** Whether a gradient is the mean or the sum over its batch. */
  readonly gradients: 'mean' | 'sum';
  readonly seed: number;
}

/** Options of {@link batchBilinear}: what is accepted, and the defaults. */
export const batchBilinearTable: OptionTable<BatchBilinearOptions> = {
  dimension: option.integer({
    about: 'entries of each player, and terms',
    symbol: 'n',
    from: 1,
    to: 2000,
    default: 100,
  }),
  batch: option.integer({ about: 'terms in a batch', symbol: 'B', from: 1, to: 2000, default: 16 }),
  gradients: option.choice({
    about: 'over the batch: the mean, or the sum as in the source',
    among: ['mean', 'sum'],
    default: 'mean',
  }),
  seed: option.seed({ default: 1 }),
};

/**
 * The finite-sum bilinear game: n terms f_i = x_i y_i + a_iᵀx + b_iᵀy, x and y in Rⁿ; a_i, b_i and the start
 * are drawn from N(0, I/n). A batch of B different terms is drawn for each player. Its gradient is the mean
 * over the batch, whose expectation is F = (y + Σa_i, −x − Σb_i)/n with L = 1/n. With `gradients=sum` it is
 * the sum over the batch, as in the source's code: F is then B times as large and L = B/n, so that the
 * source's step sizes apply unchanged. Solution x* = −Σb_i, y* = −Σa_i. Single terms are scaled so that their
 * mean over all terms is F. Source: Chavdarova, Pagliardini, Stich, Fleuret, Jaggi 2021, arXiv 2006.14567 (n
 * = 100; B = 1, 4, 16, 64, 100).
 * @throws InputError if the batch is larger than the number of terms.
 */
export function batchBilinear(options: Partial<BatchBilinearOptions> = {}): Sampled<Batch> {
  const {
    dimension: n,
    batch,
    gradients,
    seed,
  } = parseOptions('game batch-bilinear', batchBilinearTable, options);
  if (batch > n)
    throw new InputError(
      `batch-bilinear: batch is ${batch}; expected at most dimension = ${n}, the number of terms`,
    );
  const random = (purpose: string, length: number): Float64Array =>
    normal(new Float64Array(length), { seed, purpose }, 0, 1 / Math.sqrt(n));
  // a_i, b_i as rows
  const linear = [random('linear part of x', n * n), random('linear part of y', n * n)] as const;
  const ofAll = (rows: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, k) =>
      Array.from({ length: n }, (_term, i) => rows[i * n + k]!).reduce((sum, x) => sum + x, 0),
    );
  const [a, b] = [ofAll(linear[0]), ofAll(linear[1])];
  const weight = gradients === 'sum' ? batch : 1;
  const L = weight / n;
  const players = playersOf({ x: n, y: n });
  const expected: Game = {
    name: 'batch-bilinear',
    dim: 2 * n,
    players,
    start: [...random('start of x', n), ...random('start of y', n)],
    operator(z, out) {
      for (let i = 0; i < n; i++) {
        const x = z[i]!;
        out[i] = L * (z[n + i]! + a[i]!);
        out[n + i] = -L * (x + b[i]!);
      }
    },
    losses(z, out) {
      let value = 0;
      for (let i = 0; i < n; i++) value += L * (z[i]! * z[n + i]! + a[i]! * z[i]! + b[i]! * z[n + i]!);
      out[0] = value;
      out[1] = -value;
    },
    jacobianVector(_, v, out, transposed) {
      const β = transposed ? -L : L;
      for (let i = 0; i < n; i++) {
        const x = v[i]!;
        out[i] = β * v[n + i]!;
        out[n + i] = -β * x;
      }
    },
    facts: {
      lipschitz: L,
      comonotone: 0,
      weakMinty: 0,
      zeroSum: true,
      solution: [...Array.from(b, (x) => -x), ...Array.from(a, (x) => -x)],
    },
  };
  const indices = (call: number, player: number, worker: number): readonly number[] =>
    Array.from(permutation(n, { seed, purpose: 'batch', call, player, worker }).subarray(n - batch));
  return {
    expected,
    game: {
      ...shapeOf(expected),
      mean: expected,
      terms: { count: n, drawn: batch, sample: (indices) => [indices, indices] },
      draw: (call, player, worker = 0) =>
        [0, 1].map((p) => (player === undefined || player === p ? indices(call, p, worker) : [])),
      operator(z, out, { sample, player }) {
        if (sample === undefined) return expected.operator(z, out);
        for (const p of player === undefined ? ([0, 1] as const) : ([player === 0 ? 0 : 1] as const)) {
          const chosen = sample[p] ?? [];
          const β = ((p === 0 ? 1 : -1) * weight) / chosen.length;
          for (let k = 0; k < n; k++) out[p * n + k] = 0;
          for (const i of chosen) {
            out[p * n + i] = out[p * n + i]! + β * z[(1 - p) * n + i]!;
            for (let k = 0; k < n; k++) out[p * n + k] = out[p * n + k]! + β * linear[p][i * n + k]!;
          }
        }
      },
      jacobianVector(z, v, out, transposed, { sample }) {
        if (sample === undefined) return expected.jacobianVector?.(z, v, out, transposed);
        const diagonal = (chosen: readonly number[]): Float64Array => {
          const entries = new Float64Array(n);
          for (const i of chosen) entries[i] = weight / chosen.length;
          return entries;
        };
        const [dx, dy] = [diagonal(sample[0] ?? []), diagonal(sample[1] ?? [])]; // J = [[0, Dx], [−Dy, 0]]
        for (let i = 0; i < n; i++) {
          const x = v[i]!;
          out[i] = (transposed ? -dy[i]! : dx[i]!) * v[n + i]!;
          out[n + i] = (transposed ? dx[i]! : -dy[i]!) * x;
        }
      },
    },
  };
}

/** What the registry holds of a sampled game. */
export interface SampledGameEntry extends Row<Sampled<unknown>> {
  readonly reference: string;
}

/** A row of the registry of sampled games. */
export type SampledGameRow = Registered<SampledGameEntry, Sampled<unknown>>;

const bias = 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029';

const entries: readonly SampledGameEntry[] = [
  row(
    { name: 'sampled-quadratic', about: 'the linear game with noisy gradients', reference: bias },
    sampledQuadraticTable,
    sampledQuadratic,
  ),
  row(
    {
      name: 'sampled-bilinear',
      about: 'a bilinear game on a box with noisy gradients; its solution is near a corner',
      reference: bias,
    },
    sampledBilinearTable,
    sampledBilinear,
  ),
  row(
    {
      name: 'batch-bilinear',
      about: 'a bilinear game that is a finite sum; gradients come from batches of terms',
      reference: 'Chavdarova et al. 2021, arXiv 2006.14567',
    },
    batchBilinearTable,
    batchBilinear,
  ),
  row(
    {
      name: 'min-max-auc',
      about: 'the AUC of linear scores on two unequal classes in its min-max form; draws are examples',
      reference: 'Guo et al. 2020, arXiv 2005.02426',
    },
    minMaxAucTable,
    minMaxAuc,
  ),
  row(
    {
      name: 'cantor-game',
      about: 'a few points that pull the plane towards them and turn it: stochastic gda fills a fractal',
      reference: 'after Camuto et al. 2021, arXiv 2106.04881',
    },
    cantorGameTable,
    cantorGame,
  ),
];

/**
 * The registry of sampled games: finds a row, and builds a game from a spec. The name of a game so built is
 * its full spec.
 */
export const sampledGameRegistry: Registry<SampledGameEntry, Sampled<unknown>> = registry(
  'sampled game',
  entries,
  ({ game, expected }, spec) => {
    const name = formatSpec(spec);
    const identity = { kind: 'sampled game', name: spec.name, options: spec.options };
    const mean = { ...expected, name, identity: { ...identity, kind: 'mean of a sampled game' } };
    return { game: { ...game, name, identity, mean }, expected: mean };
  },
);

/** Every sampled game, by name. */
export const sampledGames: readonly SampledGameRow[] = sampledGameRegistry.rows;

/**
 * Returns the sampled game that a spec names, with the game of its mean. @throws InputError for an unknown
 * name or option.
 */
export const sampledGameFrom: (spec: string | Spec) => Sampled<unknown> = sampledGameRegistry.from;
