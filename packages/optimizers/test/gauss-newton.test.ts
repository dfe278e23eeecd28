import { describe, expect, it } from 'vitest';
import { pseudoHuber, type Game, type Vector } from '@stillpoint/operators';
import { siluTeacher } from '@stillpoint/problems';
import { dampedLeastSquares } from '../src/inner/damped-least-squares.js';
import { gaussNewton, solve, spaceFor } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** r(z) = tanh(Az) − b with the numbers of fixtures/gauss-newton.py. */
function tangents(m: number, n: number, regularised = true): Game {
  const a = Float64Array.from({ length: m * n }, (_, i) => Math.sin(1 + Math.floor(i / n) + 2 * (i % n)));
  const [λ, h] = [regularised ? 0.05 : 0, pseudoHuber({ smoothing: 0.7 })];
  const tanh = (z: Vector, i: number): number => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j]! * z[j]!;
    return Math.tanh(sum);
  };
  const value = (z: Vector, out: Vector): void => {
    for (let i = 0; i < m; i++) out[i] = tanh(z, i) - Math.cos(1.3 * i);
  };
  const product = (z: Vector, v: Vector, out: Vector, transposed: boolean): void => {
    out.fill(0, 0, transposed ? n : m);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        const d = (1 - tanh(z, i) ** 2) * a[i * n + j]!;
        if (transposed) out[j] = out[j]! + d * v[i]!;
        else out[i] = out[i]! + d * v[j]!;
      }
  };
  const r = new Float64Array(m);
  const slope = new Float64Array(n);
  return {
    name: 'tangents',
    dim: n,
    players: [{ name: 'z', start: 0, end: n }],
    start: Array.from({ length: n }, (_, i) => Math.cos(0.7 * i)),
    residual: { length: m, value, product, ...(regularised && { regulariser: { weight: λ, h } }) },
    operator(z, out) {
      value(z, r);
      product(z, r, out, true);
      h.gradient(z, slope);
      slope.forEach((g, j) => (out[j] = out[j]! + λ * g));
    },
    losses(z, out) {
      value(z, r);
      out[0] = r.reduce((sum, x) => sum + x * x, 0) / 2 + λ * h.value(z);
    },
  };
}
const lossAt = (game: Game, z: Vector): number => {
  const out = new Float64Array(1);
  game.losses!(z, out);
  return out[0]!;
};

describe('gauss-newton against numpy (fixtures/gauss-newton.py)', () => {
  const armijo = { step: 'armijo' } as const;
  it.each([
    // by rows, m < N
    [
      6,
      9,
      {},
      [
        0.9392258843839144, 0.7948671303846983, 0.06786842891968872, -0.41644375418155805,
        -0.5350023777294279, -1.059976226606105, -0.44529175104752455, 0.2606507125059183, 0.4987094053826095,
      ],
    ],
    [
      6,
      9,
      armijo,
      [
        0.8457187049718233, 0.7544831730537395, 0.029792824611198736, -0.37065421565292345,
        -0.39912582035114524, -1.0086368605173701, -0.4119604806874963, 0.27991246428250777,
        0.3948178917168619,
      ],
    ],
    [
      6,
      9,
      { damping: 'regularisation', ...armijo },
      [
        -0.9922612129421542, 0.4354872649954362, -0.2183088785215178, -0.038355125653920394,
        -0.15272519628329712, -0.31532488873342024, -0.09357939807223661, 0.2575502466027555,
        -1.2288978566179782,
      ],
    ],
    // by columns, m > N
    [12, 4, {}, [0.5958670441064446, 0.607199522895656, 0.19084186097306707, -0.48546987882460246]],
    [12, 4, armijo, [0.5350969800439356, 0.5876890934127645, 0.16182536461262115, -0.45562685083487225]],
    [
      12,
      4,
      { damping: 'regularisation', ...armijo },
      [-0.44524256771776516, 0.4102707771007993, -0.2872133580603901, 0.18294662183168975],
    ],
  ] as const)('m = %i, N = %i, %o: three steps', (m, n, options, expected) => {
    const { z } = solve(tangents(m, n), gaussNewton(options), { steps: 3 });
    // the linear solves have conditions below 1e4, and three steps pass them on
    expected.forEach((x, i) => expect(Math.abs(z[i]! - x)).toBeLessThan(1e-11));
  });
});

