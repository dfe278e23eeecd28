import { expect, it } from 'vitest';
import { gridOf } from '../src/index.js';

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
