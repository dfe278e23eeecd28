import { norm, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { boundOn, measureFor } from '@stillpoint/optimizers/certificates';
import type { RunClaim, RunStatus, Series } from '@stillpoint/tracking';
import { thinned } from './thinned.js';

/**
 * The most steps over which a bound is compared: a resolvent at every step would take longer than the run.
 */
export const THEORY_STEPS = 1000;

/**
 * What rounding may add to a measured square: that of 1000 roundings, each 2⁻⁵² of the point from which it is
 * computed.
 */
const rounding = (z: Vector): number => (1000 * 2 ** -52 * (1 + norm(z))) ** 2;

/** What a theorem says of a run: the claim, and the series `measured` and `bound` over steps. */
export interface Theory {
  readonly claim: RunClaim;
  readonly series: { readonly [name: string]: Series };
}

const none = (reason: string): Theory => ({ claim: { claim: 'no-bound', reason }, series: {} });

/**
 * Compares a run with the theorem that holds for its method on its game. `observe` is to be called at the
 * start and after every step, then `result` with the run's status.
 */
export function theoryOf(
  game: Game,
  method: Method<State>,
  start: Vector,
): { observe(state: State): void; result(end?: RunStatus): Theory } {
  const bounded = boundOn(game, method, start);
  if ('reason' in bounded) return { observe: () => undefined, result: () => none(bounded.reason) };
  const {
    theorem,
    measure,
    measured: { when },
    statement,
    source,
  } = bounded;
  const measured = measureFor(bounded, game);
  const curve = thinned<{ steps: number; measured: number; bound: number | null }>();
  let [k, broken] = [0, false];
  let failed: string | undefined;
  return {
    observe(state) {
      if (k > THEORY_STEPS || failed !== undefined) return;
      try {
        const [value, most] = [measured(state), bounded.at(k)];
        if (Number.isFinite(value))
          curve.add({ steps: k, measured: value, bound: Number.isFinite(most) ? most : null });
        broken ||= value > most * (1 + 1e-9) + rounding(state.z);
        k++;
      } catch (error) {
        failed = `what the theorem bounds cannot be measured after ${k} steps: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
    result(end) {
      if (failed !== undefined) return none(failed);
      // A best or mean value stays small if the run diverges. But its bound comes from a sum over steps that
      // also bounds the iterates as long as the bound falls: then a run that diverges breaks it.
      const leaves =
        (end === 'diverged' || end === 'non-finite') && when !== 'last' && bounded.at(k) < bounded.at(k >> 1);
      const points = curve.entries();
      const x = points.map((point) => point.steps);
      return {
        claim: { claim: 'bound', theorem, measure, statement, source, holds: !(broken || leaves) },
        series: {
          measured: { x, y: points.map((point) => point.measured) },
          bound: { x, y: points.map((point) => point.bound) },
        },
      };
    },
  };
}
