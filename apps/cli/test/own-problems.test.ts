import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compareOnProblem, ownFrom } from '@stillpoint/experiments';
import { extragradient } from '@stillpoint/optimizers';
import type { Results, Run, Section } from '@stillpoint/tracking';
import { describe, expect, it } from 'vitest';
import { folder, stillpoint, type Ran } from './run.js';

// Files whose default export is a function of the toolkit.

const withFiles = (files: { readonly [name: string]: string }): string => {
  const cwd = folder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
};
const losses = (body: string): string =>
  `export default ({ tf, problemFromLosses }) => problemFromLosses({ ${body} });`;

/** min over x, max over y of ½‖x‖² + (x₁ + x₂)y − y²: F = (x + y(1, 1), 2y − x₁ − x₂). */
const quadratic = losses(`
  players: {
    x: { w: { shape: [2], fill: (values) => values.set([1, -0.5]) } },
    y: { v: { shape: [1], fill: (values) => values.set([2]) } },
  },
  losses: ({ x, y }) => {
    const coupling = x.w.sum().mul(y.v.sum());
    return { x: x.w.square().sum().mul(0.5).add(coupling), y: y.v.square().sum().sub(coupling) };
  },`);
/** Steps of gradient descent–ascent on it, in float64. */
function descended(
  [a, b, v]: readonly [number, number, number],
  step: number,
  steps: number,
): readonly number[] {
  for (let k = 0; k < steps; k++)
    [a, b, v] = [a - step * (a + v), b - step * (b + v), v - step * (2 * v - a - b)];
  return [a, b, v];
}
/** Each step rounds a few times, of numbers up to 2, and does not enlarge what was rounded before. */
const rounded = (steps: number): number => 8 * steps * 2 ** -24 * 2;

const parsed = (ran: Ran): { readonly [entry: string]: unknown } => {
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  return JSON.parse(ran.stdout);
};
const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);
const solve = (cwd: string, ...args: readonly string[]): Ran =>
  stillpoint(['solve', ...args, '--quiet', '--json'], cwd);
const gda = ['--method', 'gda(stepSize=0.1)'];

describe('solve on losses of a file', () => {
  it('makes the steps of the closed form, from the file’s start and from --start', () => {
    const cwd = withFiles({ 'mine.mjs': quadratic });
    for (const [start, args] of [
      [[1, -0.5, 2], []],
      [
        [0.25, 1, -1],
        ['--start', '0.25,1,-1'],
      ],
    ] as const) {
      const run = parsed(solve(cwd, 'mine.mjs', ...gda, '--steps', '20', ...args));
      expect([run['game'], run['steps'], run['calls']]).toEqual(['mine.mjs', 20, 20]);
      const expected = descended(start, 0.1, 20);
      for (const [i, x] of numbers(run['z']).entries())
        expect(Math.abs(x - expected[i]!)).toBeLessThan(rounded(20));
    }
  });
  it('goes on from a checkpoint bit for bit, and refuses that of an edited file', () => {
    const cwd = withFiles({ 'mine.mjs': quadratic });
    const mine = ['mine.mjs', '--method', 'extragradient(stepSize=0.1)'];
    const whole = parsed(solve(cwd, ...mine, '--steps', '30'));
    parsed(solve(cwd, ...mine, '--steps', '11', '--save', 'a.st'));
    const on = parsed(solve(cwd, ...mine, '--steps', '30', '--from', 'a.st'));
    for (const part of ['z', 'residual', 'ledger', 'calls']) expect(on[part]).toEqual(whole[part]);
    writeFileSync(join(cwd, 'mine.mjs'), quadratic.replace('mul(0.5)', 'mul(0.25)'));
    const other = solve(cwd, ...mine, '--steps', '30', '--from', 'a.st');
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('its identity differs in')]);
  });
  it('a file may scale its start before the run: one factor for each tensor', () => {
    const scaled = `export default async ({ problemFromLosses, optimiseInitialisation }) => {
      const problem = await problemFromLosses({
        players: {
          fit: {
            a: { shape: [2, 1], fill: (values) => values.set([1, -2]) },
            b: { shape: [1], fill: (values) => values.set([4]) },
          },
        },
        data: { x: { shape: [8, 2], values: Float32Array.from({ length: 16 }, (_, i) => Math.sin(i)) } },
        losses: ({ fit }, { x }) => ({ fit: x.matMul(fit.a).add(fit.b).square().square().mean() }),
      });
      const { z } = await optimiseInitialisation(problem, { iterations: 5 });
      return { ...problem, start: z, initialise: () => z };
    };`;
    const run = parsed(solve(withFiles({ 'scaled.mjs': scaled }), 'scaled.mjs', ...gda, '--steps', '0'));
    const [first, second, b] = numbers(run['z']);
    // doubling a float32 rounds nothing
    expect(second! / first!).toBe(-2);
    for (const α of [first!, b! / 4]) {
      expect(α).not.toBe(1);
      // five steps of Adam of 0.01 each, and a little over where the objective changes
      expect(Math.abs(α - 1)).toBeLessThan(0.1);
    }
  });
  it('a run that becomes non-finite says so', () => {
    const cwd = withFiles({
      'grows.mjs': losses(
        'players: { x: { w: [2] } }, losses: ({ x }) => ({ x: x.w.square().square().sum().neg() })',
      ),
    });
    const run = parsed(solve(cwd, 'grows.mjs', '--method', 'gda(stepSize=1000)', '--steps', '100'));
    expect([run['status'], run['residual']]).toEqual(['non-finite', null]);
    const compared = compare(
      cwd,
      'grows.mjs',
      '--methods',
      'gda(stepSize=1000); gda(stepSize=0.001)',
      '--steps',
      '20',
    );
    expect(compared.runs.map(({ status }) => status)).toEqual(['non-finite', 'budget']);
    expect(compared.verdict.join(' ')).toContain('overflowed');
  });
});

