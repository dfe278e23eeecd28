import { describe, expect, it } from 'vitest';
import { normal, parseSpec, type Game, type Problem } from '@stillpoint/operators';
import { gameFrom, problemsOf, problemFrom } from '@stillpoint/problems';
import {
  adamStepSize,
  diagnose,
  diagnoseTraining,
  stabilityOn,
  verifiedInWords,
  verifyAdvice,
  type Diagnosis,
  type Estimate,
} from '../src/diagnose.js';
import { solve } from '../src/index.js';
import { methodFrom, methods } from '../src/registry.js';

const valueOf = ({ estimates }: Diagnosis, name: Estimate['name']): number =>
  estimates.find((one) => one.name === name)?.value ?? NaN;
const kindsOf = ({ kinds }: Diagnosis): readonly string[] => kinds.map(({ kind }) => kind);

/**
 * Calls of the best of 60 step sizes of gda, from 2⁻⁹/L to 2^5.75/L, and Infinity if none converges in fewer
 * than `most`.
 */
function bestGda(game: Problem, L: number, most: number): number {
  let best = Infinity;
  for (let k = 0; k < 60; k++) {
    const stepSize = 2 ** ((k - 36) / 4) / L;
    const calls = Math.min(most, best);
    const run = solve(game, methodFrom(`gda(stepSize=${stepSize})`), { calls, tolerance: 1e-8 });
    if (run.status === 'converged') best = Math.min(best, run.calls);
  }
  return best;
}

/** Games whose facts state L: the truth to which estimates are compared. */
const known = problemsOf('game')
  .rows.map(({ name }) => gameFrom(name))
  .filter(({ facts }) => facts?.lipschitz !== undefined && facts.comonotone !== undefined);
const heldOut = [
  'linear(weakMinty=-0.3)',
  'linear(weakMinty=-0.7)',
  'linear(lipschitz=30, weakMinty=-0.02)',
  'linear(lipschitz=2e-6, weakMinty=-300000)',
  'linear(weakMinty=0.5)',
  'random-comonotone(comonotone=-0.45, seed=3)',
  'random-matrix-game(seed=4)',
  'quadratic(convex=[[1,0],[0,0.01]], coupling=[[0,0],[0,0]], concave=[[1,0],[0,0.02]])',
].map((spec) => gameFrom(spec));

