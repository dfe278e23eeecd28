import { expect } from 'vitest';
import type { Game, Method, State, Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { solve } from '../src/index.js';

// The game forsaken, in its box and without it, and how the tests run methods on it.

export const box = gameFrom('forsaken');
const { constraint: _, ...unconstrained }: Game = box;
export const free: Game = unconstrained;
export const start = Float64Array.of(0.4, -0.3);
export const run = (
  method: Method<State>,
  steps: number,
  game: Game = free,
  from: Vector = start,
): number[] => Array.from(solve(game, method, { steps, start: from }).z);

/**
 * Two ways of writing one step round differently by a few 2⁻⁵²; 40 steps of a stretch near 1 keep that far
 * below 1e-12.
 */
export const same = (a: readonly number[], b: readonly number[]): void =>
  a.forEach((x, i) => expect(Math.abs(x - (b[i] ?? NaN))).toBeLessThan(1e-12));

/** A step size and a weight. */
export const [γ, λ] = [0.07, 0.3];
