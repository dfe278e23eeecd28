import type { Ledger, Prices } from '@stillpoint/operators';
import { pricesAsked } from '@stillpoint/optimizers/drivers';
import type { TrialEvent } from './trial.js';

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
