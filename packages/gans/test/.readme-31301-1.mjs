import { ganGame } from '@stillpoint/gans';
import { mlp } from '@stillpoint/networks';
import { normal } from '@stillpoint/operators';
import { alternatingAdam, train } from '@stillpoint/optimizers';
const data = {
  name: 'N(3, 1)',
  shape: [1],
  batch: (size, stream) => normal(new Float32Array(size), { ...stream, purpose: 'data' }, 3),
};
const game = await ganGame({
  generator: mlp({ sizes: [1, 16, 1] }),
  discriminator: mlp({ sizes: [1, 16, 1] }),
  data,
  seed: 1,
});
const { z } = await train(game, alternatingAdam({ stepSize: 0.01, beta1: 0.5 }), {
  start: game.initialise(1),
  steps: 300,
});
const mean = (await game.sample(z, 1000, 1)).reduce((sum, x) => sum + x / 1000, 0);
console.log(`generated examples have mean ${Math.round(mean)}`); // → generated examples have mean 3
