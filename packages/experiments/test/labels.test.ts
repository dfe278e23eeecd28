import { describe, expect, it } from 'vitest';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { labelsOf, listed } from '../src/index.js';

describe('labels', () => {
  it('show what is not at its default, except what all agree on', () => {
    const built = [
      'gda(stepSize=0.1)',
      'lookahead(adam(stepSize=0.1, beta1=0.5), steps=20)',
      'adam(stepSize=0.2, beta1=0.5)',
      'lookahead(gda(stepSize=1))',
    ].map((spec) => methodFrom(spec));
    expect(labelsOf(built)).toEqual(['gda', 'lookahead(adam, steps=20)', 'adam', 'lookahead(gda)']);
  });
  it('leave out what the facts supplied, and show what was asked for', () => {
    const specs = ['consensus', 'lookahead(consensus)', 'consensus(penalty=0.3)', 'gda'];
    const built = specs.map((spec) => methodFrom(spec, { lipschitz: 1.8049 }));
    expect(labelsOf(built, specs)).toEqual(specs);
  });
  it('are never equal, not even where the same method is given twice', () => {
    expect(
      labelsOf(
        ['gda(stepSize=0.1)', 'adam(stepSize=0.1)', 'gda(stepSize=0.1)'].map((spec) => methodFrom(spec)),
      ),
    ).toEqual(['gda(stepSize=0.1) (no. 1)', 'adam', 'gda(stepSize=0.1) (no. 2)']);
  });
  it('show step sizes where nothing else tells them apart', () => {
    const built = [
      'gda(stepSize=0.1)',
      'lookahead(gda(stepSize=0.1))',
      'adam(stepSize=0.1)',
      'adam(stepSize=0.2)',
    ].map((spec) => methodFrom(spec));
    expect(labelsOf(built)).toEqual(['gda', 'lookahead(gda)', 'adam(stepSize=0.1)', 'adam(stepSize=0.2)']);
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
