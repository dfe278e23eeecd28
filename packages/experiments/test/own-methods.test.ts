import { describe, expect, it } from 'vitest';
import { lazyFacts } from '@stillpoint/operators';
import { methodsIn } from '../src/trial/method-source.js';

/** A module whose default export is this function. */
const moduleOf = (code: string): string =>
  `data:text/javascript,${encodeURIComponent(`export default ${code}`)}`;

describe('the function of a methods file', () => {
  it('reads facts as they are asked for, and what the packages export beside them', async () => {
    let computed = 0;
    const facts = lazyFacts({
      lipschitz: () => 4,
      solution: () => {
        computed++;
        return [0];
      },
    });
    const code = '({ lipschitz, gda }) => ({ ...gda({ stepSize: 1 / lipschitz }), name: "mine" })';
    const [build] = await methodsIn(moduleOf(code), 'mine.mjs');
    const { name, options } = build!(facts);
    expect([name, options]).toEqual(['mine', { stepSize: 0.25 }]);
    expect(computed).toBe(0);
  });
  it('finds a fact that is not stated undefined', async () => {
    const code = '({ lipschitz, gda }) => gda({ stepSize: lipschitz === undefined ? 0.5 : 1 })';
    const [build] = await methodsIn(moduleOf(code), 'mine.mjs');
    expect(build!({}).options).toEqual({ stepSize: 0.5 });
  });
});
