import { callsOf, defaultPrices, type Ledger, type Prices, type Problem } from '@stillpoint/operators';

/**
 * A problem's prices: those that it states, and `defaultPrices` for the rest. Prices that are computed when
 * they are first read stay so.
 */
export const pricesOf = ({ players, prices = {} }: Problem): Prices =>
  Object.defineProperties(defaultPrices(players.length), Object.getOwnPropertyDescriptors(prices));

/**
 * The function from a ledger to its calls, by the problem's prices: one call is one gradient of all players,
 * or one pass over the terms.
 */
export function pricing(problem: Problem): (ledger: Ledger) => number {
  const prices = pricesOf(problem);
  const terms = problem.terms?.count ?? 1;
  return (ledger) => callsOf(ledger, prices, terms);
}

/**
 * The prices of the players' gradients, and of the other kinds of questions that a run asked. A price of an
 * engine's problem is computed from a graph when it is first read, so that one that nobody needs costs
 * nothing.
 */
export function pricesAsked(prices: Prices, ledger: Ledger): Partial<Prices> {
  return {
    shares: prices.shares,
    ...(ledger.losses > 0 && { losses: prices.losses }),
    ...(ledger.products > 0 && { product: prices.product }),
    ...(ledger.transposedProducts > 0 && { transposedProduct: prices.transposedProduct }),
    ...(ledger.residuals > 0 && { residual: prices.residual }),
    ...(ledger.residualProducts > 0 && { residualProduct: prices.residualProduct }),
  };
}

/** Records what steps cost. */
export interface BudgetWatch {
  /** Whether the budget may end inside the next step, after `spent` calls. */
  inNext(spent: number): boolean;
  /** Records that a step used `used` calls. */
  saw(used: number): void;
}

/**
 * Predicts whether a budget may end inside the next step. Only then a copy of the state is made, since a copy
 * costs more than a small step.
 * @param varies whether the method's steps differ in cost, so that the budget may end in any step.
 */
export function budgetWatch(calls: number, varies: boolean): BudgetWatch {
  let [least, most, seen] = [Infinity, 0, 0];
  return {
    // if steps have differed in cost, or fewer than 8 were seen, any step may exceed the budget
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
