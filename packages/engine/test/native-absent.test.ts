import { expect, test, vi } from 'vitest';
import { compile } from '../src/index.js';

const reason = 'onnxruntime-node is not installed; npm install onnxruntime-node';
// The engine without onnxruntime-node, whether or not it is installed.
vi.mock('../src/load.js', async (original) => ({
  ...(await original<typeof import('../src/load.js')>()),
  loadNative: () => Promise.resolve({ found: false, reason }),
}));

test('auto takes wasm, and `about` says in one line why not native', async () => {
  const f = await compile(({ x }) => ({ y: x }), { inputs: { x: [1] } });
  expect(f.engine).toBe('wasm');
  expect(f.about).toBe(`engine wasm: ${f.version}, 1 thread; not native: ${reason}`);
  await f.dispose();
});

test('engine native is refused with the reason', async () => {
  await expect(compile(({ x }) => ({ y: x }), { inputs: { x: [1] }, engine: 'native' })).rejects.toThrow(
    reason,
  );
});
