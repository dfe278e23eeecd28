import { describe, expect, it } from 'vitest';
import { lazyFacts, type Game } from '@stillpoint/operators';
import { spaceFor } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { compareOnGame } from '../src/index.js';
import { theoryOf } from '../src/theory.js';

const compare = (game: Game, ...methods: string[]): Promise<Section> =>
  compareOnGame(game, { title: game.name, methods, calls: 60 });

describe('theory beside measurement', () => {
  it('on xy: EG+ with γ = ½, ᾱ = ½ has the bound D²/(k/4), D² = 2, and what was measured is its closed form', async () => {
    const { runs, verdict } = await compare(
      gameFrom('bilinear'),
      'eg-plus(stepSize=0.5, relaxation=0.5)',
      'gda(stepSize=0.5)',
    );
    const [eg, gda] = runs;
    expect(eg?.claims).toEqual([
      expect.objectContaining({
        claim: 'bound',
        theorem: 'EG+ under weak Minty, Diakonikolas, Daskalakis, Jordan 2021',
        measure: 'best ‖Hz̄ − Hz‖²',
        holds: true,
      }),
    ]);
    const D2 = gameFrom('bilinear').start?.reduce((sum, x) => sum + x * x, 0) ?? NaN;
    const { measured: { x = [], y = [] } = {}, bound: { y: bounds = [] } = {} } = eg?.series ?? {};
    expect(x).toHaveLength(31); // 60 calls are 30 steps
    for (const [i, steps] of x.entries()) {
      const [measured, bound] = [y[i] ?? NaN, bounds[i]];
      // F(z) = iz in complex notation up to sign: ‖z_k‖² = |1 − x/2·(1 − x)|^2k D², x = i/2; ‖Hz̄ − Hz‖² =
      // |x(1 − x)|²‖z‖²
      const [m2, r2] = [(1 - 1 / 8) ** 2 + (1 / 4) ** 2, (1 / 4) * (1 + 1 / 4)];
      expect(measured / (r2 * m2 ** steps * D2)).toBeCloseTo(1, 12);
      if (steps === 0) expect(bound).toBeNull();
      else expect(bound).toBeCloseTo(D2 / (steps / 4), 12);
    }
    expect(gda?.claims).toEqual([
      { claim: 'no-bound', reason: expect.stringContaining('not known to be cocoercive') },
    ]);
    expect(verdict.join(' ')).not.toContain('rules out');
  });
  /**
   * Wrong of what pushes outwards; computed when read, so that they are not checked against F at the start.
   */
  const unchecked = lazyFacts({
    lipschitz: () => 1,
    weakMinty: () => 0,
    comonotone: () => 0,
    solution: () => [0, 0],
  });
  it('a constant that F contradicts at the start is refused: the run fails and says which', async () => {
    const liar: Game = {
      ...gameFrom('linear(lipschitz=1, weakMinty=-0.3)'),
      facts: { lipschitz: 1, weakMinty: 0, comonotone: 0, solution: [0, 0] },
    };
    const { runs } = await compare(liar, 'eg-plus(stepSize=1, relaxation=0.9)');
    expect(runs[0]).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('facts.comonotone is 0, but'),
    });
  });
  it('tells a user whose stated constant is wrong', async () => {
    const liar: Game = { ...gameFrom('linear(lipschitz=1, weakMinty=-0.3)'), facts: unchecked };
    const { verdict, runs } = await compare(liar, 'eg-plus(stepSize=1, relaxation=0.9)');
    expect(runs[0]?.claims).toMatchObject([{ holds: false }]);
    expect(verdict.join(' ')).toContain(
      'eg-plus(relaxation=0.9) (EG+ under weak Minty, Diakonikolas, Daskalakis, Jordan 2021) did what the theorem rules out: a constant that linear(lipschitz=1, weakMinty=-0.3) states (L, ρ or the solution) is wrong.',
    );
  });
  it('a run that diverges contradicts its theorem even where the best iterate so far does not', async () => {
    const pushing = {
      ...gameFrom('linear(lipschitz=0.9486832980505138, weakMinty=-0.3333333333333333)'),
      facts: unchecked,
    };
    const { runs, verdict } = await compareOnGame(pushing, {
      title: 'pushing',
      methods: ['ogda', 'forward-reflected-backward'],
      calls: 2000,
    });
    expect(
      runs.map(({ status, claims: [claim] }) => [status, claim?.claim === 'bound' && claim.holds]),
    ).toEqual([
      ['diverged', false],
      ['diverged', false],
    ]);
    expect(verdict.join(' ')).toContain(
      'ogda (forward–reflected–backward, best step, after Malitsky, Tam 2020) and forward-reflected-backward (forward–reflected–backward, best step, after Malitsky, Tam 2020) did what the theorem rules out',
    );
  });
  it('but not where the theorem itself lets iterates grow: errors of the resolvent that add up', () => {
    const game = gameFrom('linear(lipschitz=1, weakMinty=0)');
    const method = methodFrom('rapp(stepSize=0.5, innerSteps=20, weight=0.5)', game.facts);
    const watch = theoryOf(game, method, Float64Array.of(1, 0.5));
    watch.observe(method.init(spaceFor(game, Float64Array.of(1, 0.5)), Float64Array.of(1, 0.5)));
    expect(watch.result('diverged')).toMatchObject({
      claim: { theorem: expect.stringContaining('relaxed proximal point'), holds: true },
    });
  });
  it('where what it bounds cannot be measured it says so, and the run goes on', async () => {
    const xy = gameFrom('bilinear');
    let calls = 0;
    const brittle: Game = {
      ...xy,
      operator(z, out) {
        if (++calls === 200) throw new Error('no');
        xy.operator(z, out);
      },
    }; // the resolvents that are measured take most calls
    const { runs } = await compare(brittle, 'km(stepSize=0.5)');
    expect(runs[0]?.status).not.toBe('failed');
    expect(runs[0]?.claims).toEqual([
      {
        claim: 'no-bound',
        reason: expect.stringMatching(/^what the theorem bounds cannot be measured after \d+ steps: no$/),
      },
    ]);
  });
  it('a game without constants has a reason', async () => {
    const plain: Game = { ...gameFrom('bilinear') };
    const { runs } = await compare({ ...plain, facts: {} }, 'extragradient(stepSize=0.5)');
    expect(runs[0]?.claims).toEqual([{ claim: 'no-bound', reason: 'the game states no lipschitz' }]);
  });
});
