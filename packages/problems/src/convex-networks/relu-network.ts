import { InputError, dot, norm, shortestWithin, shown, type Vector } from '@stillpoint/operators';
import type { TwoLayer } from '../minimisations/two-layer.js';
import { convexReluOf, type ConvexRelu } from './convex-relu.js';
import { activationPatterns } from './patterns.js';
import type { NetworkData } from './program.js';

/** A unit of a network with one hidden layer: output·max(0, ⟨weights, x⟩). */
export interface ReluUnit {
  readonly weights: readonly number[];
  readonly output: number;
}

/** @throws InputError unless every unit has as many weights as an input has entries. */
function checkUnits(units: readonly ReluUnit[], d: number): void {
  if (!Array.isArray(units))
    throw new InputError(`the units are ${shown(units)}; expected an array of { weights, output }`);
  for (const unit of units)
    if (unit?.weights?.length !== d || ![...unit.weights, unit.output].every(Number.isFinite))
      throw new InputError(
        `a unit is ${shown(unit)}; expected { weights, output } with ${d} finite weights, as an input has entries`,
      );
}

/** yᵢ − Σⱼ αⱼ·max(0, wⱼᵀxᵢ) for each example. */
export function reluResidual(
  { inputs, targets }: Pick<NetworkData, 'inputs' | 'targets'>,
  units: readonly ReluUnit[],
): Float64Array {
  checkUnits(units, inputs[0]?.length ?? 0);
  return Float64Array.from(targets, (y, i) => {
    const x = Float64Array.from(inputs[i]!);
    return units.reduce(
      (left, { weights, output }) => left - output * Math.max(0, dot(Float64Array.from(weights), x)),
      y,
    );
  });
}

/** ½‖Σⱼ αⱼ·max(0, Xwⱼ) − y‖² + ½β Σⱼ (‖wⱼ‖² + αⱼ²). */
export function reluObjective(data: NetworkData, units: readonly ReluUnit[]): number {
  const r = reluResidual(data, units);
  return units.reduce(
    (sum, { weights, output }) =>
      sum + (data.regularisation / 2) * (norm(Float64Array.from(weights)) ** 2 + output ** 2),
    dot(r, r) / 2,
  );
}

/**
 * The network of a point of `convexRelu`, with the same objective: u ≠ 0 makes the unit w = u/√‖u‖, α =
 * √‖u‖, and v the unit w = v/√‖v‖, α = −√‖v‖. Units below 1e-12 of the longest are left out. @throws
 * InputError for gated units, which are first split by {@link coneDecomposition}.
 */
export function reluUnits({ activation, dim, patterns, inputs }: ConvexRelu, z: Vector): readonly ReluUnit[] {
  if (activation !== 'relu')
    throw new InputError(
      'reluUnits of a program with gated units; expected one with activation=relu: split the point by coneDecomposition first',
    );
  if (z?.length !== dim)
    throw new InputError(`reluUnits of ${shown(z)}; expected a point of ${dim} entries, as the program has`);
  const [d, count] = [inputs[0]!.length, patterns.active.length];
  const groups = Array.from({ length: 2 * count }, (_, g) => z.slice(g * d, (g + 1) * d));
  const longest = Math.max(...groups.map((u) => norm(u)));
  return groups.flatMap((u, g) => {
    const length = norm(u);
    if (!(length > 1e-12 * longest)) return [];
    const root = Math.sqrt(length);
    return [{ weights: Array.from(u, (x) => x / root), output: g < count ? root : -root }];
  });
}

/**
 * The units of a point of `twoLayerRelu` with both layers learnt, as `reluObjective` and `reluOptimality`
 * take them: α = aᵣ·m^(−1/4) and w = wᵣ·m^(−1/4), so that Σ α·max(0, wᵀx) is the network, and with β = λ√m
 * the regulariser is that of the decay λ. @throws InputError for a problem of which the first layer alone is
 * learnt.
 */
export function neuronsOf({ dim, inputs, blocks }: TwoLayer, z: Vector): readonly ReluUnit[] {
  const p = inputs[0]!.length;
  if (blocks?.length !== 2)
    throw new InputError(
      'neuronsOf a problem of which the first layer alone is learnt; expected layers=both',
    );
  if (z?.length !== dim) throw new InputError(`neuronsOf ${shown(z)}; expected a point of ${dim} entries`);
  const m = dim / (p + 1);
  const by = m ** -0.25;
  return Array.from({ length: m }, (_, r) => ({
    weights: Array.from(z.subarray(r * p, (r + 1) * p), (w) => w * by),
    output: z[m * p + r]! * by,
  }));
}

