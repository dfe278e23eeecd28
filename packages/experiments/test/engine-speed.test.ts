import { expect, test } from 'vitest';
import { warmUp } from '../src/engine-speed.js';

/** Calls of the given durations, the last repeated, on a clock of their own. */
function calls(durations: readonly number[]): {
  readonly ask: () => Promise<void>;
  readonly now: () => number;
  readonly made: () => number;
} {
  let [time, made] = [0, 0];
  return {
    ask: async () => {
      time += durations[Math.min(made++, durations.length - 1)]!;
    },
    now: () => time,
    made: () => made,
  };
}

test('the warm-up ends when ten calls are no faster than the fastest', async () => {
  const { ask, now, made } = calls([400, 400, 390, 410, 100, 380, 50, 90, 9]);
  expect(await warmUp(ask, 15_000, now)).toBe(true);
  expect(made()).toBe(9 + 10);
});

test('calls that never get faster end it at its limit', async () => {
  const { ask, now, made } = calls([100]);
  expect(await warmUp(ask, 1000, now)).toBe(false);
  expect(made()).toBe(10);
});
