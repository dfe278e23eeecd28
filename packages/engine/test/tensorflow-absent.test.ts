import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test, vi } from 'vitest';
import { compile, findEngines } from '../src/index.js';
import { loadTfjsNode } from '../src/load.js';

class Half extends tf.KernelBackend {
  override dispose(): void {}
}

const failing = (message: string) => (): Promise<unknown> => Promise.reject(new Error(message));

// The engine without tfjs-node, whether or not it is installed.
vi.mock('../src/load.js', async (original) => {
  const module = await original<typeof import('../src/load.js')>();
  return {
    ...module,
    loadTensorflow: (threads: number) =>
      module.loadTfjsNode(
        () => Promise.reject(new Error("Cannot find package '@tensorflow/tfjs-node' imported from load.js")),
        threads,
      ),
  };
});

const cure =
  'npm install @tensorflow/tfjs-node@4.22.0 (its install script downloads TensorFlow; in a checkout of Stillpoint npm run tfjs-node builds it without), or use engine native or wasm';

async function reasonOf(load: () => Promise<unknown>): Promise<string | undefined> {
  const loaded = await loadTfjsNode(load, 1);
  return loaded.found ? undefined : loaded.reason;
}

test('compile and the list of engines say that it is absent, and what to do', async () => {
  await expect(compile(({ x }) => ({ y: x }), { inputs: { x: [1] }, engine: 'tensorflow' })).rejects.toThrow(
    `@tensorflow/tfjs-node is not installed; ${cure}`,
  );
  expect(await findEngines(['tensorflow'])).toEqual([
    { engine: 'tensorflow', found: false, reason: `@tensorflow/tfjs-node is not installed; ${cure}` },
  ]);
});

test('auto does not load it', async () => {
  const f = await compile(({ x }) => ({ y: x }), { inputs: { x: [1] } });
  expect(f.engine).toBe('native');
  await f.dispose();
});

test('an absent package and a broken one are distinguished by the messages of Node, Vite and browsers', async () => {
  const absent = `@tensorflow/tfjs-node is not installed; ${cure}`;
  expect(
    await reasonOf(async () => createRequire(join(tmpdir(), 'nowhere.js'))('@tensorflow/tfjs-node')),
  ).toBe(absent);
  expect(
    await reasonOf(
      failing('Failed to resolve import "@tensorflow/tfjs-node" from "load.ts". Does the file exist?'),
    ),
  ).toBe(absent);
  expect(await reasonOf(failing("Failed to resolve module specifier '@tensorflow/tfjs-node'"))).toBe(absent);
  const broken =
    'its install script has not run or has failed: npm rebuild @tensorflow/tfjs-node runs it again, or use engine native or wasm';
  const addon =
    'The Node.js native addon module (tfjs_binding.node) can not be found at path: tfjs_binding.node.';
  expect(await reasonOf(failing(`${addon} \nPlease run command …`))).toBe(
    `@tensorflow/tfjs-node does not load (${addon}); ${broken}`,
  );
  // a dependency of tfjs-node is missing, not tfjs-node itself
  const part = "Cannot find module '@mapbox/node-pre-gyp'";
  expect(await reasonOf(failing(`${part}\nRequire stack:\n- @tensorflow/tfjs-node/dist/index.js`))).toBe(
    `@tensorflow/tfjs-node does not load (${part}); ${broken}`,
  );
});

test('a tfjs-node with another copy of tfjs-core is refused, since its tensors would not be the engine’s', async () => {
  expect(await reasonOf(async () => ({ default: { Tensor: class {} } }))).toContain(
    'uses another copy of @tensorflow/tfjs-core than the engine; install both at version 4.22.0',
  );
});

test("a load that fails half-way leaves the user's backend current and preferred", async () => {
  await tf.setBackend('cpu');
  const halfway = async (): Promise<unknown> => {
    tf.registerBackend('tensorflow', () => new Half(), 3);
    void tf.setBackend('tensorflow');
    throw new Error('Could not initialize TensorFlow backend.');
  };
  expect(await reasonOf(halfway)).toContain('does not load (Could not initialize TensorFlow backend.)');
  expect(tf.getBackend()).toBe('cpu');
  tf.removeBackend('tensorflow');
});
