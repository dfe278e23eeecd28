import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError, contentHash, parseJson, shown } from '@stillpoint/operators';
import { isObject } from './json.js';
import { asAt, asValues, type At, type Values } from './rows.js';

// A checkpoint's file is the safetensors file of `encodeCheckpoint` with one more text in its metadata: step,
// calls and values. They are in the same file as the state, so that no kill comes between them, and can be
// read without the tensors.

/** When a checkpoint was made, and what was measured then. */
export interface CheckpointAt extends At {
  readonly values: Values;
}

/** What a checkpoint's header says. */
export interface Head extends CheckpointAt {
  /** The checksum over the checkpoint's content, as it is stated. */
  readonly checksum: string;
}

const METADATA = '__metadata__';
const ENTRY = 'stillpoint_run';
/** The largest header of a safetensors file, as its format says. */
const LIMIT = 100 * 2 ** 20;

type Parts = { readonly [name: string]: unknown };

/** Step, calls and values of a value, checked. @throws InputError if they are none. */
export function asCheckpointAt(value: unknown, what: string): CheckpointAt {
  const at = asAt(value, what);
  return { ...at, values: asValues(isObject(value) ? value['values'] : undefined) };
}

/** How long a header is, by the first 8 bytes of a file. @throws InputError if the file is shorter. */
function headerLength(start: Uint8Array, size: number, name: string): number {
  const stated = size < 8 ? Infinity : new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (stated > LIMIT || 8 + Number(stated) > size)
    throw new InputError(`${name}: it is truncated or no safetensors file, with ${size} bytes`);
  return Number(stated);
}

/** The parts of a header. @throws InputError if it is none of a checkpoint with `data` bytes of tensors. */
function headerParts(
  bytes: Uint8Array,
  data: number,
  name: string,
): { readonly header: Parts; readonly metadata: Parts; readonly checksum: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`${name}: its header is not UTF-8`, { cause });
  }
  const header = parseJson(text, `${name}: its header`);
  const metadata = isObject(header) ? header[METADATA] : undefined;
  const checksum = isObject(metadata) ? metadata['checksum'] : undefined;
  if (!isObject(header) || !isObject(metadata) || typeof checksum !== 'string')
    throw new InputError(`${name}: its header is none of a checkpoint: it states no checksum`);
  let end = 0;
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor === METADATA) continue;
    const offsets = isObject(entry) ? entry['data_offsets'] : undefined;
    const last: unknown = Array.isArray(offsets) ? offsets[1] : undefined;
    if (typeof last !== 'number') throw new InputError(`${name}: ${shown(tensor)} has no place in it`);
    end = Math.max(end, last);
  }
  if (end !== data)
    throw new InputError(`${name}: it has ${data} bytes of tensors; its header states ${end}`);
  return { header, metadata, checksum };
}

/** A checksum that ties what was measured to the checkpoint. */
const tie = ({ step, calls, values }: CheckpointAt, checksum: string): string =>
  contentHash(JSON.stringify([step, calls, values, checksum]));

/**
 * The bytes of a checkpoint's file, in two pieces: the header, and the tensors as they are.
 * @throws InputError if `bytes` are none of `encodeCheckpoint`.
 */
export function withEntry(bytes: Uint8Array, at: CheckpointAt): readonly [Uint8Array, Uint8Array] {
  const name = 'the checkpoint';
  if (!(bytes instanceof Uint8Array))
    throw new InputError(`${name} is ${shown(bytes)}; expected the bytes that encodeCheckpoint returns`);
  const length = headerLength(bytes, bytes.length, name);
  const tensors = bytes.subarray(8 + length);
  const { header, metadata, checksum } = headerParts(bytes.subarray(8, 8 + length), tensors.length, name);
  const entry = JSON.stringify({ ...at, checksum: tie(at, checksum) });
  const text = JSON.stringify({ ...header, [METADATA]: { ...metadata, [ENTRY]: entry } });
  const encoded = new TextEncoder().encode(text);
  const padded = 8 * Math.ceil(encoded.length / 8);
  if (padded > LIMIT)
    throw new InputError(`${name}: its header has ${padded} bytes; expected at most ${LIMIT}`);
  const head = new Uint8Array(8 + padded).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(encoded, 8);
  return [head, tensors];
}

/** What a header says. @throws InputError if it is damaged. */
function headOf(header: Uint8Array, data: number, name: string): Head {
  const { metadata, checksum } = headerParts(header, data, name);
  const text = metadata[ENTRY];
  const json = typeof text === 'string' ? parseJson(text, `${name}: its entry`) : undefined;
  const at = asCheckpointAt(json, `${name}: its entry`);
  if (!isObject(json) || json['checksum'] !== tie(at, checksum))
    throw new InputError(`${name}: its step, calls or values are damaged`);
  return { ...at, checksum };
}

/** What a checkpoint's file says, read without its tensors. @throws InputError if it is damaged. */
export function readHead(path: string): Head {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const read = (length: number, position: number): Uint8Array => {
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length;) {
        const got = readSync(file, bytes, done, length - done, position + done);
        if (got === 0) throw new InputError(`${path}: it became shorter while it was read`);
        done += got;
      }
      return bytes;
    };
    const length = headerLength(size < 8 ? new Uint8Array(8) : read(8, 0), size, path);
    return headOf(read(length, 8), size - 8 - length, path);
  } finally {
    closeSync(file);
  }
}

/** What the bytes of a checkpoint's file say. @throws InputError if they are damaged. */
export function headOfBytes(bytes: Uint8Array, name: string): Head {
  const length = headerLength(bytes, bytes.length, name);
  return headOf(bytes.subarray(8, 8 + length), bytes.length - 8 - length, name);
}
