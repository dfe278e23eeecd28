import { sizeOf } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { countParameters, layerFrom, sequential } from '../src/index.js';
import { casesOf, checkCase, formula, parametersAt } from './at-formulas.js';

const cases = casesOf('layers');

describe.each(['native', 'wasm', 'cpu'] as const)('PyTorch’s numbers, on %s', (engine) => {
  it.each(cases.map((one) => [one.spec, String(one.x), one] as const))('%s of [%s]', async (_, __, one) => {
    const example = one.x.slice(1);
    const layer = layerFrom(one.spec);
    const { output, parameters } = layer.build(example, 'layer');
    expect(output).toEqual(one.output);
    expect(parameters.map(({ shape }) => shape)).toEqual(one.parameters);
    if (parameters.length > 0) {
      const net = sequential({ inputs: example, layers: [layer] });
      await checkCase(net, one, parametersAt(one.parameters), engine);
      return;
    }
    // a network has parameters: a dense layer follows, whose kernel is the identity
    const size = sizeOf(output);
    const layers = [layer, layerFrom('flatten'), layerFrom(`dense(units=${size}, bias=false)`)];
    const net = sequential({ inputs: example, layers });
    const identity = formula(countParameters(net), (i) => (i % (size + 1) === 0 ? 1 : 0));
    await checkCase(net, one, identity, engine);
  });
});
