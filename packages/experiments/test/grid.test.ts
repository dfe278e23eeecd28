import { expect, it } from 'vitest';
import { compareOnGame, gridOf, playedFrom, withGrid } from '../src/index.js';

it('a grid has every combination, with each option wherever a method has it', () => {
  expect(gridOf(['adam(beta1=0.9)', 'gda'], { stepSize: [0.1, 0.01], beta1: [0, 0.5] })).toEqual([
    'adam(beta1=0, stepSize=0.1)',
    'adam(beta1=0.5, stepSize=0.1)',
    'adam(beta1=0, stepSize=0.01)',
    'adam(beta1=0.5, stepSize=0.01)',
    'gda(stepSize=0.1)',
    'gda(stepSize=0.01)',
  ]);
  expect(gridOf(['lookahead(rapp(stepSize=0.1), steps=5)'], { weight: [0.5, 0.9] })).toEqual([
    'lookahead(rapp(stepSize=0.1, weight=0.5), steps=5, weight=0.5)',
    'lookahead(rapp(stepSize=0.1, weight=0.9), steps=5, weight=0.9)',
  ]);
});

it('values per player are one value, a repeated method is made once, a method without the options stays', () => {
  expect(gridOf(['adam'], { stepSize: [[1e-3, 1e-4], 0.01] })).toEqual([
    'adam(stepSize=[0.001,0.0001])',
    'adam(stepSize=0.01)',
  ]);
  expect(gridOf(['gda(stepSize=1)', 'gda(stepSize=2)'], { stepSize: [3] })).toEqual(['gda(stepSize=3)']);
  expect(gridOf(['gda', 'adam'], { beta2: [0.9] })).toEqual(['gda', 'adam(beta2=0.9)']);
});

it('an option that no method has is refused with the nearest', () => {
  expect(() => gridOf(['adam'], { stepsize: [1] })).toThrow(/"stepsize".*stepSize/);
});

it('a comparison of a grid has a picture of the headline over each option of several numbers', async () => {
  const vary = { stepSize: [0.1, 0.5], weight: [0.5], innerSteps: [3] };
  const section = await compareOnGame(playedFrom('linear(weakMinty=-0.1)'), {
    title: 'swept',
    methods: gridOf(['lookahead(extragradient, steps=5)', 'gda', 'rapp'], vary),
    stepSizes: 'as given',
    steps: 400,
  });
  const { runs, plots } = withGrid(section, vary);
  expect(plots.map(({ name }) => name).filter((name) => name.startsWith('over-'))).toEqual(['over-stepSize']);
  expect(plots[0]).toMatchObject({ draw: 'scatter', series: 'calls over stepSize', x: { scale: 'log' } });
  expect(new Set(runs.map(({ status }) => status)).size).toBeGreaterThan(1);
  for (const run of runs) {
    const stepSize = Number(/stepSize=([\d.]+)/.exec(run.method)![1]);
    const point = run.status === 'converged' ? { x: [stepSize], y: [run.calls] } : undefined;
    expect(run.series['calls over stepSize']).toEqual(point);
  }
});
