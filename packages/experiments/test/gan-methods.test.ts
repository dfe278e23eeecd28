import { expect, it } from 'vitest';
import { spaceFor } from '@stillpoint/optimizers';
import { checkSpecNeeds, fits, methods } from '@stillpoint/optimizers/registry';
import { anyGan } from '../src/gan-comparison.js';

// Methods are checked on a game of two players before a GAN is built: it has what every GAN has.

const space = spaceFor(anyGan, new Float64Array(0));

it('every method that needs losses or products only is accepted, every other is refused by name', () => {
  for (const row of methods) {
    const accepted = row.needs.every((need) => need === 'losses' || need === 'products');
    expect([row.name, fits(row, space)]).toEqual([row.name, accepted]);
  }
  for (const spec of ['greedy(stepSize=0.1)', 'greedy-adam']) checkSpecNeeds(spec, anyGan);
  expect(() => checkSpecNeeds('saga(stepSize=0.1)', anyGan)).toThrow(/saga needs a problem with terms/);
});
