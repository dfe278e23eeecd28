import { describe, expect, it } from 'vitest';
import type { Given } from '@stillpoint/operators';
import type { PaperFigure } from '@stillpoint/tracking';
import { figuresNamed, reproduce, withChosen } from '../src/papers.js';

// Figures with options chosen: what they state and what they run follow from the options.

async function chosen(name: string, options: Given): Promise<PaperFigure> {
  const [made] = await reproduce(withChosen(figuresNamed(name).figures, options), { processes: 1 });
  return made!;
}
const verdicts = ({ claims }: PaperFigure) => claims.map(({ verdict }) => verdict);
const setting = ({ settings }: PaperFigure, wanted: string) =>
  settings.find(({ name }) => name === wanted)?.value;

describe('games in the plane from another start', () => {
  it('weak-minty/forsaken: close to the solution nothing cycles, and the claim says from where', async () => {
    const made = await chosen('weak-minty/forsaken', { start: [0.08, 0.42], steps: 1500 });
    expect(made.sections[0]!.runs.map(({ series }) => series['path']!.x[0])).toEqual(Array(5).fill(0.08));
    expect(made.claims.map(({ statement }) => statement)).toEqual([
      'From (0.08, 0.42) gda, extragradient, EG+ and AdaptiveEG+ with γ = 1/L do not reach the solution',
      'From (0.08, 0.42) CurvatureEG+ reaches the solution',
    ]);
    expect(verdicts(made)).toEqual(['not reproduced', 'reproduced']);
    expect(made.claims[0]!.source).toBe('Stillpoint’s, with other settings than the figure’s');
    expect(setting(made, 'start')).toBe('(0.08, 0.42); (1, −0.8) in the authors’ code, Forsaken.nb');
  });
  it.each([
    ['weak-minty/forsaken', { start: [2, 0] }, 'two numbers from -1.5 to 1.5, not both 0, as [1,-0.8]'],
    ['rapp/polar', { start: [0, 0] }, 'two numbers from -1.1 to 1.1, not both 0, as [1,0.5]'],
    ['extragradient-gan/bilinear', { start: [2, 1.5] }, 'the second from -1 to 1'],
    ['rapp/theory', { dimension: 7 }, 'an even number >= 2 and <= 600'],
    ['rapp/theory', { comonotone: [-0.43] }, '> -0.4275'],
    ['greedy/two-classes', { classes: [3, 3] }, 'two different whole numbers from 0 to 9'],
    ['lookahead-minmax/stochastic-bilinear', { batches: [1, 4] }, 'some of 1, 16, 64'],
  ])('%s refuses %j', (name, options, expected) => {
    expect(() => withChosen(figuresNamed(name).figures, options)).toThrow(expected);
  });
});

describe('what a theorem says, at other sizes', () => {
  it('weak-minty/lower-bound: the threshold is 1 − 2c for any c, L and start; on it nothing is judged', async () => {
    const options = { c: [0.2, 0.25], lipschitz: 7, start: [-3, 100], steps: 60 };
    const made = await chosen('weak-minty/lower-bound', options);
    expect(made.claims[0]!.measured).toBe('10 of 10 pairs of ᾱ and c as the theorem says');
    expect(verdicts(made)).toEqual(['reproduced']);
    const on = await chosen('weak-minty/lower-bound', { ...options, relaxations: [0.5, 0.6] });
    expect(on.claims[0]!.measured).toBe('2 of 2 pairs of ᾱ and c as the theorem says');
  });
  it('lookahead-minmax/batch-bilinear: the factors, and which α converge', async () => {
    const made = await chosen('lookahead-minmax/batch-bilinear', {
      seeds: 2,
      firstSeed: 41,
      dimension: 7,
      stepSize: 0.1,
      innerSteps: 30,
    });
    expect(verdicts(made)).toEqual(['reproduced', 'reproduced']);
    expect(made.claims[0]!.statement).toBe(
      'LA-GDA with α = 0.5, 0.4 and 0.8 converges, each whole step with the factor of the closed form',
    );
    expect(made.sections.map(({ title }) => title.slice(-7))).toEqual(['seed 41', 'seed 42']);
    expect(made.sections[0]!.problem).toContain('dimension=7, batch=7, gradients=sum, seed=41');
  });
  it('clipping: steps grow as the theory has it, between any slopes and starts', async () => {
    const quartic = await chosen('clipping/quartic', { starts: [3, 4, 5.5], tolerances: [0.1] });
    expect(quartic.claims[0]!.statement).toContain(
      'From x₀ = 4 to x₀ = 5.5 the clipped method needs at most 16',
    );
    expect(verdicts(quartic)).toEqual(['reproduced', 'reproduced']);
    const options = { slopes: [3, 20], L0: 2, L1: 5, accuracy: 0.05, distance: 20 };
    const bound = await chosen('clipping/lower-bound', options);
    expect(verdicts(bound)).toEqual(['reproduced', 'reproduced', 'reproduced']);
    expect(setting(bound, 'L₀, L₁, ε, d')).toBe('2, 5, 0.05, 20');
    const one = await chosen('clipping/quartic', { starts: [3], tolerances: [1] });
    expect(verdicts(one)).toEqual(['not tried here', 'reproduced']);
  });
  it('one-sided: the gradient of y stays at 1 or more in any dimension', async () => {
    const made = await chosen('one-sided/game-without-minty', { dimension: 5, start: 1, side: 0.25 });
    expect(verdicts(made)).toEqual(['reproduced']);
    expect(made.sections[0]!.problem).toBe('one-sided-only(dimension=5, start=1, side=0.25)');
    expect(setting(made, 'game')).toContain('side=−0.25');
  });
  it('rapp/theory: the bounds hold of other operators', async () => {
    const options = { seeds: 2, firstSeed: 9, dimension: 4, comonotone: [-0.3], calls: 600 };
    const made = await chosen('rapp/theory', options);
    expect(verdicts(made)).toEqual(['reproduced']);
    expect(made.sections.map(({ problem }) => problem.split('seed=')[1])).toEqual(['9)', '10)']);
    expect(made.claims[0]!.measured).toContain('that any of 2 runs reached: ρ = -0.3/L');
  });
});

it('greedy/functions: with other seeds the claims are still stated, and counted over them', async () => {
  const made = await chosen('greedy/functions', { seeds: 4, firstSeed: 1000 });
  expect(made.claims.map(({ verdict, expected }) => [verdict, expected])).toEqual(
    Array(3).fill(['reproduced', true]),
  );
  expect(made.claims[0]!.measured).toContain('ended in 4 of 4 runs');
  expect(setting(made, 'seeds')).toBe('1000 to 1003; the code states none');
});
it('lookahead-minmax/stochastic-bilinear: draws are those of the chosen seeds', async () => {
  const of = async (firstSeed: number) => {
    const made = await chosen('lookahead-minmax/stochastic-bilinear', {
      firstSeed,
      seeds: 1,
      calls: 2,
      batches: [64],
    });
    return made.sections[0]!.runs.map(({ seed, values }) => [seed, values['residual']]);
  };
  const [one, other, again] = [await of(5), await of(6), await of(5)];
  expect(one.map(([seed]) => seed)).toEqual(Array(5).fill(5));
  expect(again).toEqual(one);
  expect(other[1]![1]).not.toBe(one[1]![1]);
});
