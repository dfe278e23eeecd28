import { describe, expect, it } from 'vitest';
import { formatSpec, type Game } from '@stillpoint/operators';
import { amsgrad, iterate, solve } from '../src/index.js';
import { methodFrom, specOf } from '../src/registry.js';
import { box, run } from './forsaken.js';

describe('AMSGrad as PyTorch computes it', () => {
  it('torch.optim.Adam(lr=.1, betas=(.6, .7), eps=1e-3, amsgrad=True), three given gradients from (.5, −1, 2) (torch 2.13.0, float64)', () => {
    const gradients = [
      [1, -2, 0.1],
      [0.3, 0.5, -0.2],
      [-0.7, 0.1, 3],
    ];
    let k = 0;
    const given: Game = {
      name: 'given',
      dim: 3,
      players: [{ name: 'x', start: 0, end: 3 }],
      operator: (_, out) => {
        out.set(gradients[k++] ?? []);
      },
    };
    const method = amsgrad({ stepSize: 0.1, beta1: 0.6, beta2: 0.7, epsilon: 1e-3 });
    const states = iterate(given, method, Float64Array.of(0.5, -1, 2));
    for (const wanted of [
      [0.4000999000999001, -0.9000499750124937, 1.900990099009901],
      [0.3268543735239751, -0.8715470461259873, 1.9532994688039775],
      [0.3386661429493101, -0.8594754488335643, 1.8800800773054094],
    ]) {
      // ten roundings a step
      Array.from(states.next().value.z).forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 14));
    }
  });
});

describe('the methods of the GAN tables of arXiv 2310.13459, as specs', () => {
  it.each([
    'gda',
    'extragradient',
    'eg-plus',
    'lookahead(gda, steps=5)',
    'lookahead(extragradient, steps=5)',
    'lookahead(eg-plus, steps=5)',
    'rapp',
    'adam',
    'extra-adam',
    'extra-adam(relaxation=0.5)',
    'lookahead(adam, steps=5)',
    'lookahead(extra-adam, steps=5)',
    'lookahead(extra-adam(relaxation=0.5), steps=5)',
    'lookahead(lookahead(alternating-adam, steps=5), steps=100)',
  ])('%s runs, and its full spec builds the same method', (spec) => {
    const method = methodFrom(spec, { lipschitz: 20 });
    const again = methodFrom(formatSpec(specOf(method)));
    expect(again.options).toEqual(method.options);
    expect(run(again, 30)).toEqual(run(method, 30));
    expect(run(method, 200, box).every((x) => Math.abs(x) <= 1.5)).toBe(true);
  });
});

describe('specs of transforms', () => {
  it('print and parse back', () => {
    const method = methodFrom(
      'transform(gda(stepSize=0.1), chain(clip-by-norm(threshold=0.5), by-player(momentum(decay=0.2), adam)))',
    );
    const spec = formatSpec(specOf(method));
    expect(methodFrom(spec).options).toEqual(method.options);
    expect(spec).toContain(
      'chain(clip-by-norm(threshold=0.5), by-player(momentum(decay=0.2, nesterov=false), adam(',
    );
  });
  it.each([
    [
      'transform(gda(stepSize=1))',
      'method transform takes one method and one transform before its options; found gda',
    ],
    ['transform(gda(stepSize=1), clip)', 'unknown transform "clip"; did you mean clip-by-norm?'],
    ['transform(gda(stepSize=1), chain)', 'transform chain takes transforms; found 0'],
    ['transform(gda(stepSize=1), momentum(adam))', 'takes options only'],
    ['transform(gda(stepSize=1), adam, adam)', 'found gda and adam and adam'],
    ['transform(gda(stepSize=1), momentum(decay=1))', 'decay is 1; expected a number > -1 and < 1'],
    ['transform(gda(stepSize=1), momentum(nesterov=1))', 'nesterov is 1; expected true or false'],
  ])('%s is refused', (spec, message) => expect(() => methodFrom(spec)).toThrow(message));
  it('by-player with too few transforms is refused when a run begins', () => {
    expect(() => solve(box, methodFrom('transform(gda(stepSize=1), by-player(adam))'), { steps: 1 })).toThrow(
      'by-player has 1 transforms; expected one for each of x, y',
    );
  });
});
