import { norm, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { boundOn, measureFor } from '@stillpoint/optimizers/certificates';
import type { RunClaim, RunStatus, Series } from '@stillpoint/tracking';
import { thinned } from './thinned.js';

/**
 * After so many steps theory is no longer compared: a resolvent at every step would take longer than the run.
 */
export const THEORY_STEPS = 1000;

/**
 * What is bounded is a square, known to the square of 2⁻⁵² of the point it is computed from; this leaves a
 * thousand such roundings.
 */
const rounding = (z: Vector): number => (1000 * 2 ** -52 * (1 + norm(z))) ** 2;

/** What theory says of a run: the claim, and the series `measured` and `bound` over steps. */
export interface Theory {
  readonly claim: RunClaim;
  readonly series: { readonly [name: string]: Series };
}

const none = (reason: string): Theory => ({ claim: { claim: 'no-bound', reason }, series: {} });

/**
 * Compares a run with the theorem that holds for its method on its game: `look` at the start and after every
 * step, then `told` how it ended.
 */
export function theoryOf(
  game: Game,
  method: Method<State>,
  start: Vector,
): { look(state: State): void; told(end?: RunStatus): Theory } {
  const told = boundOn(game, method, start);
  if ('reason' in told) return { look: () => undefined, told: () => none(told.reason) };
  const {
    theorem,
    measure,
    measured: { when },
    statement,
    source,
  } = told;
  const measured = measureFor(told, game);
  const curve = thinned<{ steps: number; measured: number; bound: number | null }>();
  let [k, broken] = [0, false];
  let failed: string | undefined;
  return {
    look(state) {
      if (k > THEORY_STEPS || failed !== undefined) return;
      try {
        const [value, most] = [measured(state), told.at(k)];
        if (Number.isFinite(value))
          curve.add({ steps: k, measured: value, bound: Number.isFinite(most) ? most : null });
        broken ||= value > most * (1 + 1e-9) + rounding(state.z);
        k++;
      } catch (error) {
        failed = `what it bounds cannot be measured after ${k} steps: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
    told(end) {
      if (failed !== undefined) return none(failed);
      // A best or mean value hides a run that leaves; but it is bounded by a sum over steps that also bounds
      // the iterates, for as long as the bound falls.
      const leaves =
        (end === 'diverged' || end === 'non-finite') && when !== 'last' && told.at(k) < told.at(k >> 1);
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
