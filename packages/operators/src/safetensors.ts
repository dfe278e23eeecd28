import type { Vector } from './contracts.js';
import { InputError } from './errors.js';

// https://github.com/huggingface/safetensors: u64 little-endian header length, JSON header, then the tensors without holes.

/** Tensors by name (one-dimensional; F32 or F64) and text metadata. */
export interface Safetensors {
  readonly tensors: { readonly [name: string]: Vector };
  readonly metadata: { readonly [key: string]: string };
}

const LIMIT = 100 * 2 ** 20;

/** The bytes of a safetensors file; wider tensors first, so that each is aligned. */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: { [key: string]: unknown } = { __metadata__: metadata };
  const ordered = Object.entries(tensors).sort(([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT);
  let end = 0;
  for (const [name, tensor] of ordered) header[name] = { dtype: tensor instanceof Float32Array ? 'F32' : 'F64', shape: [tensor.length], data_offsets: [end, (end += tensor.byteLength)] };
  const json = JSON.stringify(header);
  const bytes = new TextEncoder().encode(json);
  const padding = (8 - (bytes.length % 8)) % 8;
  const start = 8 + bytes.length + padding;
  const out = new Uint8Array(start + end);
  new DataView(out.buffer).setBigUint64(0, BigInt(bytes.length + padding), true);
  out.set(bytes, 8);
  out.fill(0x20, 8 + bytes.length, start);
  let offset = start;
  for (const [, tensor] of ordered) {
    out.set(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength), offset);
    offset += tensor.byteLength;
  }
  return out;
}

/** Reads what `writeSafetensors` or any other writer of F32 and F64 wrote. @throws InputError naming what is wrong. */
export function readSafetensors(bytes: Uint8Array, name = 'safetensors file'): Safetensors {
  const bad = (what: string): InputError => new InputError(`${name}: ${what}`);
  if (bytes.length < 8) throw bad(`${bytes.length} bytes; expected at least 8`);
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (size > LIMIT || 8 + size > bytes.length) throw bad(`its header claims ${size} bytes, the file has ${bytes.length}; it is truncated or no safetensors file`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + size)));
  } catch (cause) {
    throw new InputError(`${name}: its header is no JSON`, { cause });
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header)) throw bad('its header is no JSON object');
  const tensors: { [name: string]: Vector } = {};
  const metadata: { [key: string]: string } = {};
  const data = bytes.subarray(8 + size);
  const spans: (readonly [number, number])[] = [];
  for (const [key, entry] of Object.entries<unknown>(Object.fromEntries(Object.entries(header)))) {
    if (key === '__metadata__') {
      if (entry !== null && typeof entry === 'object') for (const [k, v] of Object.entries(entry)) metadata[k] = String(v);
      continue;
    }
    const { dtype, shape, start, end } = tensorEntry(entry) ?? (() => { throw bad(`the entry of ${key} is not { dtype, shape, data_offsets }`); })();
    const width = dtype === 'F32' ? 4 : dtype === 'F64' ? 8 : 0;
    if (width === 0) throw bad(`${key} is of type ${dtype}; expected F32 or F64`);
    if (end > data.length || start > end || end - start !== width * shape.reduce((a, b) => a * b, 1)) throw bad(`${key} claims bytes ${start} to ${end} of ${data.length} for the shape [${shape.join(',')}] of ${dtype}`);
    spans.push([start, end]);
    const own = new Uint8Array(data.subarray(start, end)).buffer; // a copy: a Buffer's slice would be a view of its pool
    tensors[key] = width === 4 ? new Float32Array(own) : new Float64Array(own);
  }
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let covered = 0;
  for (const [start, end] of spans) {
    if (start !== covered) throw bad(`bytes ${Math.min(start, covered)} to ${Math.max(start, covered)} are ${start > covered ? 'not covered' : 'claimed twice'}`);
    covered = end;
  }
  if (covered !== data.length) throw bad(`${data.length - covered} bytes follow the last tensor`);
  return { tensors, metadata };
}

function tensorEntry(entry: unknown): { dtype: string; shape: number[]; start: number; end: number } | undefined {
  if (entry === null || typeof entry !== 'object' || !('dtype' in entry) || !('shape' in entry) || !('data_offsets' in entry)) return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  const whole = (list: unknown): list is number[] => Array.isArray(list) && list.every((x) => Number.isSafeInteger(x) && x >= 0);
  if (typeof dtype !== 'string' || !whole(shape) || !whole(offsets) || offsets.length !== 2) return undefined;
  return { dtype, shape, start: offsets[0] ?? 0, end: offsets[1] ?? 0 };
}
