import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folder } from '../../../testing/folder.js';

// onnxruntime-node reads its environment when its library loads, so this test file loads it by itself, after
// it has set the folders.
const kept = {
  HOME: process.env['HOME'],
  TMPDIR: process.env['TMPDIR'],
  XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
};
const home = folder();

beforeAll(() => {
  Object.assign(process.env, { HOME: home, TMPDIR: home, XDG_CACHE_HOME: join(home, 'cache') });
  delete process.env['ORT_DISABLE_TELEMETRY'];
});
afterAll(() => {
  for (const [name, value] of Object.entries(kept)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

test('the native engine writes no usage data: no log, no device id, no database', async () => {
  const { compile } = await import('../src/index.js');
  const f = await compile(({ x }) => ({ y: tf.square(x) }), { inputs: { x: [2] }, engine: 'native' });
  expect(Array.from((await f.run({ x: Float32Array.of(2, 3) })).y)).toEqual([4, 9]);
  await f.dispose();
  const left = readdirSync(home, { recursive: true }).map(String);
  expect(left.filter((name) => /mat-debug|deviceid|onnxruntime|Microsoft|\.db$/.test(name))).toEqual([]);
});