/** min over λ in a box of ½(y − 1)², y after T steps of ½ on (y − 2λ)²/2 from 0: y = 2λ(1 − ½ᵀ). */
const levels = (stepSize: number): string => `export default ({ tf, multilevelProblem, start }) =>
  multilevelProblem({
    levels: { up: { λ: start.constant([], 0) }, down: { y: start.constant([], 0) } },
    losses: {
      up: ({ down: { y } }) => tf.sub(y, 1).square().mul(0.5),
      down: ({ up: { λ }, down: { y } }) => tf.sub(y, tf.mul(2, λ)).square().mul(0.5),
    },
    steps: 3,
    stepSize: ${stepSize},
    constraint: 'box(lower=-1, upper=0.5)',
  });`;

describe('a file of levels inside each other', () => {
  it('is solved in its set, compared and diagnosed', () => {
    const cwd = withFiles({ 'levels.mjs': levels(0.5) });
    // one step of 0.2 from 0: the gradient is (y − 1)·dy/dλ = −7/4
    const once = parsed(solve(cwd, 'levels.mjs', '--method', 'gda(stepSize=0.2)', '--steps', '1'));
    expect([once['game'], once['calls']]).toEqual(['levels.mjs', 1]);
    expect(numbers(once['z'])[0]).toBeCloseTo(0.2 * 1.75, 6);
    // without the box it would end at 4/7
    const end = parsed(solve(cwd, 'levels.mjs', '--method', 'gda(stepSize=0.2)', '--steps', '30'));
    expect(numbers(end['z'])).toEqual([0.5]);
    const section = compare(cwd, 'levels.mjs', '--methods', 'gda; conditional-gradient', '--steps', '10');
    expect(section.runs.map(({ status }) => status)).not.toContain('failed');
    const diagnosed = stillpoint(['diagnose', 'levels.mjs'], cwd);
    expect([diagnosed.status, diagnosed.stdout]).toEqual([0, expect.stringContaining('Advice: ')]);
  });
  it('says that steps are too long, and how long they may be', () => {
    const cwd = withFiles({ 'levels.mjs': levels(2.5).replace('constant([], 0)', 'constant([], 1)') });
    const ran = solve(cwd, 'levels.mjs', '--method', 'gda');
    expect([ran.status, ran.stderr]).toEqual([
      2,
      'stillpoint: levels.mjs: 3 steps of 2.5 take the loss of down from 2 to 22.8, so they are too long; expected a stepSize of down below 2/L, L the largest curvature of its loss: 1 at its start, so below 2\n',
    ]);
  });
});

