import { isRecord, type Data } from '../contracts/index.js';
import { crc32 } from './checksum.js';

/** A short hash of text or bytes, for an identity. It protects against accidents, not against forgery. */
export function contentHash(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return `${crc32()(bytes)}-${bytes.length}`;
}

function inWords(data: Data | undefined): string {
  if (data === undefined) return 'nothing';
  if (typeof data === 'number') return Object.is(data, -0) ? '-0' : String(data);
  if (ArrayBuffer.isView(data)) return `${data.constructor.name} of ${data.length}`;
  const text = JSON.stringify(data);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** The entries of an object, array or vector by name; undefined for any other value. */
function entries(data: Data | undefined): ReadonlyMap<string, Data> | undefined {
  if (data === null || typeof data !== 'object') return undefined;
  return new Map<string, Data>(Object.entries(data));
}

/**
 * The first part in which two identities differ, in words: "options.modes: 8 against 25", which is found
 * against expected. A part that only one of them has is a difference, too. Undefined if they are equal to the
 * last bit.
 */
export function identityDifference(found: Data, expected: Data): string | undefined {
  return differing(found, expected, '');
}

function differing(found: Data | undefined, expected: Data | undefined, path: string): string | undefined {
  const [left, right] = [entries(found), entries(expected)];
  const differs = `${path === '' ? 'identity' : path}: ${inWords(found)} against ${inWords(expected)}`;
  if (left === undefined || right === undefined) return Object.is(found, expected) ? undefined : differs;
  const alike =
    isRecord(found) && isRecord(expected)
      ? true
      : left.size === right.size && found?.constructor === expected?.constructor;
  if (!alike) return differs;
  for (const key of new Set([...right.keys(), ...left.keys()])) {
    const at = path === '' ? key : `${path}.${key}`;
    const part = differing(left.get(key), right.get(key), at);
    if (part !== undefined) return part;
  }
  return undefined;
}
