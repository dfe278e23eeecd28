import type { Data, State, Vector } from './contracts.js';
import { InputError } from './errors.js';

/** Plain data as JSON text plus its vectors by path: bit-exact, −0, NaN and ±∞ included. */
export interface Packed {
  readonly text: string;
  readonly vectors: { readonly [path: string]: Vector };
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Copies data into text and vectors. @throws TypeError naming the path of anything that is not plain data. */
export function pack(data: Data, root = 'state'): Packed {
  const vectors: { [path: string]: Vector } = {};
  const encode = (value: unknown, path: string): Json => {
    if (value instanceof Float32Array || value instanceof Float64Array) {
      if (Object.hasOwn(vectors, path)) throw new TypeError(`${path} names two vectors; a name may not hold a dot that makes it another's path`);
      vectors[path] = value.slice();
      return { $vector: path };
    }
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? '-0' : String(value) };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map((entry, i) => encode(entry, `${path}.${i}`));
    if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => {
        if (key.startsWith('$')) throw new TypeError(`${path}.${key}: a name may not start with $`);
        return [key, encode(entry, `${path}.${key}`)];
      }));
    }
    throw new TypeError(`${path} is ${typeof value === 'object' ? 'an object of a class' : `of type ${typeof value}`}; a state holds plain data only`);
  };
  const json = encode(data, root);
  return { text: JSON.stringify(json), vectors };
}

/** The data of a pack, its vectors copied. @throws InputError if the text or a vector is missing or damaged. */
export function unpackData({ text, vectors }: Packed): Data {
  const decode = (value: unknown): Data => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object') throw new InputError('packed data holds something that is not JSON');
    const entries = Object.entries(value);
    const [first] = entries;
    if (first?.[0] === '$number') return Number(first[1]);
    if (first?.[0] === '$vector') {
      const vector = vectors[String(first[1])];
      if (vector === undefined) throw new InputError(`packed data lacks the vector ${String(first[1])}`);
      return vector.slice();
    }
    return Object.fromEntries(entries.map(([key, entry]) => [key, decode(entry)]));
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError('packed data is damaged: its text is no JSON', { cause });
  }
  return decode(json);
}

/** Where b is not shaped like a: same keys, lengths, precisions and types of numbers; undefined if it is. */
export function difference(b: Data | undefined, a: Data, path = 'state'): string | undefined {
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && b.constructor === a.constructor && b.length === a.length ? undefined : path;
  if (a === null || typeof a !== 'object') return b !== undefined && (b === null) === (a === null) && typeof b === typeof a ? undefined : path;
  if (b === null || typeof b !== 'object' || ArrayBuffer.isView(b) || Array.isArray(b) !== Array.isArray(a)) return path;
  const left = new Map<string, Data>(Object.entries(a));
  const right = new Map<string, Data>(Object.entries(b));
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const wanted = left.get(key);
    const found = wanted === undefined ? `${path}.${key}` : difference(right.get(key), wanted, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether two data are equal to the last bit, vectors included. */
export function equalData(a: Data, b: Data): boolean {
  const [left, right] = [pack(a), pack(b)];
  const bytes = (v: Vector): Uint8Array => new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
  return left.text === right.text && Object.entries(left.vectors).every(([path, vector]) => {
    const other = right.vectors[path];
    return other !== undefined && other.constructor === vector.constructor && other.length === vector.length && bytes(vector).every((byte, i) => byte === bytes(other)[i]);
  });
}

function isLike<S extends State>(data: Data, like: S): data is S {
  return difference(data, like) === undefined;
}

/** A state from its pack; `like` (a fresh init) vouches for the type. @throws InputError where the shapes differ. */
export function unpack<S extends State>(packed: Packed, like: S): S {
  const data = unpackData(packed);
  if (!isLike(data, like)) throw new InputError(`this state was saved by another method, game or precision: ${difference(data, like) ?? 'state'} does not fit`);
  return data;
}
