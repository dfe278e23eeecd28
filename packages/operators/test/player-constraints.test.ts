import { describe, expect, it } from 'vitest';
import {
  box,
  l1Norm,
  l2Ball,
  l1Ball,
  naturalResidual,
  constraintOf,
  simplex,
  type Game,
  type Player,
} from '../src/index.js';
import { close } from './prox-helpers.js';

describe('constraintOf', () => {
  const players: readonly Player[] = [
    { name: 'x', start: 0, end: 3 },
    { name: 'y', start: 3, end: 6 },
  ];
  it('resolves each player on its own slice, and adds up values', () => {
    const constraint = constraintOf(players, [simplex(), l1Norm()]);
    const z = Float64Array.of(1, 1, 1, 3, -3, 0.5);
    constraint.prox(z, 2, 1);
    expect(Array.from(z)).toEqual([1, 1, 1, 1, -1, 0]);
    constraint.prox(z, 2, 0);
    close(Array.from(z), [1 / 3, 1 / 3, 1 / 3, 1, -1, 0]);
    const all = Float64Array.of(1, 1, 1, 3, -3, 0.5);
    constraint.prox(all, 2);
    expect(all).toEqual(z);
    const value = (at: Float64Array, player?: number): number | undefined => constraint.value?.(at, player);
    expect([value(z), value(z, 0), value(z, 1), value(Float64Array.of(1, 1, 1, 1, 1, 1))]).toEqual([
      2,
      0,
      2,
      Infinity,
    ]);
    expect(constraintOf(players, [null, l1Norm()]).value?.(all, 0)).toBe(0);
  });
  it('makes the natural residual vanish at the solution of a matrix game', () => {
    const beats = [
      [0, -1, 1],
      [1, 0, -1],
      [-1, 1, 0],
    ]; // rock, paper, scissors
    const game: Game = {
      name: 'rock-paper-scissors',
      dim: 6,
      players,
      constraint: constraintOf(players, [simplex(), simplex()]),
      operator: (z, out) =>
        beats.forEach((row, i) => {
          out[i] = row.reduce((sum, a, j) => sum + a * z[3 + j]!, 0);
          out[3 + i] = -beats.reduce((sum, other, j) => sum + other[i]! * z[j]!, 0);
        }),
    };
    expect(naturalResidual(game, new Float64Array(6).fill(1 / 3), new Float64Array(6))).toBeLessThanOrEqual(
      2 ** -50,
    );
    expect(naturalResidual(game, Float64Array.of(1, 0, 0, 0, 1, 0), new Float64Array(6))).toBeGreaterThan(
      0.5,
    );
  });
  it('minimises linear functions over bounded sets, and over no other', () => {
    const out = new Float64Array(6);
    constraintOf(players, [simplex(), l1Ball({ radius: 2 })]).lmo?.(Float64Array.of(3, -1, 0, 1, 0, -5), out);
    expect(Array.from(out)).toEqual([0, 1, 0, 0, 0, 2]);
    expect('lmo' in constraintOf(players, [simplex(), l1Norm()])).toBe(false);
    expect('lmo' in constraintOf(players, [simplex(), null])).toBe(false);
  });
  it('takes one function of all entries: joint, unless it is one of single entries', () => {
    const ball = constraintOf(players, l2Ball({ radius: 1 }));
    const z = Float64Array.of(3, 0, 0, 0, -4, 0);
    expect([ball.joint, ball.value?.(z)]).toEqual([true, Infinity]);
    ball.prox(z, 1);
    close(Array.from(z), [0.6, 0, 0, 0, -0.8, 0]);
    expect(() => ball.prox(z, 1, 0)).toThrow('l2-ball ties all players together');
    const boxes = constraintOf(players, box({ lower: 0, upper: 1 }));
    const w = Float64Array.of(3, 0, 0, 0, -4, 0);
    boxes.prox(w, 1, 1);
    expect([boxes.joint, Array.from(w)]).toEqual([undefined, [3, 0, 0, 0, 0, 0]]);
  });
  it('refuses functions that do not fit', () => {
    expect(() => constraintOf(players, box({ lower: [0, 0], upper: 1 }))).toThrow(
      'box takes 2 entries; all players together has 6',
    );
    expect(() => constraintOf(players, [null])).toThrow(
      '1 functions for 2 players; expected one per player, null for a player without one',
    );
    expect(() => constraintOf(players, [null, box({ lower: [0, 0], upper: 1 })])).toThrow(
      'box takes 2 entries; player y has 3',
    );
  });
});