describe('the damped linear solve', () => {
  const solved = (problem: Game, c: number, side: 'rows' | 'columns') => {
    const { dim, residual } = problem;
    const m = residual!.length;
    const at = Float64Array.from(problem.start!);
    const { h, weight: λ } = residual!.regulariser!;
    const [r, p, D, x] = [
      new Float64Array(m),
      new Float64Array(dim),
      new Float64Array(dim),
      new Float64Array(dim),
    ];
    const nothing = { player: undefined, sample: undefined, losses: undefined, buffers: {} };
    void residual!.value(at, r, nothing);
    h.gradient(at, p);
    h.curvature(at, D);
    p.forEach((y, i) => (p[i] = λ * y));
    D.forEach((y, i) => (D[i] = c * y));
    const asking = dampedLeastSquares({ ...spaceFor(problem, at), residuals: m }, side)(x, { at, r, p, D });
    let asked = 0;
    for (let turn = asking.next(); ; asked++) {
      if (turn.done) return { x, along: turn.value, asked, p, r, at };
      const question = turn.value;
      if (ArrayBuffer.isView(question) || question.want !== 'residual-product') throw new Error('unexpected');
      const out = new Float64Array(question.transposed ? dim : m);
      void residual!.product(at, question.along, out, question.transposed ?? false, nothing);
      turn = asking.next(out);
    }
  };
  it.each([
    ['m < N', siluTeacher({ examples: 12, dimension: 3, units: 20 })],
    ['m > N', siluTeacher({ examples: 60, dimension: 3, units: 8 })],
    ['tanh', tangents(6, 9)],
  ])('%s: by rows (Woodbury) it equals the dense solve by columns', (_, problem) => {
    for (const c of [1, problem.residual!.regulariser!.weight]) {
      const [rows, columns] = [solved(problem, c, 'rows'), solved(problem, c, 'columns')];
      expect([rows.asked, columns.asked]).toEqual([problem.residual!.length, problem.dim]);
      const size = Math.hypot(...columns.x);
      rows.x.forEach((x, i) => expect(Math.abs(x - columns.x[i]!)).toBeLessThan(1e-10 * size));
      expect(Math.abs(rows.along - columns.along)).toBeLessThan(1e-10 * Math.abs(columns.along));
      const gradient = new Float64Array(problem.dim);
      problem.operator(rows.at, gradient);
      const exact = gradient.reduce((sum, g, i) => sum + g * rows.x[i]!, 0);
      expect(Math.abs(rows.along - exact)).toBeLessThan(1e-10 * exact); // ⟨x, ∇f⟩
    }
  });
  it('takes the shorter side, and the run’s calls say so', () => {
    const one = (problem: Game): number =>
      solve(problem, gaussNewton(), { steps: 1 }).ledger.residualProducts;
    expect([one(tangents(6, 9)), one(tangents(12, 4))]).toEqual([6, 4]);
  });
});

describe('on silu-teacher', () => {
  /** The data term, 1/(2m)‖ŷ − y‖². */
  const dataTerm = (problem: Game, z: Vector): number => {
    const { weight, h } = problem.residual!.regulariser!;
    return lossAt(problem, z) - weight * h.value(z);
  };
  it.each([1, 2, 3])('seed %i: damping=unit falls at every step, steps from 0.897 to 0.922', (seed) => {
    const problem = siluTeacher({ seed });
    let before: Float64Array | undefined;
    let last = Infinity;
    const { warnings } = solve(problem, gaussNewton(), {
      steps: 30,
      observe({ state }) {
        const now = lossAt(problem, state.z);
        expect(now).toBeLessThanOrEqual(last);
        [last, before] = [now, Float64Array.from(state.z)];
        const { weight: λ, h } = problem.residual!.regulariser!;
        const [p, H] = [new Float64Array(problem.dim), new Float64Array(problem.dim)];
        h.gradient(before, p);
        h.curvature(before, H);
        const η = Math.sqrt(p.reduce((sum, y, i) => sum + (λ * y) ** 2 / H[i]!, 0));
        const α = Math.min(1, 0.95 / (1 + 2 * problem.dim ** 0.2 * η)); // μ = 1
        expect(α).toBeGreaterThan(0.897);
        expect(α).toBeLessThan(0.922);
      },
    });
    expect(warnings).toEqual([]);
  });
  // numpy on this setting: 1 of 36 seeds is above 5e-3 after 20 steps, as seed 3 here is, which needs 50
  it.each([
    [1, 20],
    [2, 20],
    [4, 20],
    [3, 50],
  ])('seed %i: damping=regularisation with Armijo falls at every step, to 5e-3 within %i', (seed, steps) => {
    const problem = siluTeacher({ seed });
    let last = Infinity;
    const { z, warnings } = solve(problem, gaussNewton({ damping: 'regularisation', step: 'armijo' }), {
      steps,
      observe({ state }) {
        const now = lossAt(problem, state.z);
        expect(now).toBeLessThanOrEqual(last * (1 + 2 ** -50)); // what rounding hides is accepted
        last = now;
      },
    });
    expect(dataTerm(problem, z)).toBeLessThan(5e-3);
    expect(warnings).toEqual([]);
  });
});

describe('what it refuses and notes', () => {
  it('refuses damping=regularisation without a line search, in words, from a spec as well', () => {
    const words = 'damping=regularisation needs step=armijo: without a line search';
    expect(() => gaussNewton({ damping: 'regularisation' })).toThrow(words);
    expect(() => methodFrom('gauss-newton(damping=regularisation)')).toThrow(words);
    expect(() =>
      solve(tangents(6, 9, false), gaussNewton({ damping: 'regularisation', step: 'armijo' })),
    ).toThrow('needs a problem with a regulariser');
  });
  it('works without a regulariser: damped by the identity', () => {
    const problem = tangents(12, 4, false);
    const { status } = solve(problem, gaussNewton({ step: 'armijo' }), { steps: 2000, tolerance: 1e-8 });
    expect(status).toBe('converged');
  });
  it('notes where the line search finds no decrease, and stays', () => {
    const wrong = tangents(6, 9);
    const problem: Game = {
      ...wrong,
      residual: {
        ...wrong.residual!,
        product(z, v, out, transposed, asked) {
          void wrong.residual!.product(z, v, out, transposed, asked);
          for (let i = 0; i < out.length; i++) out[i] = -out[i]!; // the wrong sign: an ascent direction
        },
      },
    };
    const run = solve(problem, gaussNewton({ step: 'armijo', halvings: 5 }), { steps: 2 });
    expect(run.warnings.join()).toContain('halved its step 5 times without a sufficient decrease');
    expect(Array.from(run.z)).toEqual(problem.start);
  });
});
