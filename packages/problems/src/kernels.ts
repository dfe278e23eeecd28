import { InputError, dot, eigh, norm, shown } from '@stillpoint/operators';

/** @throws InputError unless these are rows of finite numbers, all of one length. */
export function checkRows(inputs: readonly (readonly number[])[]): void {
  const expected = 'expected rows of finite numbers, all of one length, as [[1,2],[3,4]]';
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw new InputError(`the inputs are ${shown(inputs)}; ${expected}`);
  const [first] = inputs;
  for (const row of inputs)
    if (
      !Array.isArray(row) ||
      row.length === 0 ||
      row.length !== first?.length ||
      !row.every(Number.isFinite)
    )
      throw new InputError(`a row of the inputs is ${shown(row)}; ${expected}`);
}

/**
 * The neural tangent kernel of `twoLayerRelu` at its start in the limit of infinite width, flat `[n, n]`:
 *   Hᵢⱼ = E[xᵢᵀxⱼ·1{wᵀxᵢ ≥ 0, wᵀxⱼ ≥ 0}] = xᵢᵀxⱼ(π − θ)/(2π),  w ~ N(0, I), θ the angle between xᵢ and xⱼ,
 * since of all directions in their plane the share (π − θ)/(2π) has both products ≥ 0. With both layers
 * learnt (`layers`; default: `first`)
 *   + E[max(0, wᵀxᵢ)max(0, wᵀxⱼ)] = ‖xᵢ‖‖xⱼ‖(sin θ + (π − θ)cos θ)/(2π):
 * the mean of ‖w‖² in that plane is 2, and the integral of cos φ cos(φ − θ) over those directions half of the
 * bracket. Sources: Cho, Saul 2009; Du, Zhai, Poczos, Singh 2019, arXiv 1810.02054.
 * @param inputs x₁ … x_n as rows.
 * @throws InputError for rows of different lengths, and for other layers than `first` and `both`.
 */
export function limitKernel(
  inputs: readonly (readonly number[])[],
  { layers = 'first' }: { readonly layers?: 'first' | 'both' } = {},
): Float64Array {
  checkRows(inputs);
  if (layers !== 'first' && layers !== 'both')
    throw new InputError(`limitKernel: layers is ${shown(layers)}; expected "first" or "both"`);
  const n = inputs.length;
  const rows = inputs.map((x) => Float64Array.from(x));
  const lengths = rows.map((x) => norm(x));
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const product = dot(rows[i]!, rows[j]!);
    const size = lengths[i]! * lengths[j]!;
    if (size === 0) return 0;
    // the diagonal exactly: a cosine of 1 − 2⁻⁵³ would make an angle of 1e-8
    const cosine = i === j ? 1 : Math.max(-1, Math.min(1, product / size));
    const rest = (Math.PI - Math.acos(cosine)) / (2 * Math.PI);
    const first = product * rest;
    if (layers === 'first') return first;
    return first + size * (Math.sqrt((1 - cosine) * (1 + cosine)) / (2 * Math.PI) + rest * cosine);
  });
}

/**
 * λ₀, the least eigenvalue of a symmetric matrix, flat `[n, n]`, as of a kernel: above 0 for `limitKernel` if
 * no two inputs are parallel (Du et al. 2019). @throws InputError for a matrix that is not square
 * or not finite.
 */
export function leastEigenvalue(kernel: Float64Array): number {
  return eigh(kernel, { vectors: false }).values[0]!;
}
