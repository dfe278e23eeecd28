import { InputError, eigh, shown } from '@stillpoint/operators';
import { normalisedBessel } from './bessel.js';

// The limits of methods as the step size s goes to 0, on F(z) = Hz with a symmetric H, or on the residuals Δ
// of least squares with the kernel H. Along a unit eigenvector of the eigenvalue λ they are one equation
// each.

/** What is left at the time t of a component that begins at 1, at rest. @throws InputError unless t >= 0. */
export type Mode = (t: number) => number;

/** @throws InputError unless the number is finite and >= 0. */
function checkNonNegative(where: string, values: { readonly [name: string]: number }): void {
  for (const [name, value] of Object.entries(values))
    if (!(Number.isFinite(value) && value >= 0))
      throw new InputError(`${where}: ${name} is ${shown(value)}; expected a finite number >= 0`);
}

/** The mode with its times checked. */
const atTimes =
  (where: string, mode: Mode): Mode =>
  (t) => {
    checkNonNegative(where, { t });
    return mode(t);
  };

/**
 * Gradient descent in the time t = ks: Δ′ = −λΔ, so e^(−λt). After k steps its error is O(s):
 * (1 − sλ)ᵏ = e^(−λt − sλ²t/2 + O(s²)).
 */
export function gradientMode(eigenvalue: number): Mode {
  checkNonNegative('gradientMode', { eigenvalue });
  return atTimes('gradientMode', (t) => Math.exp(-eigenvalue * t));
}

/**
 * The heavy ball in the time t = k√s, with β = 1 − b√s: Δ″ + bΔ′ + λΔ = 0. With ω² = λ − b²/4
 *   Δ(t) = e^(−bt/2)(cos ωt + (b/2)·sin(ωt)/ω),
 * where for ω² < 0 cosh and sinh stand for cos and sin, and t for sin(ωt)/ω at ω = 0.
 *
 * The rate, with b = 2√λ₀ and λ ≥ λ₀: since |sin(ωt)/ω| ≤ t, |Δ(t)| ≤ e^(−√λ₀t)(1 + √λ₀t), with equality at
 * λ = λ₀. So if no eigenvalue of H is below λ₀, the loss ½‖Δ‖² falls to (1 + √λ₀t)²e^(−2√λ₀t) of the first
 * one at most: linearly.
 *
 * After k steps the error is O(√s): the roots of r² − (1 + β − sλ)r + β are r = 1 + √sρ + O(s), where
 * ρ² + bρ + λ = 0.
 * @param damping b.
 */
export function heavyBallMode(eigenvalue: number, damping: number): Mode {
  checkNonNegative('heavyBallMode', { eigenvalue, damping });
  const half = damping / 2;
  const square = eigenvalue - half * half;
  const ω = Math.sqrt(Math.abs(square));
  if (square >= 0)
    return atTimes(
      'heavyBallMode',
      (t) => Math.exp(-half * t) * (Math.cos(ω * t) + half * (ω === 0 ? t : Math.sin(ω * t) / ω)),
    );
  // both exponents are at most 0, and the slow one is taken without cancellation: −λ/(b/2 + ω)
  const [slow, fast] = [-eigenvalue / (half + ω), -(half + ω)];
  return atTimes(
    'heavyBallMode',
    (t) => (fast * Math.exp(slow * t) - slow * Math.exp(fast * t)) / (fast - slow),
  );
}

/** The largest d of {@link nesterovMode}: coefficients of its Bessel function would overflow. */
const MOST_FRICTION = 100;
/** The largest √λ·t of {@link nesterovMode}. */
const FARTHEST = 1e7;

/**
 * Nesterov's method with the momentum (k − 1)/(k + d − 1) in the time t = k√s: Δ″ + (d/t)Δ′ + λΔ = 0, so
 *   Δ(t) = Γ(ν + 1)(2/x)^ν J_ν(x),   ν = (d − 1)/2, x = √λ·t.
 *
 * Not linear: as J_ν(x) = √(2/(πx))(cos(x − (2ν + 1)π/4) + O(1/x)), the largest values of Δ² fall as t^−d.
 * The method itself is faster: with complex roots the recursion Δ⁺ = (1 − sλ)(Δ + c(Δ − Δ₋)) shrinks the
 * square of its oscillation by (1 − sλ)c, c = (k − 1)/(k + d − 1), in each step, which makes k^−d(1 − sλ)ᵏ.
 * The factor (1 − sλ)ᵏ is e^(−λ√s·t + …), so a power of t is seen only while t is far below 1/(λ√s). At a
 * fixed t the error is O(√s).
 * @param friction d, from 0 to 100.
 */
export function nesterovMode(eigenvalue: number, friction: number): Mode {
  checkNonNegative('nesterovMode', { eigenvalue, friction });
  if (friction > MOST_FRICTION)
    throw new InputError(`nesterovMode: friction is ${friction}; expected at most ${MOST_FRICTION}`);
  const root = Math.sqrt(eigenvalue);
  return atTimes('nesterovMode', (t) => {
    const x = root * t;
    if (x > FARTHEST)
      throw new InputError(
        `nesterovMode: √λ·t is ${x}; expected at most ${FARTHEST}, as it takes that many steps`,
      );
    return normalisedBessel((friction - 1) / 2, x);
  });
}

/**
 * The limit of all components: t ↦ Σ vₘ(vₘᵀΔ₀)·mode(λₘ)(t) over the eigenvectors of the kernel, which is
 * symmetric and positive semidefinite, flat `[n, n]`. Eigenvalues that rounding has made negative count as 0.
 * @throws InputError if the kernel is not a finite n by n matrix, or not positive semidefinite.
 */
export function alongEigenvectors(
  kernel: Float64Array,
  residual: Float64Array,
  modeOf: (eigenvalue: number) => Mode,
): (t: number) => Float64Array {
  const n = residual.length;
  if (kernel.length !== n * n)
    throw new InputError(`a kernel of ${kernel.length} numbers for ${n} residuals; expected ${n * n}`);
  const { values, vectors } = eigh(kernel);
  if (values[0]! < -(2 ** -40) * Math.abs(values[n - 1]!))
    throw new InputError(`the kernel has the eigenvalue ${values[0]}; expected none below 0`);
  const modes = Array.from(values, (λ) => modeOf(Math.max(0, λ)));
  const shares = modes.map((_, m) => residual.reduce((sum, r, i) => sum + vectors[m * n + i]! * r, 0));
  return (t) => {
    const out = new Float64Array(n);
    modes.forEach((mode, m) => {
      const share = shares[m]! * mode(t);
      for (let i = 0; i < n; i++) out[i] = out[i]! + share * vectors[m * n + i]!;
    });
    return out;
  };
}
