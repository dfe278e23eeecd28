import type { Game } from '@stillpoint/operators';
import { inDigits } from '../words.js';
import type { AskedAt } from './recorder.js';

const pair = (point: readonly number[]): string => `(${point.map(inDigits).join(', ')})`;

/** A question as a reader of a paper would write it. */
export function questionInWords(
  { want, at, player, along }: AskedAt,
  { players }: Pick<Game, 'players'>,
): string {
  const where = pair(at);
  if (want === 'gradient')
    return player === undefined
      ? `F at ${where}`
      : `the gradient of ${players[player]?.name ?? player} at ${where}`;
  if (want === 'product')
    return `a product with J at ${where}${along === undefined ? '' : `, along ${pair(along)}`}`;
  return `the ${want === 'residual-product' ? 'product with the residual’s Jacobian' : want} at ${where}`;
}
