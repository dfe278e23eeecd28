import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeCheckpoint, readSafetensors } from '../src/index.js';

const python = (code: string, ...args: string[]): { status: number | null; stdout: string } => spawnSync('python3', ['-c', code, ...args], { encoding: 'utf8' });
const available = python('import safetensors.numpy').status === 0;
const folder = mkdtempSync(join(tmpdir(), 'stillpoint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!available)('the safetensors library of Python', () => {
  it('opens a checkpoint: tensors by path, values bit for bit', () => {
    const path = join(folder, 'checkpoint.safetensors');
    writeFileSync(path, encodeCheckpoint({
      game: 'g', method: 'adam', options: {}, buffers: {}, state: { z: Float32Array.of(0.1, -0, 3e38), moments: { v: Float64Array.of(1 / 3) }, k: 2 },
      counts: { steps: 2, gradients: [2], losses: 0, products: 0, draws: [], last: [] },
    }));
    const { stdout } = python('import sys,json; from safetensors.numpy import load_file; print(json.dumps({k: [v.dtype.name, v.tobytes().hex()] for k, v in load_file(sys.argv[1]).items()}))', path);
    const hex = (x: Float32Array | Float64Array): string => Buffer.from(x.buffer).toString('hex');
    expect(JSON.parse(stdout)).toEqual({ 'state.z': ['float32', hex(Float32Array.of(0.1, -0, 3e38))], 'state.moments.v': ['float64', hex(Float64Array.of(1 / 3))] });
  });
  it('writes what we read', () => {
    const path = join(folder, 'theirs.safetensors');
    expect(python('import sys,numpy; from safetensors.numpy import save_file; save_file({"a": numpy.arange(3,dtype="float64"), "b": numpy.ones(2,dtype="float32")}, sys.argv[1], {"note": "hi"})', path).status).toBe(0);
    expect(readSafetensors(readFileSync(path))).toEqual({ tensors: { a: Float64Array.of(0, 1, 2), b: Float32Array.of(1, 1) }, metadata: { note: 'hi' } });
  });
});
