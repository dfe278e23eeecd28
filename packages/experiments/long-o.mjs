import { ring, fashionMnist } from '@stillpoint/datasets';
import { dcganDiscriminator, dcganGenerator, mlp, spectralNorm } from '@stillpoint/networks';
import { ganGame, lossFrom } from '@stillpoint/gans';
import { alternatingAdam, train } from '@stillpoint/optimizers';
const which = process.argv[2];
const steps = Number(process.argv[3]);
const data = which === 'ring' ? ring() : (await fashionMnist()).train;
const nets =
  which === 'ring'
    ? {
        generator: mlp({ sizes: [2, 64, 64, 2] }),
        discriminator: mlp({ sizes: [2, 64, 64, 1], activation: 'leaky-relu' }),
      }
    : { generator: dcganGenerator({ channels: 8 }), discriminator: dcganDiscriminator({ channels: 8 }) };
for (const [loss, sn] of [
  ['hinge', true],
  ['wasserstein(penalties=[gradient-penalty(weight=10)])', false],
  ['r3gan(weight=1)', false],
]) {
  const game = await ganGame({
    ...nets,
    ...(sn ? { discriminator: spectralNorm(nets.discriminator) } : {}),
    data,
    loss: lossFrom(loss),
    batch: which === 'ring' ? 128 : 16,
    seed: 1,
  });
  const t = performance.now();
  let last = [],
    worst = 0;
  const r = await train(game, alternatingAdam({ stepSize: 2e-4, beta1: 0.5, beta2: 0.9 }), {
    start: game.initialise(1),
    steps,
    observe: ({ losses }) => {
      last = Array.from(losses);
      worst = Math.max(worst, ...last.map(Math.abs).filter((x) => !Number.isNaN(x)));
    },
  });
  const samples = await game.sample(r.z, 500, 1);
  console.log(
    which,
    loss,
    sn ? 'SN' : '',
    r.status,
    r.ledger.gradients.join('+'),
    'last losses',
    last.map((x) => x.toFixed(3)).join(' '),
    'largest |loss|',
    worst.toFixed(2),
    'samples finite',
    samples.every(Number.isFinite),
    ((performance.now() - t) / steps).toFixed(1),
    'ms/step',
  );
  await game.dispose();
}
