import {
  callsOf,
  defaultPrices,
  type Counts,
  type Ledger,
  type Player,
  type Prices,
} from '@stillpoint/operators';

// The one place that knows how drivers count.

/** What a driver counted, as a ledger. */
export const ledgerOf = ({ steps, gradients, losses, products }: Counts): Ledger => ({
  steps,
  gradients: [...gradients],
  losses,
  products,
  transposedProducts: 0,
  residuals: 0,
  residualProducts: 0,
});

type Priced = { readonly players: readonly Player[] };

/** What each answer of a problem costs, and how many terms one pass has. */
export const pricesOf = ({ players }: Priced): { readonly prices: Prices; readonly terms: number } => ({
  prices: defaultPrices(players.length),
  terms: 1,
});

/** A ledger in calls, at a problem's prices. */
export function pricing(problem: Priced): (ledger: Ledger) => number {
  const { prices, terms } = pricesOf(problem);
  return (ledger) => callsOf(ledger, prices, terms);
}
