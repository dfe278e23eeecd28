import { isVector, type Data, type State, type Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { JSON_DEPTH, parseJson } from './json.js';

/** Plain data as JSON text plus its vectors by path: bit-exact, −0, NaN and ±∞ included. */
export interface Packed {
  readonly text: string;
  readonly vectors: { readonly [path: string]: Vector };
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Copies data into text and vectors. @throws TypeError naming the path of anything that is not plain data.
 */
export function pack(data: Data, root = 'state'): Packed {
  const vectors: { [path: string]: Vector } = {};
  const encode = (value: unknown, path: string, depth: number): Json => {
    if (depth > JSON_DEPTH)
      throw new TypeError(
        `${path.slice(0, 60)}… is nested more than ${JSON_DEPTH} levels deep, or contains itself`,
      );
    if (isVector(value)) {
      if (Object.hasOwn(vectors, path))
        throw new TypeError(
          `${path} is the path of two vectors; a name may not contain a dot that makes two paths equal`,
        );
      vectors[path] = value.slice();
      return { $vector: path };
    }
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value))
      return Array.from(value, (entry: unknown, i) => encode(entry, `${path}.${i}`, depth + 1));
    if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => {
          if (key.startsWith('$')) throw new TypeError(`${path}.${key}: a name may not start with $`);
          return [key, encode(entry, `${path}.${key}`, depth + 1)];
        }),
      );
    }
    throw new TypeError(
      `${path} is ${typeof value === 'object' ? 'an object of a class' : `of type ${typeof value}`}; a state holds plain data only`,
    );
  };
  const json = encode(data, root, 1);
  return { text: JSON.stringify(json), vectors };
}

/** The numbers that JSON cannot express. */
const odd: ReadonlyMap<unknown, number> = new Map([
  ['-0', -0],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/**
 * The data of a pack, its vectors copied. @throws InputError if the text or a vector is missing or damaged,
 * naming the path.
 * @param root what errors call the data.
 */
export function unpackData({ text, vectors }: Packed, root = 'state'): Data {
  const bad = (path: string, what: string): InputError =>
    new InputError(`packed data is damaged: ${path} ${what}`);
  const decode = (value: unknown, path: string): Data => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw bad(path, 'is too large a number');
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'boolean' ||
      typeof value === 'number'
    )
      return value;
    if (Array.isArray(value)) return value.map((entry, i) => decode(entry, `${path}.${i}`));
    if (typeof value !== 'object') throw bad(path, 'is not JSON');
    const entries = Object.entries(value);
    const mark = entries.find(([key]) => key.startsWith('$'));
    if (mark === undefined)
      return Object.fromEntries(entries.map(([key, entry]) => [key, decode(entry, `${path}.${key}`)]));
    const [kind, named] = mark;
    if (entries.length > 1)
      throw bad(path, `has ${entries.length - 1} more entries beside ${kind}; expected ${kind} alone`);
    if (kind === '$number') {
      const number = odd.get(named);
      if (number === undefined)
        throw bad(path, `has ${shown(named)} as a $number; expected one of ${[...odd.keys()].join(', ')}`);
      return number;
    }
    if (kind !== '$vector')
      throw bad(path, `has the name ${shown(kind)}; expected $number, $vector or a name without $`);
    if (typeof named !== 'string')
      throw bad(path, `has ${shown(named)} as a $vector; expected a vector's path`);
    const vector = Object.hasOwn(vectors, named) ? vectors[named] : undefined;
    if (vector === undefined) throw bad(path, `lacks the vector ${named}`);
    return vector.slice();
  };
  return decode(parseJson(text, 'packed data is damaged: its text'), root);
}

/**
 * The path of the first part in which b is not shaped like a, with the same keys, lengths, precisions and
 * types; undefined if there is none.
 */
export function difference(b: Data | undefined, a: Data, path = 'state'): string | undefined {
  if (ArrayBuffer.isView(a))
    return ArrayBuffer.isView(b) && b.constructor === a.constructor && b.length === a.length
      ? undefined
      : path;
  if (a === null || typeof a !== 'object')
    return b !== undefined && (b === null) === (a === null) && typeof b === typeof a ? undefined : path;
  if (b === null || typeof b !== 'object' || ArrayBuffer.isView(b) || Array.isArray(b) !== Array.isArray(a))
    return path;
  const left = new Map<string, Data>(Object.entries(a));
  const right = new Map<string, Data>(Object.entries(b));
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const wanted = left.get(key);
    const found =
      wanted === undefined ? `${path}.${key}` : difference(right.get(key), wanted, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether two pieces of data are equal to the last bit, vectors included. */
export function equalData(a: Data, b: Data): boolean {
  const [left, right] = [pack(a), pack(b)];
  const bytes = (v: Vector): Uint8Array => new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
  return (
    left.text === right.text &&
    Object.entries(left.vectors).every(([path, vector]) => {
      const other = right.vectors[path];
      return (
        other !== undefined &&
        other.constructor === vector.constructor &&
        other.length === vector.length &&
        bytes(vector).every((byte, i) => byte === bytes(other)[i])
      );
    })
  );
}

function isLike<S extends State>(data: Data, like: S): data is S {
  return difference(data, like) === undefined;
}

/**
 * A state from its pack.
 * @param like a fresh state of the same method, which gives the type and the shape.
 * @throws InputError if the shapes differ.
 */
export function unpack<S extends State>(packed: Packed, like: S): S {
  const data = unpackData(packed);
  if (!isLike(data, like))
    throw new InputError(
      `this state was saved by another method, game or precision: ${difference(data, like) ?? 'state'} does not fit`,
    );
  return data;
}
