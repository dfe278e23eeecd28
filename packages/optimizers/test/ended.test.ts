import { describe, expect, it } from 'vitest';
import { waxpy, type Method, type MethodEnd, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { greedy, lookahead, moveTo, solve, strict, train } from '../src/index.js';

// Methods with a stopping rule of their own.

type Counted = { readonly z: Vector; k: number };
/** Gradient steps that end after `steps` of them, in their own words. */
const counted = (steps: number, status: MethodEnd['status']): Method<Counted> => ({
  name: 'counted',
  options: { steps },
  init: (space, z0) => ({ z: space.copy(z0), k: 0 }),
  restart: moveTo,
  begin: () =>
    function* (s) {
      waxpy(s.z, s.z, -0.5, yield s.z);
      s.k++;
    },
  ended: ({ k }) => (k < steps ? undefined : { status, message: `Counted to ${k}.` }),
});
const game = gameFrom('quadratic(convex=[[1]], coupling=[[0]], concave=[[1]])');
const start = Float64Array.of(1, 1);

describe('a run of a method with a stopping rule of its own', () => {
  it.each(['ended', 'diverged'] as const)('ends by it, with its status %s and its message', (status) => {
    const end = solve(game, counted(3, status), { start });
    expect([end.status, end.steps]).toEqual([status, 3]);
    // F(z) = z, halved three times
    expect(end.message).toBe('Counted to 3. It made 3 steps: the residual went from 1.41 to 0.177.');
  });
  it('is not called converged, however small the residual is, with a tolerance or without', () => {
    for (const options of [{}, { tolerance: 1e-3 }, { steps: 100 }, { steps: 80, tolerance: 1e-3 }]) {
      const end = solve(game, counted(90, 'ended'), { start, ...options });
      const short = 'steps' in options && options.steps === 80;
      expect([end.status, end.steps]).toEqual(short ? ['budget', 80] : ['ended', 90]);
      expect(end.residual).toBeLessThan(1e-20);
    }
  });
  it('that has ended is not continued: its checkpoint ends at once, with the same words', () => {
    const end = solve(game, counted(3, 'ended'), { start });
    const again = solve(game, counted(3, 'ended'), { from: end.checkpoint, steps: 10 });
    expect([again.status, again.steps, again.z]).toEqual(['ended', 3, end.z]);
    expect(again.message).toContain('Counted to 3.');
  });
  it('that is trained ends alike, with the calls it made', async () => {
    const end = await train(game, counted(3, 'ended'), { start, steps: 10 });
    expect([end.status, end.message]).toEqual([
      'ended',
      'Counted to 3. It made 3 steps with 3 oracle calls.',
    ]);
  });
  it('ends at the same step under strict; a wrapper around it has no such rule', () => {
    const f1 = gameFrom('minimax-f1');
    const made = greedy({ stepSize: 0.05 });
    const [plain, sealed] = [solve(f1, made, { steps: 500 }), solve(f1, strict(made), { steps: 500 })];
    expect([sealed.status, sealed.message, sealed.z]).toEqual([plain.status, plain.message, plain.z]);
    expect(plain.status).toBe('ended');
    const wrapped = solve(f1, lookahead(made, { steps: 5 }), { steps: plain.steps + 20 });
    expect([wrapped.status, wrapped.steps]).toEqual(['budget', plain.steps + 20]);
  });
});
