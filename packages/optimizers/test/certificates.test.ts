import { describe, expect, it } from 'vitest';
import type { Game, Method, State, Vector } from '@stillpoint/operators';
import { boundOn, measureFor, type Bound } from '../src/certificates.js';
import { iterate, spaceFor } from '../src/index.js';
import { methodFrom } from '../src/registry.js';
import { cases, instancesOf } from './certificate-cases.js';

/**
 * The largest share of a bound that a run reaches; every value measured is asserted to be within it.
 * Rounding: a resolvent is known to about 1e-14 of the points' size, squared; nothing measured is nearer to
 * its bound than 1e-9 but where both are equal.
 */
function shareReached(game: Game, method: Method<State>, start: Vector, told: Bound, steps: number): number {
  const measure = measureFor(told, game);
  let [share, k] = [0, 0];
  const look = (state: State): void => {
    const [value, most] = [measure(state), told.at(k)];
    if (!Number.isNaN(value) && most !== Infinity) {
      expect(value, `${told.theorem}: ${told.measure} after ${k} steps`).toBeLessThanOrEqual(
        most * (1 + 1e-9) + 1e-26,
      );
      share = Math.max(share, value / most);
    }
    k++;
  };
  look(method.init(spaceFor(game, start), start));
  for (const state of iterate(game, method, start)) {
    look(state);
    if (k > steps) break;
  }
  return share;
}

describe.each(cases)('$theorem on $on', (one) => {
  it('holds on random operators within its conditions, and comes near to it', () => {
    let most = 0;
    const seen = new Set<string>();
    for (const { game, start, spec } of instancesOf(one)) {
      const method = methodFrom(spec, game.facts);
      const told = boundOn(game, method, start);
      if ('reason' in told) throw new Error(`${spec} on ${JSON.stringify(game.facts)}: ${told.reason}`);
      expect([one.theorem, ...(one.also ?? [])], spec).toContain(told.key);
      seen.add(told.key);
      most = Math.max(most, shareReached(game, method, start, told, 50));
    }
    expect(seen).toContain(one.theorem);
    expect(most).toBeGreaterThan(one.reaches);
  });
});
