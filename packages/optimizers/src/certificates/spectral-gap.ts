import { InputError, eigh } from '@stillpoint/operators';

/** The dynamics of `langevin`, in continuous time. */
export type LangevinForm =
  | { readonly form: 'overdamped' }
  | { readonly form: 'underdamped'; readonly friction: number }
  /** `rotation` is J, skew-symmetric, row after row. */
  | { readonly form: 'non-reversible'; readonly rotation: Float64Array };

/**
 * The rate at which Langevin dynamics on f(x) = ½xᵀHx forgets its start: the least real part of an eigenvalue
 * of its drift, which is H, (I + J)H, or [[0, −I], [H, γI]].
 *   overdamped m;  underdamped ½(γ − √(γ² − 4m)), ½γ where that is complex;  non-reversible ≥ m
 * with m the least eigenvalue of H. Non-reversible is for two dimensions, where it is a quadratic equation.
 * @param hessian H, symmetric and positive definite, row after row.
 * @throws InputError where H is not, or J does not fit.
 */
export function langevinGap(hessian: Float64Array, dynamics: LangevinForm): number {
  const m = eigh(hessian).values[0]!;
  if (!(m > 0)) throw new InputError(`the least eigenvalue of the Hessian is ${m}; expected a number > 0`);
  if (dynamics.form === 'overdamped') return m;
  if (dynamics.form === 'underdamped') {
    const { friction: γ } = dynamics;
    if (!(γ > 0)) throw new InputError(`the friction is ${γ}; expected a number > 0`);
    // 2m/(γ + √…) = ½(γ − √…), without its cancellation
    return γ * γ > 4 * m ? (2 * m) / (γ + Math.sqrt(γ * γ - 4 * m)) : γ / 2;
  }
  const J = dynamics.rotation;
  if (hessian.length !== 4 || J.length !== 4 || J[0] !== 0 || J[3] !== 0 || J[1] !== -J[2]!)
    throw new InputError(
      `the gap of non-reversible dynamics takes a 2 by 2 Hessian and a skew J, as [0,5,-5,0]; found ${hessian.length} and [${J.join(',')}]`,
    );
  const [a, b, d] = [hessian[0]!, hessian[1]!, hessian[3]!];
  // (I + J)H has H’s trace, and (1 + σ²) times its determinant
  const trace = a + d;
  const determinant = (1 + J[1]! ** 2) * (a * d - b * b);
  const under = trace * trace - 4 * determinant;
  return under > 0 ? (2 * determinant) / (trace + Math.sqrt(under)) : trace / 2;
}
