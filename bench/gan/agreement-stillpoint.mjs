// node agreement-stillpoint.mjs <workload> <engine> <batch> <folder>: D's and G's loss and gradient at one
// point, written for agreement.py.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normal, sizeOf } from '@stillpoint/operators';
import { gameOf } from './game.mjs';
import { lane, tell } from './protocol.mjs';
import { startOf, writeArray, writeStart } from './start.mjs';

const [workload, engine, batch, folder] = process.argv.slice(2);

await lane(async () => {
  const game = await gameOf(workload, { engine, threads: 1, batch: Number(batch) });
  const { z, layout } = startOf(workload);
  // Biases start at 0 and scales at 1, those of all classes alike. They are changed, so that mistaking one
  // for another shows.
  for (const { player, name, offset, shape } of layout) {
    if (shape.length === 1 || name.startsWith('norm'))
      normal(new Float32Array(sizeOf(shape)), { seed: 2, purpose: `${player}.${name}` }, 0, 0.1).forEach(
        (move, i) => {
          z[offset + i] += move;
        },
      );
  }
  writeStart(folder, workload, { z, layout });
  const sample = game.draw(0);
  const gradient = new Float32Array(game.dim);
  const losses = new Float32Array(2);
  // What D remembers is written as it starts and then moved, as after a step, so that this is compared too.
  const buffers = {};
  for (const { name, start } of game.buffers ?? []) {
    buffers[name] = Float32Array.from(start);
    writeArray(folder, `buffer.${name}`, buffers[name]);
  }
  await game.advance?.(z, buffers);
  for (const player of [0, 1]) await game.operator(z, gradient, { sample, player, losses, buffers });
  writeArray(folder, 'gradient', gradient);
  writeArray(folder, 'losses', losses);
  for (const [player, parts] of Object.entries(sample))
    for (const [part, array] of Object.entries(parts)) writeArray(folder, `${player}.${part}`, array);
  writeFileSync(join(folder, 'batch.json'), JSON.stringify({ batch: Number(batch) }));
  tell({ ready: game.engine.version });
});
