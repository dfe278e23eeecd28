import { afterAll, describe, expect, it } from 'vitest';
import { InputError, type Asked, type Problem, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { startOf } from '../src/drivers.js';
import { findingsAt, probeFrom, probes, probeSpec } from '../src/probe-registry.js';

const problems: readonly Problem[] = [
  gameFrom('bilinear'),
  gameFrom('linear(weakMinty=-0.1)'),
  gameFrom('forsaken'),
  gameFrom('matrix-game'),
  gameFrom('quadratic'),
  problemFrom('ridge').exact,
  problemFrom('logistic').exact,
  problemFrom('sampled-quadratic').problem,
];
const specOf = ({ name, example = name }: (typeof probes)[number]): string =>
  name === 'local-equilibrium' ? 'local-equilibrium(stepSize=0.1, ascentSteps=5, samples=10)' : example;

/** The problem, which counts what it is asked. */
function counted(problem: Problem): { readonly problem: Problem; readonly made: { F: number; J: number } } {
  const made = { F: 0, J: 0 };
  const operator = (z: Vector, out: Vector, asked: Asked): void | Promise<void> => {
    made.F++;
    return problem.operator(z, out, asked);
  };
  const own: Pick<Problem, 'jacobianVector'> =
    problem.jacobianVector === undefined
      ? {}
      : {
          jacobianVector(z, v, out, transposed, asked) {
            made.J++;
            return problem.jacobianVector?.(z, v, out, transposed, asked);
          },
        };
  return { problem: { ...problem, operator, ...own }, made };
}

describe.each(probes.map((row) => [specOf(row)] as const))('%s', (spec) => {
  const on: string[] = [];
  afterAll(() => expect(on).not.toEqual([])); // refused by all of them, nothing would have been tried
  it.each(problems.map((problem) => [problem.name, problem] as const))(
    'on %s finds the same twice, moves nothing, and its ledger is what was computed; or says what is missing',
    async (_, given) => {
      const { problem, made } = counted(given);
      const z = startOf(given).map((x, i) => x + 0.1 * (i + 1));
      const before = z.slice();
      const asked = findingsAt(problem, z, spec);
      try {
        await asked;
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect(made.F).toBe(0); // before it asked anything
        return;
      }
      const { findings, ledger, calls } = await asked;
      const { F, J } = { ...made };
      on.push(given.name);
      expect(Object.values(findings).length).toBeGreaterThan(0);
      expect(z).toEqual(before);
      expect(await findingsAt(problem, z, spec)).toEqual({ findings, ledger, calls });
      expect(calls).toBeGreaterThan(0);
      const products = ledger.products + ledger.transposedProducts;
      if (given.jacobianVector !== undefined) expect(J).toBe(products);
      const terms = given.terms?.count ?? 1;
      const gradients = ledger.gradients.reduce((sum, n) => sum + n, 0) / given.players.length / terms;
      // a product without code for it is two gradients; players asked one by one are a call of F each; the
      // mean of a sampled game is another operator
      if (
        given.draw === undefined &&
        given.jacobianVector !== undefined &&
        spec !== 'grad-cosine' &&
        !spec.startsWith('local-equ')
      )
        expect(F).toBe(gradients);
    },
  );
});

describe('what probes find', () => {
  const at = (spec: string, game: string, z: readonly number[]) =>
    findingsAt(gameFrom(game), Float64Array.from(z), spec).then(({ findings }) => findings);
  it('of linear games is what their matrices say', async () => {
    expect(await at('lipschitz', 'bilinear', [1, 2])).toEqual({ lipschitz: expect.closeTo(1, 12) });
    expect(await at('jacobian', 'bilinear', [1, 2])).toMatchObject({
      norm: expect.closeTo(1, 12),
      leastSymmetric: expect.closeTo(0, 12),
      largestImaginary: expect.closeTo(1, 12),
      products: 2,
    });
    // ‖I − ηJ‖² = 1 + η² of a rotation
    expect(await at('contraction(stepSize=0.5)', 'bilinear', [1, 2])).toMatchObject({
      largestLogNorm: expect.closeTo(0.5 * Math.log(1.25), 12),
    });
    // J of a quadratic game is [[P, A], [−Aᵀ, Q]]: on the diagonal 1, 0.1, 0.5, 0
    const { trace, deviation } = await at('hessian-trace(draws=2000)', 'quadratic', [1, 2, 3, 4]);
    expect(Math.abs(trace! - 1.6)).toBeLessThan(4 * deviation! + 1e-12);
  });
  it('is refused under a wrong name and with wrong options, in words', () => {
    expect(() => probeFrom('hesian-trace')).toThrow(
      'unknown probe "hesian-trace"; did you mean hessian-trace?',
    );
    expect(() => probeFrom('hessian-trace(draws=0)')).toThrow('draws');
    expect(() => probeSpec('contraction')).toThrow('needs stepSize');
    expect(probeSpec('hessian-trace')).toBe('hessian-trace(draws=32, seed=0)');
  });
});
