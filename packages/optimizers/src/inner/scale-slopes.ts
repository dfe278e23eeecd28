import {
  dot,
  fill,
  onlyPlayer,
  scale,
  waxpy,
  type Asking,
  type Block,
  type Player,
  type SampleRule,
  type Vector,
} from '@stillpoint/operators';
import { sizeOfBlock } from '../blocks.js';
import type { SubBatchGradients } from '../probes/grad-cosine.js';

/** What one player's scales are moved to make small, of which all parts are free of units. */
export interface ScaleObjective {
  /** Whether it is ν̄, the mean of the norms νᵢ = ‖gᵢ‖/unit; else −GC − kΣνᵢ. */
  readonly norm: boolean;
  readonly k: number;
  readonly unit: number;
}

/** ∂φ/∂gᵢ times the unit, for each sub-batch i: along these the products with Hᵢ are asked. */
function directions(
  { units, norms }: SubBatchGradients,
  p: number,
  player: Player,
  { norm, k, unit }: ScaleObjective,
): readonly Vector[] {
  const D = units.length;
  const { start, end } = player;
  const s = fill(units[0]!.slice(), 0);
  for (const u of units) waxpy(s, s, 1, u, start, end);
  return units.map((u, i) => {
    const c = onlyPlayer(u.slice(), u, player);
    if (norm) {
      scale(c, 1 / D, start, end);
      return c;
    }
    // −∂GC/∂gᵢ = −2(s − ⟨uᵢ, s⟩uᵢ)/(D(D − 1)‖gᵢ‖), with s the sum of all u = g/‖g‖
    const a = (2 * unit) / (D * (D - 1) * norms[p]![i]!);
    scale(c, a * dot(u, s, start, end) - k, start, end);
    waxpy(c, c, -a, s, start, end);
    return c;
  });
}

/**
 * ∂φ/∂α of each tensor of one player, at z made of the start z₀ and scales α: ⟨∂φ/∂z, z₀⟩ on the tensor, with
 * ∂φ/∂z = Σ Hᵢ ∂φ/∂gᵢ. Hᵢ, the player's own block of the Jacobian, is symmetric. D products.
 */
export function* scaleSlopes(
  z: Vector,
  z0: Vector,
  blocks: readonly Block[],
  [p, player]: readonly [index: number, player: Player],
  rules: readonly SampleRule[],
  measured: SubBatchGradients,
  objective: ScaleObjective,
): Asking<readonly number[]> {
  const slopes = blocks.map(() => 0);
  for (const [i, along] of directions(measured, p, player, objective).entries()) {
    const Hc = yield { want: 'product', at: z, along, sample: rules[i]! };
    for (const [b, block] of blocks.entries()) {
      const { offset } = block;
      slopes[b]! += dot(Hc, z0, offset, offset + sizeOfBlock(block)) / objective.unit;
    }
  }
  return slopes;
}
