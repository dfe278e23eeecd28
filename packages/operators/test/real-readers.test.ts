import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { emptyLedger, encodeCheckpoint, readSafetensors, writeSafetensors } from '../src/index.js';
import { dataTypes } from '../src/data/dtypes.js';

const python = (code: string, ...args: string[]): { status: number | null; stdout: string } =>
  spawnSync('python3', ['-c', code, ...args], { encoding: 'utf8' });
const available = python('import safetensors.numpy').status === 0;
const place = folder();

describe.skipIf(!available)('the safetensors library of Python', () => {
  it('opens a checkpoint: tensors by path, values bit for bit', () => {
    const path = join(place, 'checkpoint.safetensors');
    writeFileSync(
      path,
      encodeCheckpoint({
        game: 'g',
        method: 'adam',
        options: {},
        buffers: {},
        state: { z: Float32Array.of(0.1, -0, 3e38), moments: { v: Float64Array.of(1 / 3) }, k: 2 },
        seed: 0,
        ledger: { ...emptyLedger(1), steps: 2 },
        draws: [0],
        last: null,
      }),
    );
    const { stdout } = python(
      'import sys,json; from safetensors.numpy import load_file; print(json.dumps({k: [v.dtype.name, v.tobytes().hex()] for k, v in load_file(sys.argv[1]).items()}))',
      path,
    );
    const hex = (x: Float32Array | Float64Array): string => Buffer.from(x.buffer).toString('hex');
    expect(JSON.parse(stdout)).toEqual({
      'state.z': ['float32', hex(Float32Array.of(0.1, -0, 3e38))],
      'state.moments.v': ['float64', hex(Float64Array.of(1 / 3))],
    });
  });
  it('writes files that readSafetensors reads: every type that numpy has, with its shape', () => {
    const path = join(place, 'theirs.safetensors');
    const { status } = python(
      `
import sys, numpy
from safetensors.numpy import save_file
types = ['bool', 'uint8', 'int8', 'uint16', 'int16', 'float16', 'uint32', 'int32', 'float32', 'uint64', 'int64', 'float64']
tensors = {t: numpy.arange(6).astype(t).reshape(2, 3) for t in types}
tensors['counter'] = numpy.array(7, dtype='int64')
save_file(tensors, sys.argv[1], {'note': 'hi'})`,
      path,
    );
    expect(status).toBe(0);
    const { tensors, shapes, dtypes, metadata } = readSafetensors(readFileSync(path));
    const types = {
      bool: 'BOOL',
      uint8: 'U8',
      int8: 'I8',
      uint16: 'U16',
      int16: 'I16',
      float16: 'F16',
      uint32: 'U32',
      int32: 'I32',
      float32: 'F32',
      uint64: 'U64',
      int64: 'I64',
      float64: 'F64',
    };
    for (const [name, dtype] of Object.entries(types)) {
      expect(Array.from(tensors[name] ?? []), name).toEqual(
        name === 'bool' ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5],
      );
      expect([shapes[name], dtypes[name]]).toEqual([[2, 3], dtype]);
    }
    expect([Array.from(tensors['counter'] ?? []), shapes['counter'], metadata]).toEqual([
      [7],
      [],
      { note: 'hi' },
    ]);
  });
  it('reads the shapes and names that writeSafetensors writes', () => {
    const path = join(place, 'ours.safetensors');
    const tensors = {
      w: Float32Array.of(1, 2, 3, 4, 5, 6),
      one: Float64Array.of(7),
      ['__proto__']: new Float32Array(0),
    };
    writeFileSync(
      path,
      writeSafetensors({
        tensors,
        shapes: { w: [2, 3], one: [], ['__proto__']: [0, 4] },
        metadata: { note: 'ü' },
      }),
    );
    const { stdout } = python(
      `
import sys, json
from safetensors import safe_open
with safe_open(sys.argv[1], 'numpy') as f: print(json.dumps([{k: [list(f.get_tensor(k).shape), f.get_tensor(k).tolist()] for k in f.keys()}, f.metadata()]))`,
      path,
    );
    expect(JSON.parse(stdout)).toEqual([
      {
        w: [
          [2, 3],
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ],
        one: [[], 7],
        ['__proto__']: [[0, 4], []],
      },
      { note: 'ü' },
    ]);
  });
  it('knows every type that readSafetensors reads, with the same name and width', () => {
    const { stdout } = python(
      `
import sys, json, safetensors
def known(name, width):
    header = json.dumps({'x': {'dtype': name, 'shape': [4], 'data_offsets': [0, 4 * width]}}).encode()
    try: return safetensors.deserialize(len(header).to_bytes(8, 'little') + header + bytes(4 * width))[0][1]['dtype'] == name
    except Exception: return False
print(json.dumps([name for name, width in json.loads(sys.argv[1]) if not known(name, width)]))`,
      JSON.stringify(Array.from(dataTypes, ([name, { width }]) => [name, width])),
    );
    expect(
      JSON.parse(stdout).filter((name: string) => !['F8_E4M3FNUZ', 'F8_E5M2FNUZ', 'F8_E8M0'].includes(name)),
    ).toEqual([]); // which older versions of it lack
  });
});
