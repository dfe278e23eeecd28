import { describe, expect, it } from 'vitest';
import type { Game, State, Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { long } from '../../../testing/long.js';
import { afterFailures } from '../src/inner/confidence.js';
import { gda, greedy, iterate, ogda, solve, type Solution } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

// Greedy min-max: the invariants that follow from its rule, and the test functions of its authors.

const SEEDS = long ? 200 : 20;
const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
const settings = { stepSize: 0.05, decrease: 0.03, tolerance: 1e-3, rejections: 20 };
const paperStart = Float64Array.of(5.5, 5.5);
const figure = (run: Solution<State>, name: string): number => run.figures?.[name] ?? NaN;
const run = (name: string, seed: number, start: Vector = paperStart): Solution<State> =>
  solve(gameFrom(name), greedy(settings), { seed, start, steps: 2000 });

describe.each([
  ['minimax-f1', [5.5, 5.5]],
  ['minimax-f3', [5.5, 5.5]],
  ['minimax-f3', [-3, 2]],
  ['xy-box', [4, -2]],
  ['forsaken', [1, -0.8]],
  ['quadratic(convex=[[-1,0],[0,1]], coupling=[[1,2],[2,-1]], concave=[[1,0],[0,2]])', [1, 2, 3, 4]],
] as const)('the invariants of greedy on %s from %j', (name, from) => {
  const game = gameFrom(name);
  const start = Float64Array.from(from);
  it.each(seeds.slice(0, 20))('seed %i', (seed) => {
    const { tolerance: ε, decrease: δ, rejections: r } = settings;
    const values: number[] = [];
    let accepted = 0;
    const end = solve(game, greedy(settings), {
      seed,
      start,
      steps: 5000,
      observe({ state }) {
        if (state.accepted > accepted) values.push(state.f);
        accepted = state.accepted;
      },
    });
    expect(end.status).toBe('ended');
    // (a) every acceptance lowers f by δ
    for (const [k, f] of values.entries()) if (k > 0) expect(f).toBeLessThanOrEqual(values[k - 1]! - δ);
    expect(values.length).toBe(figure(end, 'accepted'));
    expect(values.length - 1).toBeLessThanOrEqual((values[0]! - values.at(-1)!) / δ + 1e-9);
    // (b) the gradient of y is small where the run ended: of F itself, moved onto the set
    const F = new Float64Array(game.dim);
    game.operator(end.z, F);
    const moved = end.z.map((v, i) => v - settings.stepSize * F[i]!);
    game.constraint?.prox(moved, settings.stepSize, 1);
    const { start: first, end: last } = game.players[1]!;
    let square = 0;
    for (let i = first; i < last; i++) square += ((moved[i]! - end.z[i]!) / settings.stepSize) ** 2;
    expect(Math.sqrt(square)).toBeLessThanOrEqual(ε * (1 + 1e-9));
    // (c) the last proposals failed
    expect(figure(end, 'rejectedInARow')).toBe(r + 1);
    expect(figure(end, 'improvementAtMost')).toBeLessThan(Math.log(1 / 0.05) / r);
    expect(figure(end, 'improvementAtMostOverRun')).toBeGreaterThan(figure(end, 'improvementAtMost'));
    // (d) between two acceptances there are at most r rejections
    const dropped = figure(end, 'unfinished');
    expect(end.steps).toBeLessThanOrEqual((r + 1) * values.length + 1 + dropped);
    expect(figure(end, 'accepted') + figure(end, 'rejected') + dropped).toBe(end.steps);
  });
});

/** The game with n entries more for each player, on which nothing depends. */
function padded(game: Game, n: number): Game {
  const pick = (z: Vector): Float64Array => Float64Array.of(z[0]!, z[1 + n]!);
  const F = new Float64Array(2);
  return {
    name: `${game.name}, padded`,
    dim: 2 + 2 * n,
    players: [
      { name: 'x', start: 0, end: 1 + n },
      { name: 'y', start: 1 + n, end: 2 + 2 * n },
    ],
    operator(z, out) {
      game.operator(pick(z), F);
      out.fill(0);
      out[0] = F[0]!;
      out[1 + n] = F[1]!;
    },
    losses: (z, out) => game.losses?.(pick(z), out),
  };
}

describe('dimension independence', () => {
  it.each([
    ['minimax-f1', 7],
    ['minimax-f3', 40],
    ['minimax-f3', 1500],
  ] as const)('(e) %s with %i dummy entries for each player: the same steps, counts and f', (name, n) => {
    const game = gameFrom(name);
    const start = new Float64Array(2 + 2 * n);
    [start[0], start[1 + n]] = [5.5, 5.5];
    for (const seed of [0, 1, 2]) {
      const [plain, more] = [
        run(name, seed),
        solve(padded(game, n), greedy(settings), { seed, start, steps: 2000 }),
      ];
      expect([more.status, more.steps, more.figures]).toEqual([plain.status, plain.steps, plain.figures]);
      expect(more.ledger).toEqual(plain.ledger);
      expect([more.z[0], more.z[1 + n]]).toEqual(Array.from(plain.z));
    }
  });
});

/**
 * Whether numbers may have the median that another sample of `of` numbers had: the share below it differs
 * from 1/2 by at most 4 standard deviations, of both samples.
 */
function expectMedian(values: readonly number[], median: number, of = 200): void {
  const n = values.length;
  const room = 4 * Math.sqrt(0.25 / n + 0.25 / of);
  for (const side of [values.filter((v) => v < median), values.filter((v) => v > median)])
    expect(side.length / n).toBeLessThan(0.5 + room);
}
/**
 * Whether so many may be above the largest of `of` other numbers of the same law: at least k of n are with a
 * probability of at most (n/(n + of))ᵏ, here below 1e-4.
 */
function expectLargest(values: readonly number[], largest: number, of = 200): void {
  const n = values.length;
  const above = values.filter((v) => v > largest).length;
  expect(above).toBeLessThan(Math.log(1e4) / Math.log((n + of) / n) + 1);
}

// Medians and maxima of another implementation with its own random numbers, 200 seeds.
describe('the authors’ test functions from (5.5, 5.5) with η = 0.05, σ = 0.5, δ = 0.03, ε = 1e-3', () => {
  it.each([
    ['minimax-f1', { x: 0.081, mostX: 0.188, mostY: 0.376, steps: 50, mostSteps: 80, accepted: 14, y: 3440 }],
    ['minimax-f3', { x: 0.044, mostX: 0.106, mostY: 0.31, steps: 53, mostSteps: 87, accepted: 15, y: 1630 }],
  ] as const)('%s: every run ends near 0', (name, measured) => {
    const runs = seeds.map((seed) => run(name, seed));
    const [x, y] = [0, 1].map((i) => runs.map(({ z }) => Math.abs(z[i]!)));
    expect(runs.map(({ status }) => status)).toEqual(seeds.map(() => 'ended'));
    expectMedian(x!, measured.x);
    expectLargest(x!, measured.mostX);
    expectLargest(y!, measured.mostY);
    expectMedian(
      runs.map(({ steps }) => steps),
      measured.steps,
    );
    expectLargest(
      runs.map(({ steps }) => steps),
      measured.mostSteps,
    );
    // about so many: the figures are rounded
    const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(Math.abs(mean(runs.map((end) => figure(end, 'accepted'))) - measured.accepted)).toBeLessThan(2);
    const ascents = runs.map(({ ledger }) => ledger.gradients[1]!);
    expect(mean(ascents) / measured.y).toBeGreaterThan(0.8);
    expect(mean(ascents) / measured.y).toBeLessThan(1.25);
  });

  it('minimax-f1: the chance of an improvement is below what the run certifies, in 95 % of runs', () => {
    // max_y f = x², so a proposal lowers f by δ where |x + σξ| < √(x² − δ): P = Φ(b) − Φ(a)
    const normalBelow = (t: number): number => {
      let sum = 0; // Simpson's rule on [0, t]
      const h = t / 200;
      for (let k = 0; k <= 200; k++)
        sum += (k === 0 || k === 200 ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp(-((k * h) ** 2) / 2);
      return 0.5 + (sum * h) / (3 * Math.sqrt(2 * Math.PI));
    };
    const failures = seeds.filter((seed) => {
      const end = run('minimax-f1', seed);
      const x = end.z[0]!;
      const s = Math.sqrt(Math.max(0, x * x - 0.03));
      const chance = normalBelow((s - x) / 0.5) - normalBelow((-s - x) / 0.5);
      return chance > figure(end, 'improvementAtMostOverRun');
    });
    // binomial: 5 % and 4 standard deviations
    expect(failures.length).toBeLessThan(0.05 * SEEDS + 4 * Math.sqrt(0.05 * 0.95 * SEEDS));
  });

  it.each([
    [5.5, 5.5],
    [-2, 1],
    [0, 0],
    [1, -2],
  ])('minimax-f2 from (%f, %f): sup over y is not bounded, which is never called converged', (x, y) => {
    for (const seed of [0, 1, 2]) {
      const end = run('minimax-f2', seed, Float64Array.of(x, y));
      expect(end.status).toBe('diverged');
      expect(end.message).toContain('sup over y is not bounded');
      expect(end.z.every(Number.isFinite)).toBe(true);
    }
  });
  it('also where the steps of the ascent are so short that it does not grow much in one of them', () => {
    const short = greedy({ ...settings, stepSize: 0.01, ascentSteps: 100 });
    const end = solve(gameFrom('minimax-f2'), short, { steps: 2000 });
    expect([end.status, end.steps > 5]).toEqual(['diverged', true]);
    expect(end.message).toContain('sup over y is not bounded');
  });
  it('an ascent that leaves because its step is too long is not called unbounded', () => {
    const end = solve(gameFrom('minimax-f1'), greedy({ ...settings, stepSize: 1.2 }), { steps: 2000 });
    expect(end.status).toBe('diverged');
    expect(end.message).toContain('stepSize is too long');
  });
  it('where f grows without end but not its gradient, the ascent does not end and the run says so', () => {
    const end = solve(gameFrom('bilinear'), greedy(settings), { steps: 10 });
    expect(end.status).toBe('budget');
    expect(end.warnings.join()).toMatch(/10 times in 10 steps, the ascent made all ascentSteps = 1000/);
    expect(end.warnings.join()).toMatch(/sup over y may not be bounded/);
  });
});

/** The points after `steps` steps. */
function path(name: string, method: Parameters<typeof iterate<State>>[1], steps: number): Float64Array[] {
  const points: Float64Array[] = [];
  for (const { z } of iterate(gameFrom(name), method, paperStart)) {
    points.push(Float64Array.from(z));
    if (points.length === steps) return points;
  }
  return points;
}
const most = (points: readonly Float64Array[], i: number): number =>
  Math.max(...points.map((z) => Math.abs(z[i]!)));

describe('gradient descent–ascent and its optimistic form on the same functions', () => {
  const methods = { gda: gda({ stepSize: 0.05 }), ogda: ogda({ stepSize: 0.05 }) };
  it.each([
    ['gda', 265],
    ['ogda', 243],
  ] as const)('%s leaves minimax-f1: beyond 1e11 by step %i, not before half of it', (name, step) => {
    const points = path('minimax-f1', methods[name], step);
    expect(Math.hypot(...points.at(-1)!)).toBeGreaterThan(1e11);
    expect(Math.hypot(...points[step >> 1]!)).toBeLessThan(1e11);
    const [x, y] = points.at(-1)!;
    if (name === 'gda') expect(x! / y!).toBeCloseTo(1, 2); // along x = y
  });
  it.each(['gda', 'ogda'] as const)('%s goes to 0 on minimax-f2, which is no minimax point', (name) => {
    expect(Math.hypot(...path('minimax-f2', methods[name], 401).at(-1)!)).toBeLessThan(1e-13);
  });
  it.each([
    ['gda', 2.86, 2.63, 81.5],
    ['ogda', 2.5, 2.5, 84],
  ] as const)('%s circles 0 on minimax-f3: |x| ≤ %f, |y| ≤ %f, period %f', (name, x, y, period) => {
    const points = path('minimax-f3', methods[name], 1600).slice(400);
    // the largest of points 1/80 of a turn apart is lower than the curve's by up to (π/80)²/2 of it
    expect(Math.abs(most(points, 0) - x)).toBeLessThan(0.01);
    expect(Math.abs(most(points, 1) - y)).toBeLessThan(0.01);
    const turns = points.flatMap((z, k) => (k > 0 && points[k - 1]![0]! < 0 && z[0]! >= 0 ? [k] : []));
    const mean = (turns.at(-1)! - turns[0]!) / (turns.length - 1);
    expect(Math.abs(mean - period)).toBeLessThanOrEqual(1);
  });
});

describe('the randomised acceptance', () => {
  /** f = −y²/2: no move of x lowers it. */
  const flat: Game = {
    name: 'flat',
    dim: 2,
    players: [
      { name: 'x', start: 0, end: 1 },
      { name: 'y', start: 1, end: 2 },
    ],
    operator: (z, out) => out.set([0, z[1]!]),
    losses: (z, out) => out.set([-(z[1]! ** 2) / 2, z[1]! ** 2 / 2]),
  };
  it.each([1, 5])('keeps the i-th proposal with probability exp(−i/τ), τ = %i', (temperature) => {
    const n = 1000;
    const accepted = [0, 0, 0];
    for (let seed = 0; seed < n; seed++) {
      let before = 0;
      solve(flat, greedy({ ...settings, temperature }), {
        seed,
        start: Float64Array.of(1, 0),
        steps: 3,
        observe({ state, ledger }) {
          if (state.accepted > before) accepted[ledger.steps - 1]!++;
          before = state.accepted;
        },
      });
    }
    expect(accepted[0]).toBe(n); // the ascent at the start
    for (const i of [1, 2]) {
      const p = Math.exp(-i / temperature);
      expect(Math.abs(accepted[i]! / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
  });
  it('with temperature 0 keeps none of them, and ends after one more than `rejections`', () => {
    const end = solve(flat, greedy({ ...settings, rejections: 7 }), { start: Float64Array.of(1, 0) });
    expect([end.status, end.steps, figure(end, 'accepted')]).toEqual(['ended', 9, 1]);
    expect(end.message).toContain('8 proposals in a row did not lower f by 0.03');
  });
});

describe('proposals', () => {
  it.each(['gradient(stepSize=0.05)', 'adam(stepSize=0.05)'])(
    '%s: continues from a checkpoint bit for bit, and ends with a small gradient of y',
    (proposal) => {
      const made = greedy({ ...settings, proposal, temperature: 3 });
      const game = gameFrom('minimax-f3');
      const whole = solve(game, made, { steps: 60, start: paperStart });
      const half = solve(game, made, { steps: 11, start: paperStart });
      const rest = solve(game, made, { steps: 60, from: half.checkpoint });
      expect(rest.checkpoint).toEqual(whole.checkpoint);
      expect(figure(whole, 'gradient')).toBeLessThanOrEqual(1e-3);
      expect(Math.abs(whole.z[0]!)).toBeLessThan(5.5);
      expect(whole.ledger.gradients[0]).toBe(whole.steps - 1); // none at the start
    },
  );
  it('are specs, checked where the method is made', () => {
    expect(methodFrom('greedy(stepSize=0.1, proposal=gaussian(deviation=0.2))').options).toMatchObject({
      proposal: { name: 'gaussian', options: { deviation: 0.2 } },
    });
    expect(() => greedy({ ...settings, proposal: 'gausian' })).toThrow(/unknown proposal.*gaussian/);
    expect(() => greedy({ ...settings, proposal: 'adam(stepsize=1)' })).toThrow(/stepSize/);
    expect(() => greedy({ ...settings, proposal: 'gaussian(deviation=0)' })).toThrow(/deviation/);
  });
  it('by the other player: xy seen from y', () => {
    const end = solve(gameFrom('xy-box'), greedy({ ...settings, proposer: 1 }), { steps: 2000 });
    expect(end.status).toBe('ended');
    expect(Math.abs(end.z[1]!)).toBeLessThan(0.5);
  });
  it('need two players', () => {
    expect(() => solve(gameFrom('cournot'), greedy(settings), { steps: 1 })).toThrow(/greedy/);
  });
});

it('after n failures the chance ω left at confidence 1 − p solves (1 − ω)ⁿ = p', () => {
  for (const n of [1, 20, 21, 1000])
    for (const confidence of [0.5, 0.95, 0.999]) {
      const ω = afterFailures(n, confidence);
      expect(Math.abs((1 - ω) ** n / (1 - confidence) - 1)).toBeLessThan(1e-12 * n);
      expect(ω).toBeLessThan(Math.log(1 / (1 - confidence)) / n);
    }
  expect(afterFailures(0, 0.95)).toBe(1);
});
