// The workloads as games of @stillpoint/gans.
import * as tf from '@tensorflow/tfjs-core';
import { ganGame, lossFrom } from '@stillpoint/gans';
import { spectralNorm } from '@stillpoint/networks';
import { networksOf } from './networks.mjs';
import { labelsOf, realOf } from './start.mjs';
import { workloads } from './workloads.mjs';

const range = (length) => Array.from({ length }, (_, i) => i);

export function gameOf(workload, { engine, threads, batch = workloads[workload].batch }) {
  const { shape, loss = 'non-saturating', spectral = false, classes } = workloads[workload];
  const { generator, discriminator } = networksOf(workload, tf);
  const data = {
    name: workload,
    shape,
    batch: realOf(workload),
    ...(classes !== undefined && { labels: labelsOf(workload), indices: (size) => range(size) }),
  };
  return ganGame({
    generator,
    discriminator: spectral ? spectralNorm(discriminator) : discriminator,
    data,
    loss: lossFrom(loss),
    batch,
    seed: 1,
    engine,
    threads,
  });
}