describe('advice on games whose constants are known', () => {
  it.each([...known, ...heldOut].map((game) => [game.name, game] as const))(
    '%s: it converges, in at most 1.1 times the calls of gda at its best step',
    async (_, game) => {
      const found = await diagnose(game, { estimated: true });
      const { facts = {} } = game;
      const L = facts.lipschitz!;
      // minimax-f1 has no solution: sup over y is not bounded
      if (game.name.startsWith('minimax-f1')) return expect(found.advice).toBeNull();
      expect(found.advice).not.toBeNull();
      const advised = solve(
        game,
        methodFrom(found.advice!.spec, { lipschitz: valueOf(found, 'lipschitz') }),
        {
          calls: 20_000,
          tolerance: 1e-8,
        },
      );
      expect(advised.status).toBe('converged');
      // one step more: a run ends at a whole number of steps
      expect(advised.calls).toBeLessThanOrEqual(1.1 * bestGda(game, L, advised.calls) + 1);
      const affine = kindsOf(found).includes('affine');
      const relative = (x: number, y: number, unit: number): number => Math.abs(x - y) / unit;
      if (affine) {
        // differences, and values that are shown with six digits
        expect(relative(valueOf(found, 'lipschitz'), L, L)).toBeLessThan(1e-5);
        if (game.constraint === undefined)
          expect(relative(valueOf(found, 'comonotone'), facts.comonotone!, 1 / L)).toBeLessThan(1e-5);
        if (facts.stronglyMonotone !== undefined)
          expect(relative(valueOf(found, 'stronglyMonotone'), facts.stronglyMonotone, L)).toBeLessThan(1e-5);
      } else {
        // at some points only: never above L, never below ρ
        expect(valueOf(found, 'lipschitz')).toBeLessThanOrEqual(L * 1.00001);
        expect(valueOf(found, 'comonotone')).toBeGreaterThanOrEqual(facts.comonotone! - 1e-5 / L);
      }
    },
  );

  it('does not depend on the units of F and of z', async () => {
    const [a, b] = await Promise.all(
      ['linear(weakMinty=-0.25)', 'linear(lipschitz=1048576, weakMinty=-2.384185791015625e-7)'].map((spec) =>
        diagnose(gameFrom(spec), { estimated: true }),
      ),
    );
    expect(kindsOf(b!)).toEqual(kindsOf(a!));
    const unitless = ({ advice }: Diagnosis): string | undefined =>
      advice?.spec.replace(/stepSize=[\d.e-]+/, 'stepSize');
    expect(unitless(b!)).toBe(unitless(a!));
    const calls = ({ methods, advice }: Diagnosis): number =>
      methods.find(({ spec }) => spec === advice?.spec)?.tried?.calls ?? NaN;
    // step sizes are rounded to three digits, each in its unit
    expect(Math.abs(calls(b!) / calls(a!) - 1)).toBeLessThan(0.05);
  });

  it('says so where no theorem holds', async () => {
    for (const spec of ['forsaken', 'polar(a=0.75)', 'ratio-game']) {
      const { advice } = await diagnose(gameFrom(spec), { estimated: true });
      expect(advice?.covered).toBe(false);
      expect(advice?.why.join(' ')).toContain('outside every theorem');
    }
  });

  it('takes what a theorem covers where no trial is long enough', async () => {
    const { advice } = await diagnose(gameFrom('linear(weakMinty=-0.95)'), { calls: 600 });
    expect(advice?.spec).toMatch(/^rapp/);
    expect(advice?.covered).toBe(true);
    expect(advice?.why.join(' ')).toContain('too short');
  });

  it('names the theorem, and how wrong the constants may be', async () => {
    const { advice } = await diagnose(gameFrom('random-matrix-game(rows=3, columns=3)'));
    expect(advice?.covered).toBe(true);
    expect(advice?.why.join(' ')).toContain('A theorem covers it: Lookahead');
    expect(advice?.unless.join(' ')).toMatch(/if L is above 2\.3/);
  });

  it('names the best that a theorem covers beside a faster one that none does', async () => {
    const { advice } = await diagnose(gameFrom('matrix-game'));
    expect(advice?.covered).toBe(false);
    expect(advice?.safe).toMatch(/^forward-reflected-backward/);
    expect(advice?.why.join(' ')).toContain('forward–reflected–backward, best step');
  });

  it('tries the methods, too, that its lists do not name: each of the registry that fits', async () => {
    const { advice } = await diagnose(gameFrom('minimax-f1'));
    expect(advice?.spec).toMatch(/^follow-the-ridge/); // all that gradients alone reach diverge
    const { methods: tried } = await diagnose(gameFrom('bilinear'));
    const names = new Set(tried.map(({ spec }) => spec.replace(/\(.*/s, '')));
    for (const { name, family, takes, players = 2, sampler, options, needs } of methods) {
      const open = Object.entries(options).some(
        ([key, { default: value, fallback }]) => key !== 'stepSize' && value === undefined && !fallback,
      );
      const fitting = takes.length === 0 && family === 'gradient' && !sampler && players === 2 && !open;
      if (fitting && needs.every((need) => need === 'products' || need === 'losses'))
        expect(names, name).toContain(name);
    }
  });

  it('says that a start at rest is one, and advises nothing', async () => {
    const found = await diagnose(gameFrom('bilinear'), { start: Float64Array.of(0, 0) });
    expect(kindsOf(found)).toContain('at rest');
    expect(found.advice).toBeNull();
  });
});

describe('estimates', () => {
  it('counts what it asks, and keeps to its budget', async () => {
    let asked = 0;
    const game = gameFrom('random-matrix-game');
    const counted: Problem = {
      ...game,
      operator(z, out) {
        asked++;
        game.operator(z, out);
      },
      jacobianVector(z, v, out, transposed) {
        asked++;
        game.jacobianVector?.(z, v, out, transposed);
      },
    };
    const { calls, methods: judged } = await diagnose(counted, { calls: 3000 });
    expect(calls.estimates + calls.trials).toBeLessThanOrEqual(3000);
    // of all trials: those first, those of the other methods, and those with other step sizes
    expect(judged.reduce((sum, { tried }) => sum + (tried?.calls ?? 0), 0)).toBeCloseTo(calls.trials, 6);
    // judging runs asks as well, and is not counted, as in solve
    expect(asked).toBeGreaterThanOrEqual(calls.estimates + calls.trials);
  });

  it('finds μ and L of a least-squares problem, and the noise of its batches', async () => {
    const { problem, exact } = problemFrom('ridge(batch=8)');
    const found = await diagnose(problem, { calls: 1000, estimated: true });
    expect(Math.abs(valueOf(found, 'lipschitz') / exact.facts!.lipschitz! - 1)).toBeLessThan(1e-5);
    expect(Math.abs(valueOf(found, 'stronglyMonotone') / exact.facts!.stronglyMonotone! - 1)).toBeLessThan(
      1e-5,
    );
    expect(found.sampled).toBe(true);
    expect(valueOf(found, 'noise')).toBeGreaterThan(0);
  });

  it('measures noise of known size', async () => {
    const [dim, σ] = [50, 3];
    const base = quadratic(dim, 1);
    const { name, players, start } = base;
    const noisy: Problem<number> = {
      name,
      dim,
      players,
      ...(start && { start }),
      mean: base,
      draw: (call) => call,
      operator(z, out, { sample }) {
        base.operator(z, out);
        const ξ = normal(new Float64Array(dim), { seed: 1, purpose: 'noise', call: sample ?? 0 });
        if (sample !== undefined) for (let i = 0; i < dim; i++) out[i] = out[i]! + σ * ξ[i]!;
      },
    };
    const found = await diagnose(noisy, { calls: 1000 });
    // √(Σ of 15·50 squares of N(0, σ)/15): its logarithm is within 4/√(2·750) but for 1 in 10,000; so is the
    // mean’s norm, which noise of σ√(50/16) changes
    const size = Math.sqrt(dim) * 10;
    const wanted = (σ * Math.sqrt(dim)) / size;
    expect(Math.abs(Math.log(valueOf(found, 'noise') / wanted))).toBeLessThan(4 / Math.sqrt(1500) + 0.05);
    expect(kindsOf(found)).toContain('noisy');
  });

  it('sees that smoothness grows with the gradient', async () => {
    const found = await diagnose(problemFrom('exponential').exact, { estimated: true });
    expect(kindsOf(found)).toContain('steep where the gradient is large');
    // f″ = cosh-like: between |f′| and 1 + |f′|
    expect(valueOf(found, 'L1')).toBeGreaterThan(0.7);
    expect(valueOf(found, 'L1')).toBeLessThan(1.3);
  });

  it('draws where gda is stable: |1 − γλ| < 1', () => {
    const plane = { re: [-1, 3], im: [-2, 2], columns: 8, rows: 4 } as const;
    const factors = stabilityOn('gda(stepSize=0.5)', plane)!;
    let at = 0;
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 8; j++) {
        const [x, y] = [-1 + 0.5 * (j + 0.5), -2 + i + 0.5];
        expect(factors[at++]).toBeCloseTo(Math.hypot(1 - 0.5 * x, 0.5 * y), 12);
      }
    expect(stabilityOn('adam(stepSize=0.1)', plane)).toBeUndefined();
  });
});

