import { describe, expect, it } from 'vitest';
import { checkFacts, norm, type Game, type Vector } from '@stillpoint/operators';
import { problemFrom, problemsOf, problems } from '../src/index.js';
import { signChanges } from '../src/minimisations/real-roots.js';

const small: { readonly [option: string]: number } = { examples: 9, dimension: 4, units: 5, width: 5 };
const built = problemsOf('minimisation').rows.map(({ name, options, build }): readonly [string, Game] => [
  name,
  build(Object.fromEntries(Object.entries(small).filter(([option]) => option in options))).exact,
]);
const F = (game: Game, z: Vector, sample?: unknown): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(z, out, { sample });
  return out;
};
/** A point away from the start, the same each time. */
const pointOf = ({ dim, start = [] }: Game): Float64Array =>
  Float64Array.from({ length: dim }, (_, i) => (start[i] ?? 0) + Math.cos(1 + 1.7 * i) / 3);

describe.each(built)('the minimisation %s', (_, game) => {
  const z = pointOf(game);
  it('has one player, a start and F = ∇f, by central differences', () => {
    expect([game.players.length, game.start?.length]).toEqual([1, game.dim]);
    const [plus, minus] = [new Float64Array(1), new Float64Array(1)];
    const exact = F(game, z);
    const size = norm(exact) + norm(z);
    for (let i = 0; i < game.dim; i++) {
      const h = 2 ** -17; // h² against 2⁻⁵³/h: both are 2⁻³⁴ and 2⁻³⁶ of the size
      const at = (t: number): Float64Array => z.map((x, j) => (j === i ? x + t : x));
      game.losses!(at(h), plus);
      game.losses!(at(-h), minus);
      expect(Math.abs((plus[0]! - minus[0]!) / (2 * h) - exact[i]!)).toBeLessThan(2 ** -24 * (1 + size));
    }
  });
  it('states facts that F and its terms do not contradict', () => {
    const stated = { ...game.facts }; // computed now, since only such are checked
    expect(() => checkFacts({ ...game, facts: stated }, pointOf(game))).not.toThrow();
  });
  it.runIf(game.facts?.solution)('is stationary at its stated solution, with the stated least value', () => {
    const at = Float64Array.from(game.facts!.solution!);
    if (!game.constraint) expect(norm(F(game, at))).toBeLessThan(1e-9 * (1 + norm(at)));
    const loss = new Float64Array(1);
    game.losses!(at, loss);
    if (game.facts?.optimum !== undefined) expect(loss[0]).toBeCloseTo(game.facts.optimum, 9);
    game.losses!(z, loss);
    expect(loss[0]).toBeGreaterThan(game.facts?.optimum ?? -Infinity);
  });
  it.runIf(game.terms)('is the mean of its terms, in F and in f; a set of terms is the mean of these', () => {
    const { count } = game.terms!;
    const sample = (indices: readonly number[]): unknown => game.terms!.sample(indices);
    const meanOf = (indices: readonly number[]): Float64Array => {
      const each = indices.map((i) => F(game, z, sample([i])));
      return z.map((__, j) => each.reduce((sum, one) => sum + one[j]! / indices.length, 0));
    };
    const all = Array.from({ length: count }, (__, i) => i);
    const some = [2, 0, 5].filter((i) => i < count);
    for (const [indices, found] of [
      [all, F(game, z)],
      [some, F(game, z, sample(some))],
    ] as const)
      meanOf(indices).forEach((x, j) => expect(found[j]).toBeCloseTo(x, 12));
    const losses = all.map((i) => {
      const out = new Float64Array(1);
      game.losses!(z, out, { sample: sample([i]) });
      return out[0]!;
    });
    const whole = new Float64Array(1);
    game.losses!(z, whole);
    expect(whole[0]).toBeCloseTo(
      losses.reduce((sum, x) => sum + x / count, 0),
      12,
    );
  });
});

