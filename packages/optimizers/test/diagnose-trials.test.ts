import { InputError, type Problem } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { expect, it } from 'vitest';
import { diagnose } from '../src/diagnose.js';
import { digits } from '../src/diagnose/candidates.js';
import { trying } from '../src/diagnose/trial.js';
import { startOf } from '../src/drivers.js';
import { settle } from '../src/drivers/asking.js';
import { hasConverged } from '../src/drivers/run.js';
import { inWords, madeInWords } from '../src/drivers/words.js';

const bilinear = gameFrom('bilinear');
const limits = { tolerance: 1e-8, within: 1.5, calls: 20_000 };

it('rounds step sizes down, to three digits', () =>
  expect([0.12399, 1.999, 0.0019999, 5, 0.7].map(digits)).toEqual([0.123, 1.99, 0.00199, 5, 0.7]));
it('takes a run at the precision of its numbers for converged', () =>
  expect((['converged', 'rounding', 'budget', 'diverged'] as const).filter(hasConverged)).toEqual([
    'converged',
    'rounding',
  ]));
it('gives a run no more than `within` times the fewest calls of those before', async () => {
  const { tried } = await settle(
    trying(
      bilinear,
      startOf(bilinear),
      bilinear.facts ?? {},
      [{ spec: 'extragradient(stepSize=0.001)', chosen: 'by hand' }],
      { ...limits, fewest: 100 },
    ),
  );
  expect(tried.map(({ status, calls }) => [status, calls <= 150])).toEqual([['budget', true]]);
});
it('ends no trial early where samples are drawn', async () => {
  const { problem, exact } = problemFrom('sampled-bilinear(noise=0)');
  const { tried } = await settle(
    trying(
      problem,
      startOf(problem),
      exact.facts ?? {},
      [{ spec: 'extragradient(stepSize=0.5)', chosen: 'by hand' }],
      { ...limits, calls: 4000 },
    ),
  );
  expect(tried[0]?.calls).toBeGreaterThan(2000); // it would converge within 400
});
it('shows no method that the problem refuses, and says so of those chosen for it', async () => {
  const oneWay: Problem = {
    ...bilinear,
    jacobianVector(z, v, out, transposed) {
      if (transposed) throw new InputError('no products with the transpose');
      bilinear.jacobianVector!(z, v, out, transposed);
    },
  };
  const { methods: shown, limits: said } = await diagnose(oneWay, { calls: 4000 });
  const names = shown.map(({ spec }) => spec.replace(/\(.*/s, ''));
  for (const name of ['curvature-eg-plus', 'consensus', 'symplectic-adjustment'])
    expect(names).not.toContain(name);
  expect(said).toContain('curvature-eg-plus could not be tried: no products with the transpose.');
});

it('names the precision that was reached, and the budget that the next step would exceed', () => {
  const run = {
    judged: { residual: 1e-8, gap: undefined, verdict: undefined },
    first: 1,
    threshold: 1e-9,
    rounding: 1e-8,
    steps: 1,
    watched: true,
    sampler: false,
    overflow: undefined,
    still: false,
    own: undefined,
  };
  expect(inWords('rounding', { ...run, float32: true })).toContain('the precision of float32 in 1 step:');
  expect(inWords('rounding', { ...run, float32: false })).toContain('the precision of float64 in 1 step:');
  const { overflow, still, own } = run;
  expect(
    madeInWords('budget', { steps: 2, spent: 4, calls: 5, overBudget: true, overflow, still, own }),
  ).toBe('Made 2 steps with 4 oracle calls; the next step would exceed 5.');
});
