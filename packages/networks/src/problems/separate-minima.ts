import type { Vector } from '@stillpoint/operators';

/** Why a search for minima ended. */
export type SearchEnd = 'converged' | 'stalled' | 'rounds';

/** A sum of functions of groups of entries, one for each group, which are minimised side by side. */
export interface Separable {
  readonly groups: number;
  /** The group to which each entry belongs. */
  readonly groupOf: Int32Array;
  /** A curvature that every function has at the least, but for a part that may be negative; > 0. */
  readonly curvature: number;
  /** The value of each function, and the gradient of all. */
  readonly at: (τ: Float32Array) => Promise<{ readonly values: Vector; readonly gradient: Vector }>;
  /** The Hessian at τ, times v. */
  readonly product: (τ: Float32Array, v: Float32Array) => Promise<Vector>;
}

/** How far to search. */
export interface SearchLimits {
  /** Most Newton steps. */
  readonly rounds: number;
  /** ‖gradient‖ of each group at which it is solved, relative to the two parts that cancel in it. */
  readonly tolerance: number;
}

/** The most conjugate gradients of a Newton step, and the residual, relative to the first, that ends them. */
const [SOLVER_STEPS, SOLVER_TOLERANCE] = [30, 1e-4];
/** Armijo’s share of the decrease, and how often a step is halved. */
const [SHARE, HALVINGS] = [1e-4, 20];
/** What rounding in float32 may change in a sum of many terms, relative to it. */
const ROUNDING = 2 ** -20;

/**
 * Minimises each group’s function by damped Newton steps, from τ, in place. A direction is found by conjugate
 * gradients, cut off where the curvature is not positive; a step is halved until the function, or where that
 * no longer tells, the gradient, is smaller. It ends when all groups are solved, when of those that are not
 * none can move, or after `rounds` rounds.
 */
export async function separateMinima(
  f: Separable,
  τ: Float32Array,
  { rounds, tolerance }: SearchLimits,
): Promise<{ readonly ended: SearchEnd; readonly rounds: number }> {
  const dots = (a: Vector, b: Vector): Float64Array => dotsOf(f, a, b);
  let { values, gradient } = copied(await f.at(τ));
  for (let round = 0; ; round++) {
    const squares = dots(gradient, gradient);
    const pull = τ.map((entry) => f.curvature * entry);
    const rest = gradient.map((entry, j) => entry - pull[j]!);
    const [a, b] = [dots(pull, pull), dots(rest, rest)];
    const open = squares.map((square, k) =>
      Number(Math.sqrt(square) > tolerance * (Math.sqrt(a[k]!) + Math.sqrt(b[k]!))),
    );
    if (!open.includes(1)) return { ended: 'converged', rounds: round };
    if (round === rounds) return { ended: 'rounds', rounds: round };
    const d = await newtonDirection(f, τ, gradient, squares);
    const slope = dots(gradient, d);
    const length = open.slice();
    const trial = (): Float32Array => τ.map((entry, j) => entry + length[f.groupOf[j]!]! * d[j]!);
    let waiting = [...open.keys()].filter((k) => open[k] === 1);
    let next = copied(await f.at(trial()));
    for (let halving = 0; waiting.length > 0; halving++) {
      const now = dots(next.gradient, next.gradient);
      waiting = waiting.filter((k) => {
        const change = next.values[k]! - values[k]!;
        const unclear = Math.abs(change) <= ROUNDING * Math.abs(values[k]!);
        return !(change < SHARE * length[k]! * slope[k]! || (unclear && now[k]! < squares[k]!));
      });
      if (waiting.length === 0) break;
      for (const k of waiting) length[k] = halving < HALVINGS ? length[k]! / 2 : 0;
      next = copied(await f.at(trial()));
      if (halving === HALVINGS) break;
    }
    if (length.every((t) => t === 0)) return { ended: 'stalled', rounds: round };
    τ.set(trial());
    ({ values, gradient } = next);
  }
}

const copied = ({ values, gradient }: { readonly values: Vector; readonly gradient: Vector }) => ({
  values: Float64Array.from(values),
  gradient: Float64Array.from(gradient),
});

/** ⟨a, b⟩ over the entries of each group. */
function dotsOf({ groups, groupOf }: Separable, a: Vector, b: Vector): Float64Array {
  const sums = new Float64Array(groups);
  for (let j = 0; j < groupOf.length; j++) sums[groupOf[j]!]! += a[j]! * b[j]!;
  return sums;
}

/** −(Hessian)⁻¹gradient of each group, or −gradient/curvature where the first curvature is not positive. */
async function newtonDirection(
  f: Separable,
  τ: Float32Array,
  gradient: Float64Array,
  squares: Float64Array,
): Promise<Float64Array> {
  const { groupOf, groups, curvature } = f;
  const d = new Float64Array(groupOf.length);
  const r = gradient.map((entry) => -entry);
  const q = r.slice();
  let rr: Float64Array = squares;
  const done = squares.map((square) => Number(square === 0));
  for (let step = 0; step < Math.min(SOLVER_STEPS, groupOf.length) && done.includes(0); step++) {
    const Hq = Float64Array.from(await f.product(τ, Float32Array.from(q)));
    const bend = dotsOf(f, q, Hq);
    const α = new Float64Array(groups);
    for (let k = 0; k < groups; k++) {
      if (done[k] === 1) continue;
      if (bend[k]! > 0) α[k] = rr[k]! / bend[k]!;
      else done[k] = 1;
    }
    for (let j = 0; j < d.length; j++) {
      const k = groupOf[j]!;
      if (α[k]! > 0) {
        d[j]! += α[k]! * q[j]!;
        r[j]! -= α[k]! * Hq[j]!;
      } else if (step === 0) d[j] = r[j]! / curvature;
    }
    const next = dotsOf(f, r, r);
    for (let j = 0; j < d.length; j++) {
      const k = groupOf[j]!;
      q[j] = done[k] === 1 ? 0 : r[j]! + (next[k]! / rr[k]!) * q[j]!;
    }
    rr = next;
    for (let k = 0; k < groups; k++) if (!(rr[k]! > SOLVER_TOLERANCE ** 2 * squares[k]!)) done[k] = 1;
  }
  return d;
}