describe('(L₀, L₁)-smoothness', () => {
  /** ‖∇²f‖ − L₁‖∇f‖ at x, ∇²f along x (in one dimension, and for a function of ‖x‖, the steepest). */
  const excess = (game: Game, x: Vector): number => {
    const [u, Hu] = [x.map((entry) => entry / norm(x)), new Float64Array(game.dim)];
    game.jacobianVector!(x, u, Hu, false);
    return norm(Hu) - game.facts!.generalisedSmooth!.L1 * norm(F(game, x));
  };
  it.each([
    // the largest excess is L₀, where it is attained
    ['power(L1=1)', 16, 2],
    ['power(L1=4)', 1, 0.5],
    ['power(exponent=3, L1=2)', 1.5, 0.5],
    ['power(exponent=2.5, L1=0.5)', 2.5, 1],
    ['power(exponent=2, L1=3)', 2, 1e-300],
    ['power(exponent=6, dimension=3, L1=2)', 96, 2],
    ['polynomial(coefficients=[7,0,0,0,1])', 16, 2],
    ['polynomial(coefficients=[0,0,3])', 6, 1e-300],
    ['exponential(rate=2)', 1, 1e-300],
  ])('%s: L₀ = %f is attained at distance %f, and exceeded nowhere', (spec, L0, r) => {
    const game = problemFrom(spec).exact;
    const at = (length: number): Float64Array =>
      new Float64Array(game.dim).fill(length / Math.sqrt(game.dim));
    expect(game.facts!.generalisedSmooth!.L0 / L0).toBeCloseTo(1, 11);
    expect(excess(game, at(r)) / L0).toBeCloseTo(1, 12);
    for (let i = -300; i <= 300; i++)
      // lengths from 2⁻⁵ to 2⁵, on either side
      for (const sign of [-1, 1])
        expect(excess(game, at(sign * 2 ** (i / 60)))).toBeLessThanOrEqual(
          game.facts!.generalisedSmooth!.L0 * (1 + 2 ** -40),
        );
  });
  it('that of a polynomial with two minima, by search on a fine grid', () => {
    for (const L1 of [0.05, 1, 7]) {
      const game = problemFrom(`polynomial(L1=${L1})`).exact;
      let most = 0;
      // beyond |x| = 90 the fourth power decides: 12x² < 0.05(4|x|³ − 4|x| − 0.5)
      for (let i = -90_000; i <= 90_000; i++)
        most = Math.max(most, excess(game, Float64Array.of(i / 1000 + 1e-9)));
      const { L0 } = game.facts!.generalisedSmooth!;
      expect(most).toBeLessThanOrEqual(L0);
      // the slope of the excess is below |f‴| + L₁|f″| near x = 40 at most: 24·60 + 0.05·12·60² = 3600
      expect(L0 - most).toBeLessThan(3600 * 0.001);
      const loss = new Float64Array(1);
      let least = Infinity;
      for (let i = -2000; i <= 2000; i++) {
        game.losses!(Float64Array.of(i / 1000), loss);
        least = Math.min(least, loss[0]!);
      }
      // a point of the grid lies within 0.0005 of the minimiser, where f″ < 12
      expect(game.facts!.optimum).toBeLessThanOrEqual(least);
      expect(least - game.facts!.optimum!).toBeLessThan((12 / 2) * 0.0005 ** 2);
      expect(game.facts!.solution).toBeUndefined();
    }
  });
  it('there is none for what is not bounded below', () => {
    for (const [coefficients, found] of [
      ['[0,0,0,1]', 'the highest power 3 with weight 1'],
      ['[0,0,-1]', 'the highest power 2 with weight -1'],
      ['[1,2,0]', 'the highest power 1 with weight 2'],
      ['[0]', 'no power'],
    ])
      expect(() => problemFrom(`polynomial(coefficients=${coefficients})`)).toThrow(
        `have ${found}; expected an even power >= 2 with a weight above 0`,
      );
  });
  it('Hessian products are the differences of gradients', () => {
    for (const spec of ['power(exponent=3.5, dimension=3)', 'exponential(dimension=3, rate=0.7)']) {
      const game = problemFrom(spec).exact;
      const [x, v, Hv] = [Float64Array.of(1, -2, 0.5), Float64Array.of(-0.3, 1, 2), new Float64Array(3)];
      game.jacobianVector!(x, v, Hv, false);
      const h = 2 ** -17;
      const [up, down] = [h, -h].map((t) =>
        F(
          game,
          x.map((entry, i) => entry + t * v[i]!),
        ),
      );
      // h² and 2⁻⁵³/h
      for (let i = 0; i < 3; i++) expect((up![i]! - down![i]!) / (2 * h)).toBeCloseTo(Hv[i]!, 7);
    }
  });
});

