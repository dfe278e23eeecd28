// node lane-tfjs.mjs <workload> <threads> <tensorflow|wasm|cpu> [folder]: stock tfjs, op by op, as its users
// train. The packages are found in the folder's node_modules, else in this bench's or the engine's.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sizeOf } from '@stillpoint/operators';
import { lane, missing, rounds } from './protocol.mjs';
import { networksOf } from './networks.mjs';
import { realOf, startOf } from './start.mjs';
import { adam, plainOnly, workloads } from './workloads.mjs';

const [workload, threads, backend, folder] = process.argv.slice(2);

const here = createRequire(import.meta.url);
const places = [
  ...(folder === undefined ? [] : [createRequire(join(folder, 'package.json'))]),
  here,
  createRequire(here.resolve('@stillpoint/engine/package.json')),
];

/**
 * The first place that has the package: its companions must come from there too, or there would be two
 * tfjs-core.
 */
function placeOf(name) {
  const found = places.find((place) => {
    try {
      return place.resolve(name);
    } catch {
      return false;
    }
  });
  return (
    found ??
    missing(
      `${name} is not installed: ${name.endsWith('-node') ? 'npm run tfjs-node builds it, or ' : ''}npm install ${name}@4.22.0 @tensorflow/tfjs-layers@4.22.0 in a folder of its own, then --peers <that folder>`,
    )
  );
}

/** The tfjs package that is requested, and its version as text. */
async function load() {
  if (backend === 'tensorflow') {
    const tf = placeOf('@tensorflow/tfjs-node')('@tensorflow/tfjs-node');
    return { tf, version: `tfjs-node ${tf.version['tfjs-node']}` };
  }
  const require = placeOf(`@tensorflow/tfjs-backend-${backend}`);
  const tf = require('@tensorflow/tfjs-core');
  require('@tensorflow/tfjs-layers'); // registers the gradients
  tf.enableProdMode();
  const { setThreadsCount } = require(`@tensorflow/tfjs-backend-${backend}`);
  setThreadsCount?.(Number(threads)); // else it may hang in Node
  await tf.setBackend(backend);
  return { tf, version: `tfjs ${backend} ${tf.version_core}` };
}

await lane(async () => {
  if (workload.includes('-')) missing(plainOnly);
  const { tf, version } = await load();
  const { discriminator, generator } = networksOf(workload, tf);
  const { batch, latent, shape } = workloads[workload];
  const { z, layout } = startOf(workload);
  const variablesOf = (wanted) =>
    layout
      .filter(({ player }) => player === wanted)
      .map((entry) =>
        tf.variable(tf.tensor(z.slice(entry.offset, entry.offset + sizeOf(entry.shape)), entry.shape)),
      );
  const [d, g] = [variablesOf('D'), variablesOf('G')];
  const optimizer = () => tf.train.adam(adam.stepSize, adam.beta1, adam.beta2, adam.epsilon);
  const players = { D: optimizer(), G: optimizer() };
  const size = sizeOf(shape);
  const fixed = workload === 'W1' ? undefined : tf.tensor2d(realOf(workload)(batch), [batch, size]);
  const noise = () => tf.randomNormal([batch, latent]);
  const logits = (x) => discriminator.apply(d, x);
  const dLoss = () =>
    tf.add(
      tf.mean(tf.softplus(tf.neg(logits(fixed ?? tf.randomNormal([batch, size]))))),
      tf.mean(tf.softplus(logits(generator.apply(g, noise())))),
    );
  const gLoss = () => tf.mean(tf.softplus(tf.neg(logits(generator.apply(g, noise())))));
  const update = (player, loss, variables) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables);
      players[player].applyGradients(grads);
      return value.dataSync()[0];
    });

  const after = rounds(version);
  for (let more = true; more;) {
    const wait = after([update('D', dLoss, d), update('G', gLoss, g)]);
    if (wait !== undefined) more = await wait;
  }
});
