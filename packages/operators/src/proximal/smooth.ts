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
