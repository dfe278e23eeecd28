import { describe, expect, it } from 'vitest';
import type { Problem } from '@stillpoint/operators';
import { gda, train } from '@stillpoint/optimizers';
import { playerRecord } from '../src/player-record.js';
import { stopwatch } from '../src/stopwatch.js';

const players = [
  { name: 'D', start: 0, end: 1 },
  { name: 'G', start: 1, end: 3 },
];
const game: Problem<null> = {
  name: 'test',
  dim: 3,
  players,
  draw: () => null,
  operator(z, out, { player }) {
    if (player !== 1) out[0] = -3;
    if (player !== 0) out.set([3 + (z[0] ?? 0), 4], 1);
  },
};
const atOnce = (work: () => void): void => work();
const asked = { sample: null, losses: new Float32Array(2), buffers: {} };

describe('what is recorded of players', () => {
  it('the norm of each player’s own gradient, averaged over the questions it was asked', async () => {
    const record = playerRecord(players, new Float64Array(3), atOnce);
    const watched = record.watch(game);
    const out = new Float64Array(3);
    await watched.operator(new Float64Array(3), out, { ...asked, player: undefined });
    await watched.operator(Float64Array.of(6, 0, 0), out, { ...asked, player: 1 });
    expect(record.take()).toMatchObject({
      'gradient norm D': 3,
      'gradient norm G': (5 + Math.hypot(9, 4)) / 2,
    });
    expect(record.take()).toMatchObject({ 'gradient norm D': null, 'gradient norm G': null });
  });
  it('the cosine of successive displacements: a square is walked at right angles, a line straight on, a swing to and fro', () => {
    const record = playerRecord(players, new Float64Array(3), atOnce);
    // D swings between 0 and 1; G walks a square
    const points = [
      [1, 1, 0],
      [0, 1, 1],
      [1, 0, 1],
      [0, 0, 0],
    ];
    for (const point of points) record.moved(Float64Array.from(point), [1, 2]);
    expect(record.take()).toEqual({
      'loss D': 1,
      'loss G': 2,
      'gradient norm D': null,
      'gradient norm G': null,
      'rotation D': -1,
      'rotation G': 0,
    });
    for (const x of [2, 4, 8]) record.moved(Float64Array.of(x, 0, 0), [NaN, 2]);
    const taken = record.take();
    expect(taken['rotation D']).toBeCloseTo((-1 + 1 + 1) / 3, 15); // turns once, then walks on
    expect(taken['rotation G']).toBeNull(); // it did not move
    expect(taken).toMatchObject({ 'loss D': null, 'loss G': 2 });
  });
  it('steps that leave a player where it is are no displacements', () => {
    const record = playerRecord(players, new Float64Array(3), atOnce);
    for (const x of [1, 1, 1, 2]) record.moved(Float64Array.of(x, 0, 0), [0, 0]);
    expect(record.take()['rotation D']).toBe(1);
  });
  it('its norms are taken out of the seconds of the step', async () => {
    let [clock, outside] = [0, 0];
    const watch = stopwatch(() => clock);
    const record = playerRecord(players, new Float64Array(3), (work) => {
      watch.without(() => {
        work();
        clock += 1000;
        outside++;
      });
    });
    const watched = record.watch({
      ...game,
      operator(z, out, given) {
        clock += 5;
        return game.operator(z, out, given);
      },
    });
    const method = watch.time(gda({ stepSize: 0.1 }));
    await train(watched, method, {
      start: new Float64Array(3),
      steps: 4,
      observe: () => {
        clock += 700; // measuring, between steps
      },
    });
    expect([watch.seconds(), outside]).toEqual([0.02, 4]);
  });
});
