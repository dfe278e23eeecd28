import { adamDirection, copyRange, scale, waxpy } from '@stillpoint/operators';
import { tensorsOf } from '../../inner/tensors.js';
import { power } from '../../inner/power.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Muon: momentum, made nearly orthogonal, for the matrices M among the tensors of z,
 *   m ← μm + (1 − μ)F,  d = r·O((1 − μ)F + μm),  O(UΣVᵀ) ≈ UVᵀ by Newton–Schulz, or O(m) without Nesterov
 * d = Adam(F) for the other tensors, and z⁺ = (I + γA)⁻¹(z − γ(d + λz)) for all. A tensor of more axes than
 * two is a matrix of its last axis; a kernel [in, out] counts as PyTorch’s [out, in]. r = 0.2√max(in, out)
 * (match-adamw), so that one γ suits both directions, or √max(1, out/in) (original). Where the problem names
 * no tensors, it is adamw.
 *
 * No guarantee for games. Oracle calls per step: 1. Source: Jordan et al., "Muon: an optimizer for hidden
 * layers in neural networks", 2024; r by Liu et al. 2025, arXiv 2502.16982; as in PyTorch, without its
 * bfloat16.
 */
export const muon = method({
  name: 'muon',
  group: 'Adam',
  family: 'adam',
  about: 'momentum made orthogonal on matrices, AdamW on the rest',
  when: 'hidden layers of networks; on a problem without named tensors it is adamw',
  assumptions: 'no guarantee for games; a weight decay above 0 moves the solution',
  reference: 'Jordan et al. 2024; Liu et al. 2025, arXiv 2502.16982',
  options: {
    stepSize: option.adamStepSize,
    momentum: option.momentum(0.95),
    nesterov: option.flag({ about: 'look ahead: (1 − μ)F + μm instead of m', default: true }),
    iterations: option.integer({ about: 'Newton–Schulz iterations', from: 1, to: 99, default: 5 }),
    adjust: option.choice({
      about: 'what r is',
      among: ['match-adamw', 'original'],
      default: 'match-adamw',
    }),
    ...option.moments,
    weightDecay: option.weightDecay(0.1),
  },
  calls: () => 1,
  memory: 3,
  /** m is the momentum of matrices and the first moment of the rest, v the second moment of the rest. */
  init: (space, z0) => ({ z: space.copy(z0), m: space.vector(), v: space.vector(), k: 0 }),
  begin(space, { stepSize, momentum: μ, nesterov, iterations, adjust, weightDecay: λ, ...adam }) {
    const stepAt = mover(space, stepSize);
    const tensors = tensorsOf(space, { iterations, matchAdam: adjust === 'match-adamw' });
    return function* (s) {
      const move = stepAt(s.k++);
      const { m, v } = s;
      const [correction1, correction2] = [1 - power(adam.beta1, s.k), 1 - power(adam.beta2, s.k)];
      const d = yield s.z;
      for (const { start, end, orthogonalise } of tensors) {
        if (orthogonalise === undefined) {
          adamDirection(d, m, v, { ...adam, correction1, correction2 }, start, end);
          continue;
        }
        scale(m, μ, start, end);
        waxpy(m, m, 1 - μ, d, start, end); // m ← μm + (1 − μ)F
        if (nesterov) {
          scale(d, 1 - μ, start, end);
          waxpy(d, d, μ, m, start, end);
        } else copyRange(d, m, start, end);
        orthogonalise(d);
      }
      if (λ > 0) waxpy(d, d, λ, s.z);
      move(s.z, s.z, d);
    };
  },
});
