import type { Ledger } from '@stillpoint/operators';

/** What the oracle was asked beside gradients, in words; empty if nothing. */
export function beside(ledger: Ledger, terms: number): string {
  const kinds = {
    losses: ledger.losses,
    'products J·v': ledger.products,
    'products Jᵀ·v': ledger.transposedProducts,
    residuals: ledger.residuals,
    'products with the residual’s Jacobian': ledger.residualProducts,
  };
  const asked = Object.entries(kinds).filter(([, count]) => count > 0);
  if (asked.length === 0 && terms === 1) return '';
  const gradients = `gradients (${ledger.gradients.join(', ')} by player)`;
  const parts = [gradients, ...asked.map(([what, count]) => `${what} (${count})`)];
  return `: ${parts.join(', ')}${terms === 1 ? '' : `; of single terms, of which a pass has ${terms}`}`;
}
