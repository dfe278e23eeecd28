// node agreement-stillpoint.mjs <workload> <engine> <batch> <folder>: D's and G's loss and gradient at one
// point, written for agreement.py.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normal } from '@stillpoint/operators';
import { gameOf } from './game.mjs';
import { lane, tell } from './protocol.mjs';
import { startOf, writeArray, writeStart } from './start.mjs';

const [workload, engine, batch, folder] = process.argv.slice(2);

await lane(async () => {
  const game = await gameOf(workload, { engine, threads: 1, batch: Number(batch) });
  const { z, layout } = startOf(workload);
  // Biases start at 0 and scales at 1. They are changed, so that mistaking one for another shows.
  for (const { player, name, offset, shape } of layout) {
    if (shape.length === 1)
      normal(new Float32Array(shape[0]), { seed: 2, purpose: `${player}.${name}` }, 0, 0.1).forEach(
        (move, i) => {
          z[offset + i] += move;
        },
      );
  }
  writeStart(folder, workload, { z, layout });
  const sample = game.draw(0);
  const gradient = new Float32Array(game.dim);
  const losses = new Float32Array(2);
  for (const player of [0, 1]) await game.operator(z, gradient, { sample, player, losses, buffers: {} });
  const { real, noise: noiseD } = sample.D;
  const { noise: noiseG } = sample.G;
  for (const [name, array] of Object.entries({ real, noiseD, noiseG, gradient, losses }))
    writeArray(folder, name, array);
  writeFileSync(join(folder, 'batch.json'), JSON.stringify({ batch: Number(batch) }));
  tell({ ready: game.version });
});
