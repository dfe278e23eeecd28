import { callsOf, defaultPrices, type Ledger, type Prices, type Problem } from '@stillpoint/operators';

/** A problem's price list: what it states itself, and the usual prices otherwise. */
export const pricesOf = ({ players, prices }: Problem): Prices => ({
  ...defaultPrices(players.length),
  ...prices,
});

/**
 * A ledger's calls, by the problem's prices: one call is one gradient of all players, or one pass over the
 * terms.
 */
export function pricing(problem: Problem): (ledger: Ledger) => number {
  const prices = pricesOf(problem);
  const terms = problem.terms?.count ?? 1;
  return (ledger) => callsOf(ledger, prices, terms);
}

/** Watches what steps cost. */
export interface BudgetWatch {
  /** Whether the budget may end inside the next step, `spent` calls having been made. */
  inNext(spent: number): boolean;
  /** A step has used so many calls. */
  saw(used: number): void;
}

/**
 * Reports whether a budget may end inside the next step: only then a copy is taken, since one costs more than
 * a small step. @param varies the method's steps differ in cost: any may be the one.
 */
export function budgetWatch(calls: number, varies: boolean): BudgetWatch {
  let [least, most, seen] = [Infinity, 0, 0];
  return {
    // steps that have differed in cost, or of which little was seen, may surprise at any time
    inNext: (spent) => calls !== Infinity && (varies || seen < 8 || least !== most || spent + most > calls),
    saw(used) {
      // sums of thirds differ by rounding
      const whole = Math.round(used * 2 ** 20) / 2 ** 20;
      least = Math.min(least, whole);
      most = Math.max(most, whole);
      seen++;
    },
  };
}
