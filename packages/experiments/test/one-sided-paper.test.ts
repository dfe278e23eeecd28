import { describe, expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { figuresNamed } from '../src/papers.js';
import { quarters } from '../src/papers/one-sided/gan-runs.js';
import { judged } from '../src/papers/reproduce.js';
import { tableSection } from '../src/papers/runs.js';

// The claims of papers/one-sided about GANs, on made-up runs: which values make them hold.

const { claims } = figuresNamed('one-sided/gan').figures[0]!;
const adam = 'alternating-adam(stepSize=0.001, beta1=0.5)';
const others = [
  'amsgrad-extragradient(stepSize=0.001, beta1=0.5)',
  'amsgrad-extragradient-drd(stepSize=0.001, beta1=0.5, dual=0)',
  'optimistic-adagrad(stepSize=0.01)',
];

type Values = { readonly generator: number | null; readonly discriminator: number; readonly share: number };
/** A section with these runs of Adam, one for each seed, and as many of each of the others. */
const sectionOf = (runs: readonly Values[], share: number): Section =>
  tableSection({
    title: 'made up',
    problem: 'none',
    about: 'values for a test',
    columns: [{ name: 'generator', label: 'generator', better: 'lower', digits: 3 }],
    rows: runs.flatMap((values, seed) =>
      [adam, ...others].map((method) => ({
        label: method,
        method,
        seed,
        values: {
          generator: values.generator,
          discriminator: values.discriminator,
          'one-sided': method === adam ? values.share : seed === 1 ? share : 1,
        },
      })),
    ),
    verdict: [],
    identity: {},
  });
const fine: Values = { generator: 0.2, discriminator: 0.9, share: 1 };
const verdicts = (
  runs: readonly Values[],
  others = 1,
  quick = false,
  of: typeof claims = claims,
): readonly string[] => of.map((claim) => judged(claim, [sectionOf(runs, others)], quick).verdict);

describe('the claims about a GAN', () => {
  it('hold if the generator’s gradient halves with every seed and the discriminator’s does not', () => {
    expect(verdicts([fine, fine, fine])).toEqual(['scaled down', 'scaled down', 'scaled down']);
    for (const off of [{ generator: 0.5 }, { generator: null }, { discriminator: 0.49 }])
      expect(verdicts([fine, { ...fine, ...off }, fine])[0]).toBe('not reproduced');
  });
  it('hold if the condition does on 95% of the steps, of Adam with every seed, and of the others', () => {
    const seldom = { ...fine, share: 0.94 };
    expect(verdicts([fine, fine, seldom])).toEqual(['scaled down', 'not reproduced', 'scaled down']);
    expect(verdicts([fine, fine, fine], 0.94)).toEqual(['scaled down', 'scaled down', 'not reproduced']);
    expect(verdicts([fine, fine, fine], NaN)[2]).toBe('not reproduced');
  });
  it('are judged of as many seeds as were chosen', () => {
    const two = figuresNamed('one-sided/gan').figures[0]!.with!({ seeds: 2, calls: 40 });
    expect(verdicts([fine, fine], 1, false, two.claims)).toEqual(Array(3).fill('scaled down'));
    expect(two.claims[0]!.scaled).toBe('a DCGAN of 8 channels, 40 calls');
  });
  it('are not judged of fewer seeds, nor of the quick form', () => {
    expect(verdicts([fine, fine])).toEqual(Array(3).fill('not tried here'));
    expect(verdicts([fine, fine, fine], 1, true)).toEqual(Array(3).fill('not tried here'));
  });
});

it('the quarters of a run: 1, 2, …, 8 begin with 1.5 and end with 7.5; of five values two are a quarter', () => {
  expect(quarters([1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ first: 1.5, last: 7.5 });
  expect(quarters([4, 2, 9, 5, 7])).toEqual({ first: 3, last: 6 });
  expect(quarters([3])).toEqual({ first: 3, last: 3 });
});
