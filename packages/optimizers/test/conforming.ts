import { expect, it } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  naturalResidual,
  pack,
  unpack,
  withFacts,
  type Facts,
  type Game,
  type Method,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { steps } from '../../../testing/long.js';
import { pricesOf } from '../src/drivers/budget.js';
import { firstDifference } from '../src/drivers/first-difference.js';
import { solve, spaceFor, strict, train } from '../src/index.js';
import { methodFrom, methods, oracleOf, type MethodRow } from '../src/registry.js';

const starts = (game: Game): Vector[] => [
  Float64Array.from(game.start ?? []),
  Float32Array.from(game.start ?? []),
];

/** The same problem for the other path of the oracle: one that draws or, for a finite sum, that waits. */
const asSampled = (game: Game): Problem =>
  game.terms || game.residual
    ? { ...game, operator: (z, out, asked) => Promise.resolve(game.operator(z, out, asked)) }
    : {
        ...game,
        draw: () => null,
        mean: game,
        operator: (z, out, asked) => game.operator(z, out, asked),
        losses: (z, out) => game.losses?.(z, out),
      };

/** Facts that make every default step size small. */
const gentle: Facts = { lipschitz: 100, termLipschitz: 100, convexTerms: true };

/** The row that a spec names. */
export const rowOf = (spec: string): MethodRow | undefined =>
  methods.find((candidate) => candidate.name === spec.split('(')[0]);
/** Steps past a solution, or past convergence. */
const PAST = steps(400, 10_000);
/** Steps of a run, and where it stops on its way: no period of a method under test divides the latter. */
const [WHOLE, PART] = [steps(23, 47), steps(11, 23)];