/** The section that `compare` writes: with the series, which --json leaves out. */
function compare(cwd: string, ...args: readonly string[]): Section {
  const { status, stderr } = stillpoint(['compare', ...args, '--out', 'out', '--overwrite', '--quiet'], cwd);
  expect([status, stderr]).toEqual([0, '']);
  const results: Results = JSON.parse(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
  return results.sections[0]!;
}
/** What a run found, without its seconds. */
const found = ({ label, status, ledger, calls, series, values }: Run): object => ({
  label,
  status,
  ledger,
  calls,
  series,
  values,
});

describe('compare on losses of a file', () => {
  it('processes find the same numbers as methods given as objects, which run in this process', async () => {
    const cwd = withFiles({ 'mine.mjs': quadratic });
    const second = 'consensus(stepSize=0.05, penalty=0.2)';
    const { runs: apart } = compare(
      cwd,
      'mine.mjs',
      '--methods',
      `extragradient(stepSize=0.1); ${second}`,
      '--oracle-calls',
      '60',
      '--seeds',
      '2',
    );
    const module: { readonly default: unknown } = await import(pathToFileURL(join(cwd, 'mine.mjs')).href);
    const own = await ownFrom(module.default, 'mine.mjs');
    if (!('problem' in own)) throw new Error('it is no problem');
    const { runs } = await compareOnProblem(own.problem, {
      title: 'mine',
      methods: [extragradient({ stepSize: 0.1 }), second],
      calls: 60,
      seeds: 2,
    });
    await own.problem.dispose();
    expect(runs).toHaveLength(4);
    expect(apart.map(found)).toEqual(runs.map((run) => JSON.parse(JSON.stringify(found(run)))));
  });
  it.each([
    ['pinn', 'extragradient; gauss-newton; consensus', 'parameters'],
    ['wasserstein', 'extragradient; competitive-gradient; alternating-adam', 'critic'],
    ['fair-classification', 'rapp; consensus; extragradient', 'model'],
  ])('%s of a paper: first- and second-order methods use their budget', (name, methods, player) => {
    const cwd = withFiles({
      'paper.mjs': readFileSync(
        new URL(`../../../packages/networks/test/papers/${name}.mjs`, import.meta.url),
        'utf8',
      ),
    });
    const section = compare(cwd, 'paper.mjs', '--oracle-calls', '200', '--methods', methods);
    expect(section.players[0]).toBe(player);
    expect(section.runs.map(({ label }) => label)).toEqual(methods.split('; '));
    for (const { status, calls, ledger, series } of section.runs) {
      expect(status).toBe('budget');
      expect(calls).toBeLessThanOrEqual(200);
      expect(calls).toBeGreaterThan(150);
      const loss = series[`full loss ${player}`]!.y;
      expect(loss.every((x) => x !== null && Number.isFinite(x))).toBe(true);
      expect(loss.at(-1)).not.toBe(loss[0]);
      expect(ledger.steps).toBeGreaterThan(0);
    }
    const asked = section.runs.map(
      ({ ledger }) => ledger.products + ledger.transposedProducts + ledger.residualProducts,
    );
    expect(asked.map((count) => count > 0)).toEqual(
      methods.split('; ').map((spec) => /gauss-newton|consensus|competitive/.test(spec)),
    );
  });
});

const drawsOnly = losses(`
  players: { x: { w: [2] } },
  draw: ({ call }) => ({ a: [Math.cos(call), Math.sin(call)] }),
  losses: ({ x }, { a }) => ({ x: x.w.sub(a).square().sum() }),`);

describe('what is wrong with a file', () => {
  const compared = (...args: readonly string[]) => ['compare', ...args];
  const solved = (...args: readonly string[]) => ['solve', ...args, ...gda];
  it.each([
    [
      'throws',
      'export default () => { throw new TypeError("boom"); }',
      solved,
      'mine.mjs: its function throws: boom',
    ],
    [
      'returns nothing',
      'export default () => {};',
      compared,
      'mine.mjs: its function returns undefined; expected a problem',
    ],
    [
      'returns something else',
      'export default () => ({ problem: 1 });',
      compared,
      'mine.mjs: unknown entry "problem"; expected one of',
    ],
    [
      'computes outside its losses',
      'export default ({ tf, problemFromLosses }) => problemFromLosses({ players: { x: { w: tf.scalar(1) } } });',
      solved,
      'mine.mjs: its function calls tf outside losses, residual or a network',
    ],
    [
      'names no losses',
      losses('players: { x: { w: [2] } }'),
      solved,
      'mine.mjs: losses is undefined; expected a function',
    ],
    [
      'has draws only',
      drawsOnly,
      solved,
      'mine.mjs has draws only, so a run on it cannot be judged; use stillpoint compare',
    ],
    [
      'starts with the wrong count',
      quadratic,
      () => [...solved('mine.mjs'), '--start', '1,2'],
      '--start has 2 numbers; mine.mjs has 3 (x: 2, y: 1)',
    ],
    [
      'is compared from --start',
      quadratic,
      () => ['compare', 'mine.mjs', '--start', '1,2,3'],
      'a file with losses says how each tensor starts',
    ],
    [
      'is compared on --engine',
      quadratic,
      () => ['compare', 'mine.mjs', '--engine', 'wasm'],
      'a file chooses its own, as problemFromLosses({ engine: ',
    ],
  ])('%s', (_, text, args, words) => {
    const { status, stdout, stderr } = stillpoint(args('mine.mjs'), withFiles({ 'mine.mjs': text }));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
  it('a function may return a plain game', () => {
    const game =
      'players: { x: 1, y: 1 }, start: [1, 1], operator(z, out) { out[0] = z[1]; out[1] = -z[0]; }';
    const cwd = withFiles({
      'f.mjs': `export default () => ({ ${game} });`,
      'g.mjs': `export default { ${game} };`,
    });
    const [f, g] = ['f.mjs', 'g.mjs'].map((file) => parsed(solve(cwd, file, ...gda, '--steps', '9'))['z']);
    expect(f).toEqual(g);
  });
  it('draws only are compared, on draws that no run trains on', () => {
    const section = compare(
      withFiles({ 'd.mjs': drawsOnly }),
      'd.mjs',
      '--methods',
      'gda(stepSize=0.01)',
      '--steps',
      '30',
    );
    expect(section.runs[0]?.status).toBe('budget');
    expect(section.settings['residual']).toContain('draws that no run trains on');
  });
});
