import { expect, it } from 'vitest';
import { gameFrom } from '@stillpoint/problems';
import { solve, solveAsync } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const game = gameFrom('bilinear');
const method = methodFrom('extragradient(stepSize=0.5)', game.facts);

it('returns what solve returns, bit for bit, whatever the slices', async () => {
  const whole = solve(game, method);
  expect(await solveAsync(game, method, { slice: 0 })).toEqual(whole);
  expect(await solveAsync(game, method)).toEqual(whole);
});

it('lets timers run, and ends as stopped after the step at which the signal came', async () => {
  const abort = new AbortController();
  const end = solveAsync(game, method, { steps: 1e9, signal: abort.signal, slice: 1 });
  setTimeout(() => abort.abort(), 5);
  const { status, message, steps, checkpoint } = await end;
  expect(status).toBe('stopped');
  expect(message).toMatch(/^Stopped after \d+ steps: the residual went from /);
  const again = solve(game, method, { steps });
  expect([again.steps, again.z]).toEqual([steps, checkpoint.state.z]);
});

it('a failing operator rejects', async () => {
  let n = 0;
  const brittle = {
    ...game,
    operator(z: Float64Array | Float32Array, out: Float64Array | Float32Array) {
      if (++n > 9) throw new Error('later');
      game.operator(z, out);
    },
  };
  await expect(solveAsync(brittle, method, { steps: 100 })).rejects.toThrow('later');
});
