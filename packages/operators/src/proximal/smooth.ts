import type { SeparableSmooth, Vector } from '../contracts/index.js';
import { expectOptions, expectPositive } from '../specs/expect.js';
import { dot } from '../vectors/vectors.js';
import { largestSize, proximalFunction, roundings, type ProximalFunction } from './contract.js';

/** f(z) = (weight/2)‖z‖₂²: the prox divides by 1 + γ·weight. */
export function squaredL2(options: { readonly weight?: number } = {}): ProximalFunction {
  const { weight = 1 } = expectOptions('squared-l2', options, '{ weight: 2 }');
  expectPositive('squared-l2', 'weight', weight);
  return proximalFunction({
    name: 'squared-l2',
    is: { smooth: true, stronglyConvex: true, separable: true },
    value: (z, start, end) => (weight / 2) * dot(z, z, start, end),
    conjugateValue: (z, start, end) => dot(z, z, start, end) / (2 * weight),
    prox(z, γ, start, end) {
      for (let i = start; i < end; i++) z[i] = z[i]! / (1 + γ * weight);
    },
  });
}

/** f(z) = Σ h(z_i), h(x) = x²/2 where |x| ≤ delta, delta·(|x| − delta/2) beyond. Huber 1964. */
export function huber(options: { readonly delta?: number } = {}): ProximalFunction {
  const { delta = 1 } = expectOptions('huber', options, '{ delta: 0.5 }');
  expectPositive('huber', 'delta', delta);
  return proximalFunction({
    name: 'huber',
    is: { smooth: true, separable: true },
    value(z, start, end) {
      let sum = 0;
      for (let i = start; i < end; i++) {
        const size = Math.abs(z[i]!);
        sum += size <= delta ? size ** 2 / 2 : delta * (size - delta / 2);
      }
      return sum;
    },
    conjugateValue: (z, start, end, slack) =>
      largestSize(z, start, end) <= delta + slack + roundings(z, start, end, delta)
        ? dot(z, z, start, end) / 2
        : Infinity,
    prox(z, γ, start, end) {
      const most = γ * delta; // how far an entry moves once its slope is ±delta
      for (let i = start; i < end; i++) {
        const move = (γ * z[i]!) / (1 + γ);
        z[i] = Math.abs(move) <= most ? z[i]! / (1 + γ) : z[i]! - Math.sign(move) * most;
      }
    },
  });
}

/**
 * f(z) = weight·Σ h(z_i), h(x) = √(μ² + x²) − μ: x²/(2μ) near 0, |x| far from it, smooth everywhere.
 * `smoothing` is μ. It is a `SeparableSmooth` as well: a regulariser of least squares.
 *
 * The self-concordance is the one by which Adeoye, Petersen, Bemporad 2024 (arXiv 2404.14875) choose steps:
 * order ν = 2.6 and constant 2μ^(ν/2 − 2). The least constant with which |h‴| ≤ constant·(h″)^(ν/2) holds
 * everywhere is 2.54μ^(ν/2 − 2).
 */
export function pseudoHuber(
  options: { readonly weight?: number; readonly smoothing?: number } = {},
): ProximalFunction & SeparableSmooth {
  const { weight = 1, smoothing: μ = 1 } = expectOptions('pseudo-huber', options, '{ smoothing: 0.5 }');
  expectPositive('pseudo-huber', 'weight', weight);
  expectPositive('pseudo-huber', 'smoothing', μ);
  const f = proximalFunction({
    name: 'pseudo-huber',
    is: { smooth: true, separable: true },
    value(z, start, end) {
      let sum = 0;
      for (let i = start; i < end; i++) sum += z[i]! ** 2 / (Math.hypot(μ, z[i]!) + μ); // no cancellation
      return weight * sum;
    },
    conjugateValue(z, start, end, slack) {
      if (!(largestSize(z, start, end) <= weight + slack + roundings(z, start, end, weight))) return Infinity;
      let sum = 0;
      for (let i = start; i < end; i++)
        sum += weight - Math.sqrt(Math.max(0, (weight - z[i]!) * (weight + z[i]!)));
      return μ * sum;
    },
    prox(z, γ, start, end) {
      for (let i = start; i < end; i++) z[i] = Math.sign(z[i]!) * proxAt(Math.abs(z[i]!), γ * weight);
    },
  });
  /** u ≥ 0 with u + t·u/√(μ² + u²) = x: the left side is concave, so Newton's steps from below only grow. */
  const proxAt = (x: number, t: number): number => {
    let u = Math.max(x - t, x / (1 + t / μ));
    for (;;) {
      const q = Math.hypot(μ, u);
      const next = u + (x - u - (t * u) / q) / (1 + (t * (μ / q) ** 2) / q);
      if (!(next > u)) return u;
      u = next;
    }
  };
  return {
    ...f,
    gradient(z, out) {
      for (let i = 0; i < z.length; i++) out[i] = (weight * z[i]!) / Math.hypot(μ, z[i]!);
    },
    curvature(z: Vector, out: Vector) {
      for (let i = 0; i < z.length; i++) {
        const q = Math.hypot(μ, z[i]!);
        out[i] = (weight * (μ / q) ** 2) / q;
      }
    },
    selfConcordance: { order: 2.6, constant: 2 * μ ** (2.6 / 2 - 2) * weight ** (1 - 2.6 / 2) },
  };
}
