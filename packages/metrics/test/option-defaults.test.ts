import { expect, it } from 'vitest';
import { metrics } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it('the options of all metrics are as they were: what they accept, and defaults', async () => {
  await expect(optionsOf(metrics)).toMatchFileSnapshot('options/metrics.txt');
});
