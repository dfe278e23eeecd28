import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder } from './folder.js';

/** A Python that has onnx, onnxruntime and numpy: the one that this variable names, or the machine's. */
export const python = process.env['STILLPOINT_ONNX_PYTHON'] ?? 'python3';
const reader = fileURLToPath(new URL('read-onnx.py', import.meta.url));

/** Whether that Python has the packages. If not, says that what is skipped. */
export function hasOnnx(what: string): boolean {
  const found = spawnSync(python, ['-c', 'import numpy, onnx, onnxruntime']).status === 0;
  if (!found)
    process.stderr.write(
      `Skipped: ${what}. ${python} lacks onnx, onnxruntime or numpy; STILLPOINT_ONNX_PYTHON names another Python.\n`,
    );
  return found;
}

/** A float32 tensor. */
export interface Array32 {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
type Arrays = { readonly [name: string]: Array32 };

/** What Python finds in a file. A port is its type and its sizes: `['FLOAT', 'batch', 2]`. */
export interface PythonOnnx {
  readonly opsets: { readonly [domain: string]: number };
  readonly description: string;
  readonly metadata: { readonly [name: string]: string };
  readonly inputs: { readonly [name: string]: readonly (number | string)[] };
  readonly outputs: { readonly [name: string]: readonly (number | string)[] };
  /** The shapes of the initialisers. */
  readonly stored: { readonly [name: string]: readonly number[] };
  readonly runs: readonly Arrays[];
}

const textOf = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** Checks a file with the package onnx and runs it with onnxruntime, in Python. @throws what Python says. */
export function readInPython(bytes: Uint8Array, runs: readonly Arrays[]): PythonOnnx {
  const place = folder();
  const [model, feeds] = [join(place, 'model.onnx'), join(place, 'runs.json')];
  writeFileSync(model, bytes);
  writeFileSync(
    feeds,
    JSON.stringify(runs, (_, value: unknown) => (value instanceof Float32Array ? textOf(value) : value)),
  );
  const { status, stdout, stderr } = spawnSync(python, [reader, model, feeds], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout, (key, value: unknown) =>
    key === 'data' && typeof value === 'string'
      ? new Float32Array(new Uint8Array(Buffer.from(value, 'base64')).buffer)
      : value,
  );
}
