// The workloads as games of @stillpoint/gans.
import * as tf from '@tensorflow/tfjs-core';
import { ganGame } from '@stillpoint/gans';
import { networksOf } from './networks.mjs';
import { realOf } from './start.mjs';
import { workloads } from './workloads.mjs';

export function gameOf(workload, { engine, threads, batch = workloads[workload].batch }) {
  const data = { name: workload, shape: workloads[workload].shape, batch: realOf(workload) };
  return ganGame({ ...networksOf(workload, tf), data, batch, seed: 1, engine, threads });
}
