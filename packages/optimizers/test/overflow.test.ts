import { describe, expect, it } from 'vitest';
import type { Problem } from '@stillpoint/operators';
import { gda, train } from '../src/index.js';

const dim = 4096; // from here on not every step is looked at
/** Each step multiplies z by −1e10: from 1, float32 overflows at the fourth. */
const game = (losses: (made: number) => number): Problem<null> => {
  let asked = 0;
  return {
    name: 'burst',
    dim,
    players: [{ name: 'x', start: 0, end: dim }],
    draw: () => null,
    operator(z, out, { losses: told }) {
      for (let i = 0; i < dim; i++) out[i] = 1e10 * (z[i] ?? 0);
      if (told) told[0] = losses(asked++);
    },
  };
};
const start = new Float32Array(dim).fill(1);

describe('overflow of a large game', () => {
  it('is reported at once if the losses show it', async () => {
    const { status, checkpoint } = await train(
      game((made) => (made < 4 ? 1 : NaN)),
      gda({ stepSize: 1 }),
      { start, steps: 1000 },
    );
    expect([status, checkpoint.ledger.steps]).toEqual(['non-finite', 5]);
  });
  it('is reported within 16 steps if they do not', async () => {
    const { status, checkpoint } = await train(
      game(() => 1),
      gda({ stepSize: 1 }),
      { start, steps: 1000 },
    );
    expect([status, checkpoint.ledger.steps]).toEqual(['non-finite', 16]);
  });
  it('is never reported as a used budget', async () => {
    const { status } = await train(
      game(() => 1),
      gda({ stepSize: 1 }),
      { start, steps: 6 },
    );
    expect(status).toBe('non-finite');
  });
});
