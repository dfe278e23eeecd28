import { datasetFrom } from '@stillpoint/datasets';
import type { EngineName } from '@stillpoint/engine';
import { ganGame, modelFrom } from '@stillpoint/gans';

/** What `engineSpeed` measures, in words. */
export const speedWords = 'gradients of a small GAN a second (2-128-128 networks, batch 256, 1 thread)';

/**
 * How often one engine computes both players' gradients in a second, measured for about `seconds` after two
 * calls to warm up. Rejects if the engine cannot run.
 */
export async function engineSpeed(engine: EngineName, seconds = 1): Promise<number> {
  const { train } = await datasetFrom('ring');
  const game = await ganGame({
    ...modelFrom('mlp(latent=2, generator=[128,128], discriminator=[128,128])', train.shape),
    data: train,
    batch: 256,
    seed: 1,
    engine,
    threads: 1,
  });
  try {
    const z = game.initialise(1);
    const out = z.slice();
    const sample = game.draw(0);
    const asked = { sample, player: undefined, losses: new Float32Array(2), buffers: {} };
    const ask = async (): Promise<void> => game.operator(z, out, asked);
    await ask();
    await ask();
    const begun = performance.now();
    let made = 0;
    while (performance.now() - begun < 1000 * seconds) {
      await ask();
      made++;
    }
    return (1000 * made) / (performance.now() - begun);
  } finally {
    await game.dispose();
  }
}