/** F(z) = μz of one player, from 10·(1, …, 1). */
function quadratic(dim: number, μ: number): Game {
  return {
    name: 'quadratic',
    dim,
    players: [{ name: 'x', start: 0, end: dim }],
    start: Array<number>(dim).fill(10),
    operator(z, out) {
      for (let i = 0; i < dim; i++) out[i] = μ * z[i]!;
    },
  };
}

describe('verifying the advice', () => {
  it('runs it from two starts against gda, and says whether it was right', async () => {
    const game = gameFrom('linear(weakMinty=-0.1)');
    const runs = await verifyAdvice(game, await diagnose(game));
    expect(runs.map(({ right }) => right)).toEqual([true, true]);
    expect(verifiedInWords(runs)[0]).toMatch(
      /^From the same start the advice was right: .* converged in \d+ calls/,
    );
  });
  it('says that a wrong one was wrong', async () => {
    const game = gameFrom('cournot');
    const found = await diagnose(game);
    const wrong = { ...found, advice: { ...found.advice!, spec: 'gda(stepSize=0.0001)' } };
    expect((await verifyAdvice(game, wrong, { calls: 2000 })).map(({ right }) => right)).toEqual([
      false,
      false,
    ]);
  });
});

describe('trainings, which no residual judges', () => {
  /** Two players of 30 entries each, F(z) = (bz_x + az_y, bz_y − az_x) + σξ, on samples only. */
  const pair = (a: number, b: number, σ: number): Problem<number> => ({
    name: 'pair',
    dim: 60,
    players: [
      { name: 'D', start: 0, end: 30 },
      { name: 'G', start: 30, end: 60 },
    ],
    draw: (call) => call,
    operator(z, out, { sample }) {
      const ξ = normal(new Float64Array(60), { seed: 1, purpose: 'noise', call: sample ?? 0 });
      for (let i = 0; i < 30; i++) {
        out[i] = b * z[i]! + a * z[i + 30]! + σ * ξ[i]!;
        out[i + 30] = b * z[i + 30]! - a * z[i]! + σ * ξ[i + 30]!;
      }
    },
  });
  const start = Float64Array.from({ length: 60 }, (_, i) => 1 + i / 60);
  const look = (problem: Problem): Promise<Diagnosis> =>
    diagnoseTraining(problem, { start, method: methodFrom('alternating-adam(stepSize=0.003)'), calls: 300 });

  it('turns with little noise: a step that looks ahead', async () => {
    const found = await look(pair(1, 0.01, 0.01));
    expect(valueOf(found, 'rotation')).toBeGreaterThan(0.9);
    expect(found.advice?.spec).toBe('extra-adam(stepSize=0.003, beta1=0)');
    expect(found.advice?.covered).toBe(false);
  });
  it('turns under noise: interpolation, which asks nothing more', async () => {
    const found = await look(pair(1, 0.01, 10));
    expect(valueOf(found, 'noise')).toBeGreaterThan(1);
    expect(found.advice?.spec).toBe('ema(lookahead(alternating-adam(stepSize=0.003, beta1=0), steps=5))');
  });
  it('says of each player how far its draws agree, without a call more', async () => {
    const cosinesOf = (found: Diagnosis): readonly (number | null)[] =>
      found.estimates.filter(({ name }) => name === 'gradCosine').map(({ value }) => value);
    const [quiet, loud] = [await look(pair(1, 0.01, 0.01)), await look(pair(1, 0.01, 10))];
    // ‖F_p‖² is 30 to 120; noise of 0.01 adds 0.003 to it, noise of 10 adds 3,000
    for (const value of cosinesOf(quiet)) expect(value).toBeGreaterThan(0.999);
    // the mean of 28 cosines of mean 0.04 at most and deviation 1/√30 each: 5 of its deviations
    for (const value of cosinesOf(loud)) expect(Math.abs(value!)).toBeLessThan(0.04 + 5 / Math.sqrt(28 * 30));
    expect([cosinesOf(quiet), cosinesOf(loud)].map(({ length }) => length)).toEqual([2, 2]);
    expect(quiet.estimates.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(['GC_D', 'GC_G']));
  });
  it('hardly turns: Adam in turns', async () => {
    const found = await look(pair(0, 1, 0.01));
    expect(kindsOf(found)).toContain('not rotating');
    expect(found.advice?.spec).toBe('ema(alternating-adam(stepSize=0.003, beta1=0))');
  });
  it('advises with the step size of the method, a schedule too, under any wrapper', async () => {
    const schedule = '{kind=cosine, from=0.003, to=0.0001, steps=1000}';
    const { advice } = await diagnoseTraining(pair(1, 0.01, 0.01), {
      start,
      method: methodFrom(`lookahead(ema(alternating-adam(stepSize=${schedule})), steps=3)`),
      calls: 300,
    });
    expect(methodFrom(advice!.spec).options).toMatchObject({
      stepSize: { kind: 'cosine', from: 0.003, to: 0.0001, steps: 1000 },
    });
    expect(adamStepSize(parseSpec('transform(gda(stepSize=0.1), momentum)'))).toBeUndefined();
    expect(adamStepSize(parseSpec('ema(extra-adam(stepSize=[0.1,0.2]))'))).toBe('[0.1,0.2]');
  });
  it('counts its calls, and keeps to its budget', async () => {
    const { calls, path } = await look(pair(1, 0.01, 0.01));
    expect(calls.estimates).toBeLessThanOrEqual(300);
    expect(path.length).toBeGreaterThan(3);
  });
});

describe('what it is given', () => {
  it('names what is wrong', async () => {
    const game = gameFrom('bilinear');
    await expect(diagnose(game, { calls: 3 })).rejects.toThrow('calls is 3; expected a number >= 100');
    const any = (args: unknown[]): Promise<unknown> => Reflect.apply(diagnose, undefined, args);
    for (const [args, message] of [
      [[null], 'diagnose takes a game; found null'],
      [[game, { call: 3000 }], 'did you mean calls?'],
      [[game, { calls: '3000' }], 'diagnose: calls is "3000"; expected a whole number'],
      [[game, { estimated: 1 }], 'estimated is 1; expected true or false'],
      [[game, 7], 'its options are 7'],
    ] satisfies [unknown[], string][])
      await expect(any(args)).rejects.toThrow(message);
    await expect(diagnose(game, { start: Float64Array.of(1) })).rejects.toThrow('the start has 1 entries');
    const { name, dim, players } = game;
    const operator: Problem['operator'] = (z, out) => game.operator(z, out);
    await expect(diagnose({ name, dim, players, operator, draw: () => 0, start: [1, 1] })).rejects.toThrow(
      'states neither terms nor its mean',
    );
  });
});
