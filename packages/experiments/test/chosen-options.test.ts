import { describe, expect, it } from 'vitest';
import type { Given } from '@stillpoint/operators';
import { figuresNamed, reproduce, withChosen } from '../src/papers.js';

const made = async (name: string, chosen: Given) => {
  const figures = withChosen(figuresNamed(name).figures, chosen);
  const [result] = await reproduce(figures, { processes: 1 });
  return result!;
};

/** Figures with options that make them quick, and what their first section then says. */
const small: readonly (readonly [name: string, chosen: Given, words: readonly string[]])[] = [
  [
    'threshold-networks/lasso',
    { seeds: 1, firstSeed: 7, examples: 3, dimension: 2, regularisation: 0.3, networks: 2, units: 3 },
    ['threshold-lasso', 'general data 7: '],
  ],
  [
    'screening/safe',
    { seeds: 1, firstSeed: 7, examples: 30, dimension: 9, steps: 20, weight: 0.5 },
    ['dimension=9, weight=0.5, noise=0.1', '30 × 9', '60 × 9', '30 × 5 pairs'],
  ],
  [
    'screening/blow-up',
    { seeds: 1, firstSeed: 7, examples: 10, dimension: 30, steps: 20 },
    ['examples=10, dimension=30, nonzeros=4, weight=0.02'],
  ],
  [
    'screening/reweighted',
    { seeds: 1, firstSeed: 7, examples: 30, dimension: 9, steps: 30, concavities: [0.5, 2] },
    ['ε = 0.5, seed 7', 'ε = 2, seed 7', 'two entries, from afar: '],
  ],
  [
    'neural-ode/uniqueness',
    { seeds: 2, firstSeed: 7, particles: 10, regularisations: [0.5], starts: [0, 2] },
    ['particles=10, radius=0.2, seed=7', 'λ = 0.5, from θ = 2'],
  ],
  [
    'neural-ode/generalisation',
    { seeds: 2, firstSeed: 7, particles: [3, 6] },
    ['N = 6: ', 'in the mean of 2 seeds'],
  ],
  [
    'neural-ode/small-regularisation',
    { firstSeed: 7, regularisations: [0.5], starts: [0], particles: 5, radius: 1 },
    ['regularisation=0.5, radius=1, particles=5', 'r = 0.5: 1 of 1 runs'],
  ],
  [
    'neural-ode/shooting-or-gradient',
    { firstSeed: 7, regularisations: [1], particles: 5 },
    ['particles=5', '2 × 5 particles', 'shooting, λ = 1'],
  ],
  ['fractal/cantor-set', { firstSeed: 7, start: 0.5, steps: 5000 }, ['start=0.5', '5,000 steps from 0.5']],
  ['fractal/plane', { firstSeed: 7, steps: 30_001 }, ['30,001 steps']],
  [
    'fractal/least-squares',
    { seeds: 1, firstSeed: 7, examples: 8, dimension: 3, noise: 0, steps: 40, stepSizes: [0.1] },
    ['8 examples of 3 normal numbers', 'noise=0'],
  ],
  [
    'gradcosine/blobs',
    { seeds: 1, firstSeed: 7, part: 2, inputs: 3, hidden: [4], steps: 3, iterations: 2 },
    ['mlp(hidden=[4], activation=tanh)', '8 examples of 3 numbers'],
  ],
];

describe('a figure with chosen options', () => {
  it.each(small)('%s is made with these, and says so', async (name, chosen, words) => {
    const { sections, settings, claims } = await made(name, chosen);
    const [first] = sections;
    const { title, problem, about, verdict } = first!;
    const text = [title, problem, about, ...verdict].join('\n');
    for (const word of words) expect(text).toContain(word);
    const seeds = new Set(sections.flatMap(({ runs }) => runs.flatMap(({ seed }) => seed ?? [])));
    expect(Math.min(...seeds)).toBe(7);
    expect(seeds.size).toBe(chosen['seeds'] ?? 1);
    for (const option of Object.keys(chosen))
      expect(settings.map((setting) => setting.name)).toContain(`${option}, as chosen`);
    // sizes that no statement is about
    expect(claims.filter(({ expected }) => expected)).toEqual([]);
  });
  it.each([
    ['threshold-networks/lasso', { examples: 13 }, 'examples is 13; expected a whole number >= 1 and <= 12'],
    ['neural-ode/uniqueness', { steps: 5 }, 'steps is 5; expected a whole number >= 40'],
    ['screening/reweighted', { concavities: [-1] }, 'expected a list of numbers >= 0 and <= 100, as ['],
    ['fractal/cantor-set', { start: 2 }, 'start is 2; expected a number >= 0 and <= 1'],
    ['gradcosine/fashion-mlp', { data: 5 }, 'expected a data set’s spec, as fashion-mnist, or a path'],
    ['multilevel/poisoning', { dimension: 1 }, 'dimension is 1; expected a whole number >= 2'],
  ])('%s refuses %j at the door', (name, chosen, words) =>
    expect(() => withChosen(figuresNamed(name).figures, chosen)).toThrow(words),
  );
});
