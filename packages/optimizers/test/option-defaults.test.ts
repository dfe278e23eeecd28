import { expect, it } from 'vitest';
import { formatSpec, type Facts } from '@stillpoint/operators';
import { probes } from '../src/probe-registry.js';
import { methodFrom, methods, specOf, transforms } from '../src/registry.js';
import { optionsOf } from '../../../testing/options.js';

/** L is a power of two, so that a share of 1/L is a short number. */
const L: Facts = { lipschitz: 4 };
const facts = {
  'L = 4': L,
  'L = 4, 1/ℓ = 1/8, ρ = −1/32': { ...L, cocoercive: 1 / 8, comonotone: -1 / 32 },
  'L₀ = 2, L₁ = 1': { generalisedSmooth: { L0: 2, L1: 1 } },
  'L₀ = 2, L₁ = 0': { generalisedSmooth: { L0: 2, L1: 0 } },
  'terms of L = 8': { termLipschitz: 8, stronglyMonotone: 0.5 },
  'convex terms of L = 8': { termLipschitz: 8, convexTerms: true },
  'entropy, L = 16 in its norm': { ...L, mirror: 'entropy', mirrorLipschitz: 16 },
} satisfies { readonly [name: string]: Facts };

/** A wrapper with its defaults around gda, whose default step size it may share out. */
function around(name: string): readonly string[] {
  const takes = methods.find((row) => row.name === name)?.takes ?? [];
  if (!takes.includes('method')) return [];
  const inner = takes.map((kind) => (kind === 'method' ? 'gda' : 'momentum')).join(', ');
  return [`around gda where L = 4: ${formatSpec(specOf(methodFrom(`${name}(${inner})`, L)))}`];
}

it('every method’s options are as they were: what they accept, defaults, shares of 1/L', async () => {
  await expect(optionsOf(methods, facts, around)).toMatchFileSnapshot('options/methods.txt');
});
it('every transform’s options are as they were', async () => {
  await expect(optionsOf(transforms, facts)).toMatchFileSnapshot('options/transforms.txt');
});
it('every probe’s options are as they were', async () => {
  await expect(optionsOf(probes)).toMatchFileSnapshot('options/probes.txt');
});
