import { describe, expect, it } from 'vitest';
import { checkFacts, norm, type Game, type Vector } from '@stillpoint/operators';
import { minimisationFrom, minimisations, problemFrom, problems } from '../src/index.js';

const small: { readonly [option: string]: number } = { examples: 9, dimension: 4, units: 5 };
const built = minimisations.map(({ name, options, build }): readonly [string, Game] => [
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
    for (const [indices, found] of [
      [all, F(game, z)],
      [[2, 0, 5], F(game, z, sample([2, 0, 5]))],
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

/** The signature is a cast: a draw of these problems is a list of indices. */
function indicesOf(sample: unknown): readonly number[];
function indicesOf(sample: unknown): unknown {
  return sample;
}

describe('a finite sum in batches', () => {
  const { batched, exact } = minimisationFrom('ridge(examples=9, dimension=4, batch=3)');
  it('draws different terms, a function of its seed, the call and the worker, each term as often in the mean', () => {
    const often = new Array<number>(9).fill(0);
    for (let call = 0; call < 3000; call++) {
      const drawn = indicesOf(batched!.draw(call));
      expect(new Set(drawn).size).toBe(3);
      for (const i of drawn) often[i]!++;
    }
    // each is drawn with probability 1/3: 1000 ± 5 standard deviations of √(3000·(1/3)(2/3)) = 25.8
    for (const count of often) expect(Math.abs(count - 1000)).toBeLessThan(130);
    expect(batched!.draw(5)).toEqual(
      minimisationFrom('ridge(examples=9, dimension=4, batch=3)').batched!.draw(5),
    );
    expect([0, 1, 2, 3].map((call) => batched!.draw(call, undefined, 1))).not.toEqual(
      [0, 1, 2, 3].map((call) => batched!.draw(call)),
    );
  });
  it('says how many terms a draw holds, and is judged by all of them', () => {
    expect(batched!.terms).toMatchObject({ count: 9, drawn: 3 });
    expect('draw' in exact).toBe(false);
    expect(() => minimisationFrom('ridge(examples=9, batch=10)')).toThrow(
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
