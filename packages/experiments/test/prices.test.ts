import { expect, it } from 'vitest';
import { defaultPrices, emptyLedger, type Prices } from '@stillpoint/operators';
import { priceReports } from '../src/trial/prices.js';
import type { TrialEvent } from '../src/index.js';

it('reads a price when the run asks for the first time, and reports it then', () => {
  const read: string[] = [];
  const prices: Prices = Object.defineProperty(defaultPrices(2), 'product', {
    enumerable: true,
    get: () => {
      read.push('product');
      return 2.5;
    },
  });
  const events: TrialEvent[] = [];
  const report = priceReports(prices, (event) => events.push(event));
  const ledger = emptyLedger(2);
  report(ledger);
  expect(events).toEqual([{ kind: 'prices', prices: { shares: [0.5, 0.5] } }]);
  report(ledger);
  expect([events.length, read]).toEqual([1, []]);
  ledger.products = 1;
  report(ledger);
  expect(events.slice(1)).toEqual([{ kind: 'prices', prices: { shares: [0.5, 0.5], product: 2.5 } }]);
});
