// Where every lane starts: the same parameters in one flat vector, the same real examples.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normal, sizeOf, uniform } from '@stillpoint/operators';
import { networksOf } from './networks.mjs';
import { workloads } from './workloads.mjs';

/** The flat start, D before G, and where each parameter lies in it. Needs no tfjs: only `apply` does. */
export function startOf(workload) {
  const { discriminator, generator } = networksOf(workload, undefined);
  const entries = [
    ['D', discriminator],
    ['G', generator],
  ].flatMap(([player, network]) => network.parameters.map((parameter) => ({ player, network, parameter })));
  const z = new Float32Array(entries.reduce((sum, { parameter }) => sum + sizeOf(parameter.shape), 0));
  let offset = 0;
  const layout = entries.map(({ player, network, parameter }) => {
    const entry = { player, name: parameter.name, offset, shape: parameter.shape };
    network.initialise(parameter, z.subarray(offset, (offset += sizeOf(parameter.shape))), {
      seed: 1,
      purpose: `weights ${player}.${parameter.name}`,
    });
    return entry;
  });
  return { z, layout };
}

/**
 * The real examples of a step: fresh N(0, I) for W1, one batch of uniform noise in [-1, 1) for the images, as
 * speed does not depend on it.
 */
export function realOf(workload) {
  const { batch, shape } = workloads[workload];
  if (workload === 'W1')
    return (size, stream) => normal(new Float32Array(size * 2), { ...stream, purpose: 'data' });
  const examples = uniform(new Float32Array(batch * sizeOf(shape)), { seed: 1, purpose: 'data' }).map(
    (u) => 2 * u - 1,
  );
  return (size) => examples.slice(0, size * sizeOf(shape)); // a copy, as a data set would make
}

/** The class of each of these images: 0, 1, …, and again from 0. */
export const labelsOf = (workload) => {
  const { batch, classes } = workloads[workload];
  return Array.from({ length: batch }, (_, i) => i % classes);
};

/** Raw little-endian float32, for numpy.fromfile. */
export const writeArray = (folder, name, array) =>
  writeFileSync(
    join(folder, `${name}.f32`),
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );

/** Writes workload.json, start.f32 and real.f32, which the Python lanes read. */
export function writeStart(folder, workload, { z, layout } = startOf(workload)) {
  const { batch, shape, latent } = workloads[workload];
  writeFileSync(join(folder, 'workload.json'), JSON.stringify({ workload, batch, shape, latent, layout }));
  writeArray(folder, 'start', z);
  writeArray(folder, 'real', realOf(workload)(batch, { seed: 1, call: 0 }));
}
