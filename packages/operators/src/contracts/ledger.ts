/**
 * What a run has asked of its problem. The unit of every count except `steps` is one term (a problem that is
 * not a finite sum has one), so all counts are whole numbers and adding them never rounds. The driver writes
 * it; a method never does.
 */
export type Ledger = {
  steps: number;
  /** Gradients, per player. A joint gradient counts for each player. */
  readonly gradients: number[];
  losses: number;
  /** Products with the Jacobian: J·v, and Jᵀ·v. */
  products: number;
  transposedProducts: number;
  residuals: number;
  /** Products with the residual's Jacobian: J_r·v or J_rᵀ·u. */
  residualProducts: number;
};

/**
 * What each answer costs in calls: one call is one gradient of all players on one draw, or one pass over the
 * terms.
 */
export type Prices = {
  /** The price of one player's gradient alone, by player; the prices add up to 1. */
  readonly shares: readonly number[];
  readonly losses: number;
  readonly product: number;
  readonly transposedProduct: number;
  readonly residual: number;
  readonly residualProduct: number;
};

/** A ledger in which every count is 0. */
export const emptyLedger = (players: number): Ledger => ({
  steps: 0,
  gradients: Array<number>(players).fill(0),
  losses: 0,
  products: 0,
  transposedProducts: 0,
  residuals: 0,
  residualProducts: 0,
});

/**
 * The prices of a problem that states none. A product is a central difference of two gradients, so it costs
 * 2.
 */
export const defaultPrices = (players: number): Prices => ({
  shares: Array<number>(players).fill(1 / players),
  losses: 1 / 3,
  product: 2,
  transposedProduct: 2,
  residual: 1 / 3,
  residualProduct: 1,
});

/**
 * The cost of a ledger, in calls.
 * @param terms how many terms one pass has. Default: 1, a problem that is not a finite sum.
 */
export function callsOf(ledger: Ledger, prices: Prices, terms = 1): number {
  const { gradients } = ledger;
  // equal counts are joint gradients at 1 each: added up in floating point, shares of 1/3 need not make 1
  let [least, sum] = [Infinity, 0];
  for (let p = 0; p < gradients.length; p++) if (gradients[p]! < least) least = gradients[p]!;
  for (let p = 0; p < gradients.length; p++) sum += (gradients[p]! - least) * prices.shares[p]!;
  sum += least;
  if (ledger.products !== 0) sum += prices.product * ledger.products;
  if (ledger.transposedProducts !== 0) sum += prices.transposedProduct * ledger.transposedProducts;
  if (ledger.losses !== 0) sum += prices.losses * ledger.losses;
  if (ledger.residuals !== 0) sum += prices.residual * ledger.residuals;
  if (ledger.residualProducts !== 0) sum += prices.residualProduct * ledger.residualProducts;
  return terms === 1 ? sum : sum / terms;
}
