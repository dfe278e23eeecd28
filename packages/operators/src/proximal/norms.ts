import { expectCount, expectList, expectOptions, expectPositive } from '../specs/expect.js';
import { norm, scale } from '../vectors/vectors.js';
import {
  indicator,
  largestSize,
  proximalFunction,
  roundings,
  sumOfSizes,
  type ProximalFunction,
} from './contract.js';

/** f(z) = weight·‖z‖₁: the prox is soft thresholding by γ·weight. */
export function l1Norm(options: { readonly weight?: number } = {}): ProximalFunction {
  const { weight = 1 } = expectOptions('l1', options, '{ weight: 0.5 }');
  expectPositive('l1', 'weight', weight);
  return proximalFunction({
    name: 'l1',
    is: { homogeneous: true, separable: true },
    value: (z, start, end) => weight * sumOfSizes(z, start, end),
    conjugateValue: (z, start, end, slack) =>
      indicator(largestSize(z, start, end) - weight, slack + roundings(z, start, end, weight)),
    prox(z, γ, start, end) {
      const t = γ * weight;
      // z − its projection onto [−t, t]
      for (let i = start; i < end; i++) z[i] = z[i]! - Math.min(t, Math.max(-t, z[i]!));
    },
  });
}

/** Consecutive groups of entries: how many entries they have in all, and a visit of each as a slice. */
interface Groups {
  readonly length: number | undefined;
  readonly each: (start: number, end: number, visit: (from: number, to: number, g: number) => void) => void;
}

/** Groups of these sizes; null: the slice is one group. @throws InputError for what are no sizes. */
export function groupsOf(owner: string, groups: readonly number[] | null): Groups {
  if (groups === null) return { length: undefined, each: (start, end, visit) => visit(start, end, 0) };
  expectList(owner, 'groups', groups, 'sizes, as [2,3]');
  for (let g = 0; g < groups.length; g++)
    expectCount(owner, `groups[${g}]`, groups[g]!, 'how many entries the group has, ');
  return {
    length: groups.reduce((sum, size) => sum + size, 0),
    each(start, _, visit) {
      for (let g = 0, from = start; g < groups.length; from += groups[g++]!)
        visit(from, from + groups[g]!, g);
    },
  };
}

/**
 * f(z) = weight·Σ‖z_g‖₂ over consecutive groups: the prox shortens each by γ·weight. Yuan, Lin 2006. `groups`
 * holds their sizes, in order; null: the slice is one group, and f is the ℓ₂ norm.
 */
export function groupL1Norm(
  options: { readonly weight?: number; readonly groups?: readonly number[] | null } = {},
): ProximalFunction {
  const { weight = 1, groups = null } = expectOptions('group-l1', options, '{ groups: [2,3] }');
  expectPositive('group-l1', 'weight', weight);
  const { length, each } = groupsOf('group-l1', groups);
  return proximalFunction({
    name: 'group-l1',
    length,
    is: { homogeneous: true },
    value(z, start, end) {
      let sum = 0;
      each(start, end, (from, to) => {
        sum += norm(z, from, to);
      });
      return weight * sum;
    },
    conjugateValue(z, start, end, slack) {
      let most = 0;
      each(start, end, (from, to) => {
        most = Math.max(most, norm(z, from, to));
      });
      return indicator(most - weight, slack + roundings(z, start, end, weight));
    },
    prox: (z, γ, start, end) =>
      each(start, end, (from, to) => {
        const length = norm(z, from, to);
        scale(z, length > γ * weight ? 1 - (γ * weight) / length : 0, from, to);
      }),
  });
}
