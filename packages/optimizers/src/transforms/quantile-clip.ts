import { clipByNorm as clip, integer, norm as normOf, number } from '@stillpoint/operators';
import { eachPlayer, enter, figuresOf, talliesOf, type Tally } from './tally.js';
import { gradientTransform } from './transform.js';

/** The q-quantile of numbers, between two of them in proportion, as numpy.percentile. */
function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)]!;
  return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - below);
}

/** Of each player: what was counted, and its last norms in a ring, the oldest overwritten first. */
type QuantileState = {
  readonly tallies: Tally[];
  readonly rings: { readonly norms: number[]; kept: number; threshold: number }[];
};

/**
 * g_p ← g_p·min(1, c/‖g_p‖₂),  c the q-quantile of the player's last norms, this one included: a threshold
 * that follows the gradient's own size, so that no unit need be known. A norm that is not finite is not kept.
 * Seetharaman, Wichern, Pardo, Le Roux, "AutoClip", 2020, arXiv 2007.14469 (there over all norms so far).
 */
export const quantileClip = gradientTransform({
  name: 'quantile-clip',
  about: 'shortens each player’s gradient to a quantile of its past norms',
  reference: 'Seetharaman, Wichern, Pardo, Le Roux 2020, arXiv 2007.14469',
  options: {
    quantile: number({ about: 'which quantile', symbol: 'q', from: 0, to: 1, default: 0.1 }),
    window: integer({ about: 'how many norms are kept', from: 1, to: 100_000, default: 1000 }),
  },
  init: (space, { window }): QuantileState => ({
    tallies: talliesOf(space),
    rings: space.players.map(() => ({ norms: Array<number>(window).fill(0), kept: 0, threshold: 0 })),
  }),
  figures: ({ tallies, rings }) => ({
    ...figuresOf(tallies),
    ...Object.fromEntries(
      rings.map(({ threshold }, p) => {
        const { of } = tallies[p]!;
        return [of === '' ? 'threshold' : `threshold, ${of}`, threshold];
      }),
    ),
  }),
  begin:
    (space, { quantile: q, window }) =>
    ({ tallies, rings }, g, player) => {
      eachPlayer(space, player, ({ start, end }, p) => {
        const ring = rings[p]!;
        const norm = normOf(g, start, end);
        if (Number.isFinite(norm)) {
          ring.norms[ring.kept++ % window] = norm;
          ring.threshold = quantile(ring.norms.slice(0, ring.kept), q);
        }
        if (ring.kept > 0) clip(g, ring.threshold, start, end);
        enter(tallies[p]!, norm, norm > ring.threshold ? 1 : 0);
      });
      return g;
    },
});
