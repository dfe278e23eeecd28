import { describe, expect, it } from 'vitest';
import { distance, norm, waxpy, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { bound, type Bounded } from '../src/certificates.js';
import { iterate } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** The measured quantity at z; without constraints z̄ = z − γF(z) and T = I − γF. */
function measured(measure: Bounded, game: ReturnType<typeof gameFrom>, γ: number, z: Vector): number {
  const [F, bar, G] = [new Float64Array(game.dim), new Float64Array(game.dim), new Float64Array(game.dim)];
  game.operator(z, F);
  if (measure.endsWith('‖F(z)‖²')) return norm(F) ** 2;
  waxpy(bar, z, -γ, F);
  game.operator(bar, G);
  return measure === 'best ‖Hz̄ − Hz‖²' ? (γ * norm(G)) ** 2 : distance(z, bar) ** 2;
}

const specs = ['gda(stepSize=0.3)', 'extragradient(stepSize=0.7)', 'forward-backward-forward(stepSize=0.9)', 'eg-plus(stepSize=1, relaxation=0.3)', 'ceg-plus(stepSize=0.8, relaxation=0.5)', 'halpern(stepSize=0.3)', 'eag-c(stepSize=0.125)', 'feg(stepSize=1)'];
describe.each(specs)('the bound of %s', (spec) => {
  it('holds on random operators wherever its conditions do, and says something', () => {
    let [checked, tightest] = [0, 0];
    for (const ρ of [-0.3, -0.1, 0, 0.2, 0.5]) for (let seed = 1; seed <= 8; seed++) {
      const game = gameFrom(`random-comonotone(comonotone=${ρ}, seed=${seed})`);
      const method = methodFrom(spec, game.facts);
      const start = Float64Array.from(game.start ?? []);
      const told = bound(method, game.facts ?? {}, norm(start));
      if ('reason' in told) continue;
      checked++;
      const γ = Number(/stepSize=([\d.]+)/.exec(spec)?.[1]);
      let best = measured(told.measure, game, γ, start);
      let k = 0;
      for (const { z } of iterate(game, method, start)) {
        k++;
        if (told.measure.startsWith('best')) expect(best).toBeLessThanOrEqual(told.at(k) * (1 + 1e-9)); // the best of z₀ … z_{k−1}
        const now = measured(told.measure, game, γ, z);
        if (told.measure.startsWith('last')) expect(now).toBeLessThanOrEqual(told.at(k) * (1 + 1e-9));
        best = Math.min(best, now);
        tightest = Math.max(tightest, now / told.at(k));
        if (k === 60) break;
      }
    }
    expect(checked).toBeGreaterThan(0);
    expect(tightest).toBeGreaterThan(0.01);
  });
});

describe('outside its conditions a bound is a reason', () => {
  const facts = { lipschitz: 1, comonotone: -0.2, weakMinty: -0.2 };
  it.each([
    ['extragradient(stepSize=0.5)', 'F is not monotone: ρ = -0.2'], ['eg-plus(stepSize=0.4)', 'γ = 0.4 lies outside (0.4, 1]'], ['eg-plus(stepSize=1.01)', 'γ = 1.01 lies outside'], ['ceg-plus(stepSize=1, relaxation=0.6)', 'ᾱ = 0.6 is not below 1 + 2ρ/γ = 0.6'],
    ['gda(stepSize=0.1)', 'is not below 2/ℓ = -0.4'], ['halpern(stepSize=0.1)', 'is above 2/ℓ'], ['eag-c(stepSize=0.125)', 'is for monotone F'], ['feg(stepSize=1, comonotone=-0.1)', 'ρ ≤ -0.2'], ['graal(stepSize=0.1)', 'no bound is implemented for graal'], ['eg-plus(stepSize=[0.5,0.6])', 'not one constant number'],
  ])('%s', (spec, reason) => expect(bound(methodFrom(spec, facts), facts, 1)).toMatchObject({ reason: expect.stringContaining(reason) }));
  it('a game that states nothing has none', () => expect(bound(methodFrom('gda(stepSize=0.1)'), {}, 1)).toEqual({ reason: 'the game states no lipschitz' }));
});
