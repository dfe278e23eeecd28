import { describe, expect, it } from 'vitest';
import { ring } from '@stillpoint/datasets';
import { ganGame, lossFrom } from '@stillpoint/gans';
import { mlp } from '@stillpoint/networks';
import type { Section } from '@stillpoint/tracking';
import { compareOnProblem } from '../src/problem-comparison.js';

describe('a GAN of one’s own, compared', () => {
  const compared = async (loss: string): Promise<Section> => {
    const gan = await ganGame({
      generator: mlp({ sizes: [2, 4, 2] }),
      discriminator: mlp({ sizes: [2, 4, 1] }),
      data: ring({ modes: 8 }),
      loss: lossFrom(loss),
      batch: 4,
      seed: 3,
      engine: 'cpu',
    });
    const section = await compareOnProblem(gan, {
      title: 'mine',
      methods: ['gda(stepSize=0.001)'],
      steps: 2,
    });
    await gan.dispose();
    return section;
  };
  const missing = 'Note: the loss wasserstein has no lower bound for D while nothing limits D’s slope';

  it('says in its settings and in each run what its loss lacks', async () => {
    const { settings, runs } = await compared('wasserstein');
    expect(settings['problem']).toContain(missing);
    expect(runs.map(({ message }) => message?.includes(missing))).toEqual([true]);
  });

  it('says nothing of the kind where the loss lacks nothing', async () => {
    const { settings, runs } = await compared('wasserstein(penalties=[gradient-penalty])');
    expect(settings['problem']).toMatch(/^gan\(/);
    for (const text of [settings['problem'], runs[0]?.message]) expect(text).not.toContain('Note:');
  });
});