describe('the sign changes of a polynomial', () => {
  it('are its roots of odd multiplicity, in order, to rounding', () => {
    // (x + 3)(x − 1)³
    const product = [
      [3, 1],
      [-1, 1],
      [-1, 1],
      [-1, 1],
    ].reduce(
      (c, [a, b]) => Array.from({ length: c.length + 1 }, (_, k) => a! * (c[k] ?? 0) + b! * (c[k - 1] ?? 0)),
      [1],
    );
    const found = signChanges(product);
    expect(found).toHaveLength(2);
    expect(found[0]).toBeCloseTo(-3, 12);
    expect(found[1]).toBeCloseTo(1, 4); // a triple root moves by the third root of the rounding, 6e-6
    expect(signChanges([5])).toEqual([]);
    expect(signChanges([1, 0, 1])).toEqual([]);
    expect(signChanges([-2, 0, 1, 0, 0]).map((x) => x * x)).toEqual([
      expect.closeTo(2, 14),
      expect.closeTo(2, 14),
    ]);
    expect(signChanges([0, -1, 0, 1])).toEqual([-1, 0, 1].map((x) => expect.closeTo(x, 15)));
  });
});

/** The signature is a cast: a draw of these problems is a list of indices. */
function indicesOf(sample: unknown): readonly number[];
function indicesOf(sample: unknown): unknown {
  return sample;
}

describe('a finite sum in batches', () => {
  const { problem: batched, exact } = problemFrom('ridge(examples=9, dimension=4, batch=3)');
  it('draws different terms, a function of its seed, the call and the worker, each term as often in the mean', () => {
    const often = new Array<number>(9).fill(0);
    for (let call = 0; call < 3000; call++) {
      const drawn = indicesOf(batched.draw!(call));
      expect(new Set(drawn).size).toBe(3);
      for (const i of drawn) often[i]!++;
    }
    // each is drawn with probability 1/3: 1000 ± 5 standard deviations of √(3000·(1/3)(2/3)) = 25.8
    for (const count of often) expect(Math.abs(count - 1000)).toBeLessThan(130);
    expect(batched.draw!(5)).toEqual(problemFrom('ridge(examples=9, dimension=4, batch=3)').problem.draw!(5));
    expect([0, 1, 2, 3].map((call) => batched.draw!(call, undefined, 1))).not.toEqual(
      [0, 1, 2, 3].map((call) => batched.draw!(call)),
    );
  });
  it('says how many terms a draw holds, and is judged by all of them', () => {
    expect(batched.terms).toMatchObject({ count: 9, drawn: 3 });
    expect('draw' in exact).toBe(false);
    expect(() => problemFrom('ridge(examples=9, batch=10)')).toThrow(
      'ridge: batch is 10; expected at most 9, the number of terms',
    );
  });
});

describe('problemFrom', () => {
  it('builds every listed problem, with the exact one that judges it', () => {
    expect(new Set(problems.map(({ name }) => name)).size).toBe(problems.length);
    for (const { name } of problems) {
      const { problem, exact } = problemFrom(name);
      expect(['draw' in exact, exact.dim]).toEqual([false, problem.dim]);
      expect(problem.name.startsWith(`${name}`)).toBe(true);
    }
    expect('draw' in problemFrom('ridge(batch=4)').problem).toBe(true);
    expect(() => problemFrom('rigde')).toThrow('unknown problem "rigde"; did you mean ridge?');
  });
});