/** The tests of one method on one problem. */
export function conforming(spec: string, game: Game): void {
  const method: Method<State> = methodFrom(spec, game.facts);
  it.each(starts(game))(
    'save, load and continue equals not stopping, bit for bit; strict; z0 untouched (%#)',
    (start) => {
      const before = start.slice();
      const full = solve(game, method, { start, steps: WHOLE });
      const half = solve(game, method, { start, steps: PART });
      const saved = decodeCheckpoint(encodeCheckpoint(half.checkpoint));
      const from = {
        ...saved,
        state: unpack(pack(saved.state), method.init(spaceFor(game, start), start)),
      };
      const rest = solve(game, methodFrom(spec, game.facts), { start, steps: WHOLE, from });
      expect(firstDifference(rest.checkpoint.state, full.checkpoint.state, game.players)).toBeUndefined();
      expect(rest.checkpoint.ledger).toEqual(full.checkpoint.ledger);
      expect(
        firstDifference(
          solve(game, strict(method), { start, steps: WHOLE }).checkpoint.state,
          full.checkpoint.state,
          game.players,
        ),
      ).toBeUndefined();
      expect(start).toEqual(before);
      expect(full.z.constructor).toBe(start.constructor);
    },
  );
  it('float32 follows float64 for a few small steps (larger ones of Adam may land where a gradient changes sign)', () => {
    // where a step is made of many, four of them
    const { options = {}, players } = rowOf(spec) ?? {};
    const inside =
      'ascentSteps' in options ? 'ascentSteps' : players === 1 && 'innerSteps' in options && 'innerSteps';
    const [few, moves] = inside ? [`${spec}(${inside}=4)`, 5] : [spec, 1];
    // of a quantised weight one: a step may lead it to where two levels are equally near
    const count = 'levels' in options ? 1 : 5;
    const [wide, narrow] = starts(game).map(
      (start) => solve(game, methodFrom(few, gentle), { start, steps: count }).z,
    );
    // 5 steps of so many moves, stretch and values < 20
    const most = 5 * moves * 20 * 20 * 2 ** -23;
    wide?.forEach((x, i) => expect(Math.abs(x - (narrow?.[i] ?? NaN))).toBeLessThan(most));
  });
  it('counts the oracle calls it declares', () => {
    const terms = game.terms?.count ?? 1;
    const { first, perStep, atMost } = oracleOf(spec, game.facts, pricesOf(game), methods, terms);
    const one = solve(game, method, { steps: 1 }).calls;
    // a method with a stopping rule of its own may make fewer steps
    const { calls: forty, steps: made } = solve(game, method, { steps: 40 });
    if (method.ended === undefined) expect(made).toBe(40);
    expect(method.uneven === undefined).toBe(atMost === undefined);
    // in terms, so that 1/n does not round; sums of thirds, the price of losses, do
    const inTerms = (calls: number): number => Number((calls * terms).toPrecision(14));
    if (atMost === undefined)
      expect([one, forty].map(inTerms)).toEqual([first, first + 39 * perStep].map(inTerms));
    else {
      expect(one).toBeGreaterThanOrEqual(first);
      expect(one).toBeLessThanOrEqual(atMost);
      expect(forty).toBeGreaterThanOrEqual(first + (made - 1) * perStep - 2 ** -20); // thirds round
    }
  });
  it('synchronous and asynchronous drivers agree, and neither exceeds a budget of calls', async () => {
    const start = Float64Array.from(game.start ?? []);
    for (const calls of [1, 7, 40]) {
      const sync = solve(game, method, { start, calls });
      const later = await train(asSampled(game), method, { start, calls });
      expect(firstDifference(later.checkpoint.state, sync.checkpoint.state, game.players)).toBeUndefined();
      expect(later.checkpoint.ledger.gradients).toEqual(sync.checkpoint.ledger.gradients);
      expect(sync.calls).toBeLessThanOrEqual(calls);
      const whole = solve(game, method, { start, steps: sync.steps });
      // the step that did not fit left no trace
      expect(firstDifference(whole.checkpoint.state, sync.checkpoint.state, game.players)).toBeUndefined();
    }
  });
  it.runIf(game.facts?.solution && !rowOf(spec)?.sampler)('started at a solution it stays there', () => {
    const start = Float64Array.from(game.facts?.solution ?? []);
    // a weight decay moves the solution
    const still = 'weightDecay' in (rowOf(spec)?.options ?? {}) ? `${spec}(weightDecay=0)` : spec;
    const calm = methodFrom(
      still,
      withFacts(game.facts ?? {}, {
        lipschitz: 2.1 * (game.facts?.lipschitz ?? NaN),
        cocoercive: undefined,
        mirrorLipschitz: undefined,
      }),
    ); // so that a rounding error in z* does not grow where a method's theory wants less than 1/L
    const { z, status, message } = solve(game, calm, { start, steps: PAST });
    // a point with F = 0 of a game that the method refuses is not left either
    if (calm.ended && status === 'diverged') {
      expect(message).toContain('sup over y is not bounded');
      return expect(z).toEqual(start);
    }
    // nor does one that goes to a grid of values, on which a solution need not lie
    const elsewhere = 'levels' in (rowOf(spec)?.options ?? {});
    if (elsewhere || (game.constraint && rowOf(spec)?.unconstrained))
      return z.forEach((x) => expect(Number.isFinite(x)).toBe(true));
    // heavy momentum may repel a solution around which the game rotates
    const options = rowOf(spec)?.options ?? {};
    const mayLeave = 'momentum' in options || 'friction' in options;
    expect([
      ...(mayLeave ? ['diverged', 'non-finite'] : []),
      'budget',
      'ended',
      'rounding',
      'converged',
    ]).toContain(status);
    // Where F(z*) rounds to 1e-17 instead of 0, a method that repels z* may leave it: only finiteness is
    // provable there.
    if (status === 'non-finite' || status === 'diverged') {
      // it repels z*, as heavy momentum does where the game rotates: then from beside z*, too, and without
      // end
      expect(naturalResidual(game, start, new Float64Array(game.dim), 1)).toBeGreaterThan(0);
      const beside = solve(game, calm, { start: start.map((x) => x + 1e-6), steps: PAST });
      return expect(['non-finite', 'diverged']).toContain(beside.status);
    }
    // A method of a finite sum does not know yet what its terms are there.
    const known = rowOf(spec)?.needs.includes('terms') !== true;
    if (known && naturalResidual(game, start, new Float64Array(game.dim), 1) === 0)
      z.forEach((x, i) => expect(Math.abs(x - (start[i] ?? 0))).toBe(0));
    else z.forEach((x) => expect(Number.isFinite(x)).toBe(true));
  });
  it('stays finite past convergence', () => {
    const run = solve(game, method, { steps: 2 * PAST, tolerance: 1e-8 });
    if (run.status !== 'converged')
      return expect(['budget', 'ended', 'diverged', 'rounding']).toContain(run.status);
    const { status } = solve(game, method, { steps: run.steps + PAST, from: run.checkpoint });
    expect(['budget', 'converged', 'rounding']).toContain(status);
  });
}
