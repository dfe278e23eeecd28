import { datasetFrom } from '@stillpoint/datasets';
import type { EngineName } from '@stillpoint/engine';
import { ganGame, modelFrom } from '@stillpoint/gans';

/** What `engineSpeed` measures, in words. */
export const speedWords = 'gradients of a small GAN a second (2-128-128 networks, batch 256, 1 thread)';

/**
 * Calls `ask` until WebAssembly is compiled to its fast tier: V8 starts it in a tier that is 10 to 40 times
 * slower, and replaces that function by function, in the background, for some seconds. Ends when the fastest
 * call took less than a third of the first two's average and ten calls brought none that is faster by a
 * tenth, or after `limit` milliseconds. Returns whether it saw the change.
 */
export async function warmUp(
  ask: () => Promise<void>,
  limit = 15_000,
  now: () => number = () => performance.now(),
): Promise<boolean> {
  const begun = now();
  await ask();
  await ask();
  const slow = (now() - begun) / 2;
  let [fastest, since] = [slow, 0];
  const settled = (): boolean => fastest < slow / 3 && since >= 10;
  while (!settled() && now() - begun < limit) {
    const start = now();
    await ask();
    const took = now() - start;
    since = took < 0.9 * fastest ? 0 : since + 1;
    fastest = Math.min(fastest, took);
  }
  return settled();
}

/**
 * How often one engine computes both players' gradients in a second, measured for about `seconds` after two
 * calls to warm up, or as many as wasm needs. Rejects if the engine cannot run.
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
    await ask(); // the first call of any engine sets it up
    await (engine === 'wasm' ? warmUp(ask) : ask());
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