/**
 * A point of the program with `activation=relu` that fits as a point of gated units does: every wᵢ is split
 * as uᵢ − vᵢ with uᵢ and vᵢ in pattern i's cone, vᵢ the shortest that has such a uᵢ. Residuals are equal;
 * the norms, so the objective, may grow. Cone decomposition of Mishkin, Sahiner, Pilanci 2022, arXiv
 * 2202.01331, with this choice of v Stillpoint’s.
 * @param gated the program with `activation=gated`, of which z is a point.
 * @throws InputError for another program.
 */
export function coneDecomposition(gated: ConvexRelu, z: Vector): Float64Array {
  if (gated.activation !== 'gated')
    throw new InputError(
      'coneDecomposition of a program with activation=relu; expected one with activation=gated',
    );
  const { inputs, patterns, cones, dim } = gated;
  const d = inputs[0]!.length;
  const out = new Float64Array(2 * dim);
  for (const [p, active] of patterns.active.entries()) {
    const w = Float64Array.from(z.subarray(p * d, (p + 1) * d));
    const size = norm(w);
    if (size === 0) continue;
    const unit = w.map((x) => x / size);
    // normals of length 1, so that what misses is a distance
    const normals = inputs.map((x, i) => {
      const length = norm(Float64Array.from(x));
      return Float64Array.from(x, (entry) => (length > 0 ? ((active[i] ? 1 : -1) * entry) / length : 0));
    });
    const missed = Float64Array.from(normals, (g) => Math.max(0, -dot(g, unit)));
    const v = missed.some((by) => by > 0)
      ? shortestWithin(Float64Array.from(normals.flatMap((g) => Array.from(g))), missed)
      : new Float64Array(d);
    if (v === undefined) throw new Error('a cell has no inside');
    const u = unit.map((x, j) => x + v[j]!);
    cones[p]!.prox(u, 1);
    cones[p]!.prox(v, 1);
    out.set(
      u.map((x) => size * x),
      p * d,
    );
    out.set(
      v.map((x) => size * x),
      dim + p * d,
    );
  }
  return out;
}

/** How far a network is from a global optimum. */
export interface ReluOptimality {
  /** ½‖f − y‖² + ½β Σ (‖w‖² + α²) of the network. */
  readonly objective: number;
  /** No network of any width has a lower objective; of sampled patterns, none that uses only these. */
  readonly lowerBound: number;
  /** objective − lowerBound, at least 0. */
  readonly gap: number;
  /** max over ‖u‖ ≤ 1 of |rᵀmax(0, Xu)|, r = y − f: at a global optimum at most β. */
  readonly certificate: number;
  /** Whether the gap is at most `tolerance`·½‖y‖², and the patterns are all there are. */
  readonly optimal: boolean;
}

/**
 * Whether a network with one hidden layer of rectified units is a global optimum of ½‖f − y‖² + ½β Σ (‖w‖² +
 * α²), in a time that is polynomial in the number of examples: for each activation pattern, max rᵀDXu over u
 * in the pattern's cone and the unit ball is a projection. A stationary point need not pass. Source: Wang,
 * Lacotte, Pilanci 2022, arXiv 2006.05900; the gap beside the certificate is Stillpoint’s.
 * @param options `tolerance`: default 1e-6. `sample`, `seed`: of the patterns; default: all of them.
 * @throws InputError for units that do not fit, or too many patterns.
 */
export function reluOptimality(
  data: NetworkData,
  units: readonly ReluUnit[],
  options: { readonly tolerance?: number; readonly sample?: number; readonly seed?: number } = {},
): ReluOptimality {
  const { tolerance = 1e-6, ...sampling } = options;
  if (!(data?.regularisation > 0))
    throw new InputError(
      `reluOptimality: regularisation is ${shown(data?.regularisation)}; expected a number > 0`,
    );
  const patterns = activationPatterns(data.inputs, sampling);
  const objective = reluObjective(data, units);
  const { lowerBound, certificate } = convexReluOf({ ...data, patterns }).bound(reluResidual(data, units));
  const gap = Math.max(0, objective - lowerBound);
  const most = (tolerance * dot(Float64Array.from(data.targets), Float64Array.from(data.targets))) / 2;
  return { objective, lowerBound, gap, certificate, optimal: patterns.complete && gap <= most };
}
