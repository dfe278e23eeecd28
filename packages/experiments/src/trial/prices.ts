import type { Ledger, Prices } from '@stillpoint/operators';
import type { TrialEvent } from './trial.js';

/**
 * The prices of the players' gradients, and of the other kinds of questions that a run asked. A price of an
 * engine's problem is computed from a graph when it is first read, so that one that nobody needs costs
 * nothing.
 */
function pricesAsked(prices: Prices, ledger: Ledger): Partial<Prices> {
  return {
    shares: prices.shares,
    ...(ledger.losses > 0 && { losses: prices.losses }),
    ...(ledger.products > 0 && { product: prices.product }),
    ...(ledger.transposedProducts > 0 && { transposedProduct: prices.transposedProduct }),
    ...(ledger.residuals > 0 && { residual: prices.residual }),
    ...(ledger.residualProducts > 0 && { residualProduct: prices.residualProduct }),
  };
}

/** Reports the prices whenever the run has asked a kind of question for the first time. */
export function priceReports(prices: Prices, report: (event: TrialEvent) => void): (ledger: Ledger) => void {
  let known = 0;
  return (ledger) => {
    const asked = pricesAsked(prices, ledger);
    const kinds = Object.keys(asked).length;
    if (kinds > known) report({ kind: 'prices', prices: asked });
    known = kinds;
  };
}
