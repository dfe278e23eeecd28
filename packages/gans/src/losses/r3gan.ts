import { formatSpec } from '@stillpoint/operators';
import { r1, r2 } from '../penalties/slopes.js';
import { regularised } from '../penalties/regularised.js';
import type { GanLoss } from './loss.js';
import { relativistic } from './relativistic.js';

/**
 * R3GAN's loss, the relativistic paired loss with both zero-centred penalties:
 *   L_D = E softplus(D(G(z)) − D(x)) + (γ/2) (E‖∇D(x)‖² + E‖∇D(G(z))‖²),  L_G = E softplus(D(x) − D(G(z))),
 * γ the weight. Short for `relativistic(penalties=[r1(weight=γ), r2(weight=γ)])`. The paper proves that it
 * converges locally, and not without both penalties. It chooses γ for each data set. Source: Huang, Gokaslan,
 * Kuleshov, Tompkin 2024, arXiv 2501.05441.
 * @throws InputError for a weight that is not a number > 0.
 */
export function r3gan({ weight = 1 }: { readonly weight?: number } = {}): GanLoss {
  return {
    ...regularised(relativistic(), [r1({ weight }), r2({ weight })]),
    name: formatSpec({ name: 'r3gan', inner: [], options: { weight } }),
    identity: { kind: 'loss', name: 'r3gan', options: { weight } },
    reference: 'Huang, Gokaslan, Kuleshov, Tompkin 2024, arXiv 2501.05441',
  };
}
