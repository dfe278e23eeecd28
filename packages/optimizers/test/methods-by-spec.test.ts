import { describe, expect, it } from 'vitest';
import { waxpy, type Problem, type State } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { gda, iterate, lookahead, solve } from '../src/index.js';
import { checkSpecNeeds, methodFrom, methods, specOf } from '../src/registry.js';

const bilinear = gameFrom('bilinear');
/** A problem with nothing but gradients. */
const bare: Problem = { name: 'bare', dim: 2, players: bilinear.players, operator: () => undefined };

describe('methods by spec', () => {
  it.each([
    'gda(stepSize=0.1)',
    'lookahead(lookahead(alternating-adam(stepSize=[0.0002,0.0001], beta1=0.5), steps=3), steps=9, weight=0.4)',
  ])('%s is built, and its own spec builds it again', (text) => {
    const method = methodFrom(text);
    const again = methodFrom(specOf(method));
    expect([again.name, again.options]).toEqual([method.name, method.options]);
  });
  it.each([
    ['exragradient', 'did you mean extragradient?'],
    ['lookahead', 'method lookahead takes one method before its options; found none'],
    [
      'lookahead(gda(stepSize=1), rapp)',
      'method lookahead takes one method before its options; found gda and rapp',
    ],
    ['gda(rapp)', 'method gda takes options only; found rapp'],
    ['gda', 'method gda needs stepSize'],
    ['alternating-gda(stepSize=1, order=[0,2])', 'there is no player 2; this game has 0 (x), 1 (y)'],
    ['gda(stepSize=[1,1,1])', 'stepSize has 3 entries; expected one for each of x, y'],
  ])('%s is refused', (text, message) =>
    expect(() => solve(bilinear, methodFrom(text), { steps: 1 })).toThrow(message),
  );
  it.each(methods.filter(({ needs }) => needs.some((need) => need !== 'products')))(
    '$name, alone or inside another, is refused before its options are read where the game lacks what it needs',
    ({ name, players }) => {
      for (const spec of [name, `lookahead(ema(${name}), steps=0)`]) {
        const of = players === 1 ? { ...bare, players: [{ name: 'x', start: 0, end: bare.dim }] } : bare;
        expect(() => checkSpecNeeds(spec, of)).toThrow(`${name} needs a problem with `);
      }
    },
  );
  it.each(methods.filter(({ players }) => players === 1))(
    '$name, for one player, says so of a game of two before it says what else the game lacks',
    ({ name, sampler }) => {
      const wanted = sampler ? 'samples exp(−βf) of one player' : 'minimises for one player';
      for (const spec of [name, `lookahead(ema(${name}), steps=0)`])
        expect(() => checkSpecNeeds(spec, bare)).toThrow(`${name} ${wanted}; this game has x, y`);
    },
  );
  it('is not refused where the game has what it needs, whatever its options', () => {
    const sum = problemFrom('ridge').exact;
    for (const spec of ['saga', 'lookahead(lbfgs, steps=0)', 'gda']) checkSpecNeeds(spec, sum);
  });
  it('a method’s closure holds no state: two runs of one object interleave', () => {
    const method = lookahead(gda({ stepSize: 0.3 }), { steps: 3 });
    const [a, b] = [iterate(bilinear, method), iterate(bilinear, method)];
    for (let k = 0; k < 10; k++) a.next();
    for (let k = 0; k < 7; k++) b.next();
    const seven = solve(bilinear, method, { steps: 8 }).z;
    const state: State = b.next().value;
    expect(state.z).toEqual(seven);
    const out = new Float64Array(2);
    waxpy(out, out, 1, state.z);
    expect(out).toEqual(seven);
  });
});
