import type { Vector } from '@stillpoint/operators';

/** The indices of particles; undefined means all. */
export type Some = readonly number[] | undefined;

/** Euler's particles of x′ = σ(x, θ) = tanh(θx) with their costates, and how both change with θ. */
export interface Particles {
  /** x_0 … x_K, each with an entry for every particle; those of the last `forward`. */
  readonly x: readonly Float64Array[];
  /** p_0 … p_K; those of the last `backward`. */
  readonly p: readonly Float64Array[];
  /** x_{k+1} = x_k + h·tanh(θ_k x_k). Returns the mean of (x_K − y)². */
  forward(θ: Vector, some?: Some): number;
  /** p_K = 2(x_K − y), p_k = p_{k+1}(1 + hθ_k tanh′(θ_k x_k)): after `forward`. */
  backward(θ: Vector, some?: Some): void;
  /** E[p_{k+1} ∂σ/∂θ(x_k, τ)], and its derivative by τ: after `backward`. */
  force(k: number, τ: number, some?: Some): { readonly value: number; readonly slope: number };
  /**
   * E[δp_{k+1} ∂σ/∂θ + p_{k+1} ∂²σ/∂x∂θ δx_k] at (x_k, τ_k), for each k, where δx and δp are the changes of
   * particles and costates along v: after `backward`.
   */
  along(θ: Vector, v: Vector, τ: Vector, out: Vector, some?: Some): void;
  /** The transpose of `along`, as a linear map of v, of all particles: after `backward`. */
  back(θ: Vector, u: Vector, τ: Vector, out: Vector): void;
}

/** The particles that start at `inputs` and should end at `targets`, in steps of h. */
export function particlesOf(
  inputs: Float64Array,
  targets: Float64Array,
  steps: number,
  h: number,
): Particles {
  const n = inputs.length;
  const rows = (): readonly Float64Array[] => Array.from({ length: steps + 1 }, () => new Float64Array(n));
  const [x, p, t, δx, δp] = [rows(), rows(), rows(), rows(), rows()]; // t_k = tanh(θ_k x_k)
  const every = Array.from({ length: n }, (_, i) => i);
  // σ = tanh(θx): σ_x = θs, σ_θ = xs, σ_xx = −2θ²ts, σ_xθ = s(1 − 2θxt), σ_θθ = −2x²ts, s = 1 − t²
  const growth = (θ: number, tanh: number): number => 1 + h * θ * (1 - tanh * tanh); // 1 + hσ_x
  const mixed = (u: number, tanh: number): number => (1 - tanh * tanh) * (1 - 2 * u * tanh); // σ_xθ, u = θx

  return {
    x,
    p,
    forward(θ, some = every) {
      let sum = 0;
      for (const i of some) {
        x[0]![i] = inputs[i]!;
        for (let k = 0; k < steps; k++)
          x[k + 1]![i] = x[k]![i]! + h * (t[k]![i] = Math.tanh(θ[k]! * x[k]![i]!));
        sum += (x[steps]![i]! - targets[i]!) ** 2;
      }
      return sum / some.length;
    },
    backward(θ, some = every) {
      for (const i of some) {
        p[steps]![i] = 2 * (x[steps]![i]! - targets[i]!);
        for (let k = steps - 1; k >= 0; k--) p[k]![i] = p[k + 1]![i]! * growth(θ[k]!, t[k]![i]!);
      }
    },
    force(k, τ, some = every) {
      const [xk, pk] = [x[k]!, p[k + 1]!];
      let [value, slope] = [0, 0];
      for (const i of some) {
        const tanh = Math.tanh(τ * xk[i]!);
        const part = pk[i]! * xk[i]! * (1 - tanh * tanh);
        value += part;
        slope -= 2 * part * xk[i]! * tanh;
      }
      return { value: value / some.length, slope: slope / some.length };
    },
    along(θ, v, τ, out, some = every) {
      for (const i of some) {
        δx[0]![i] = 0;
        for (let k = 0; k < steps; k++) {
          const [xk, tanh] = [x[k]![i]!, t[k]![i]!];
          δx[k + 1]![i] = δx[k]![i]! * growth(θ[k]!, tanh) + h * xk * (1 - tanh * tanh) * v[k]!;
        }
        δp[steps]![i] = 2 * δx[steps]![i]!;
        for (let k = steps - 1; k >= 0; k--) {
          const [xk, tanh, s] = [x[k]![i]!, t[k]![i]!, 1 - t[k]![i]! ** 2];
          const bend = -2 * θ[k]! * θ[k]! * tanh * s * δx[k]![i]! + mixed(θ[k]! * xk, tanh) * v[k]!;
          δp[k]![i] = δp[k + 1]![i]! * growth(θ[k]!, tanh) + h * p[k + 1]![i]! * bend;
        }
      }
      for (let k = 0; k < steps; k++) {
        let sum = 0;
        for (const i of some) {
          const xk = x[k]![i]!;
          const tanh = Math.tanh(τ[k]! * xk);
          sum +=
            δp[k + 1]![i]! * xk * (1 - tanh * tanh) + p[k + 1]![i]! * mixed(τ[k]! * xk, tanh) * δx[k]![i]!;
        }
        out[k] = sum / some.length;
      }
    },
    back(θ, u, τ, out) {
      const byX = new Float64Array(steps + 1);
      out.fill(0);
      for (let i = 0; i < n; i++) {
        let byP = 0; // the derivative by p_k; then those by x_k, from the last to the first
        for (let k = 0; k < steps; k++) {
          const [xk, tanh, s, next] = [x[k]![i]!, t[k]![i]!, 1 - t[k]![i]! ** 2, p[k + 1]![i]!];
          const here = Math.tanh(τ[k]! * xk);
          byX[k] = (u[k]! / n) * next * mixed(τ[k]! * xk, here) - byP * h * next * 2 * θ[k]! ** 2 * tanh * s;
          out[k]! += byP * h * next * mixed(θ[k]! * xk, tanh);
          byP = byP * growth(θ[k]!, tanh) + (u[k]! / n) * xk * (1 - here * here);
        }
        let later = 2 * byP;
        for (let k = steps - 1; k >= 0; k--) {
          const tanh = t[k]![i]!;
          out[k]! += later * h * x[k]![i]! * (1 - tanh * tanh);
          later = byX[k]! + later * growth(θ[k]!, tanh);
        }
      }
    },
  };
}
