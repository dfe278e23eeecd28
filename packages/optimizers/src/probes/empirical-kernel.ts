import { InputError, copy, type Asking, type Problem, type Space, type Vector } from '@stillpoint/operators';

/**
 * The empirical neural tangent kernel at z of a problem with residuals: K = JJᵀ, J the Jacobian of r, flat
 * `[n, n]`. `probed(problem, z, empiricalKernel(z))` asks it of any synchronous problem, `probeAsync` of any,
 * a network included; of a sampled one on one draw. It asks for 2n products with J.
 *
 * While J does not change, r of gradient flow obeys r′ = −Kr; and everywhere ½‖∇f‖² ≥ λ·f for f = ½‖r‖² and
 * λ the least eigenvalue of K. @throws InputError for a problem without residuals, or one with a regulariser.
 */
export function empiricalKernel(z: Vector): (problem: Problem, space: Space) => Asking<Float64Array> {
  return function* ({ name, residual }, space) {
    if (residual === undefined || residual.regulariser !== undefined)
      throw new InputError(
        `empiricalKernel needs residuals, and no regulariser beside them; ${name} has ${residual === undefined ? 'none' : 'one'}`,
      );
    const n = residual.length;
    const kernel = new Float64Array(n * n);
    const [unit, back] = [space.vector(n), space.vector()];
    for (let i = 0; i < n; i++) {
      unit.fill(0);
      unit[i] = 1;
      copy(back, yield { want: 'residual-product', at: z, along: unit, transposed: true });
      const column = yield { want: 'residual-product', at: z, along: back };
      for (let j = i; j < n; j++) kernel[i * n + j] = kernel[j * n + i] = column[j]!;
    }
    return kernel;
  };
}
