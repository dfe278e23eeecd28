// gzip with a bound on the unpacked size: RFC 1952, P. Deutsch, "GZIP file format specification version 4.3"
// (1996). Node only.
import { InputError } from '@stillpoint/operators';
import { zlibFor } from './files.js';

type Zlib = ReturnType<typeof zlibFor>;

/**
 * Number of compressed bytes that are unpacked first, to read the size that the file claims. They become at
 * most 4 MiB, since deflate packs at most 1032 bytes into one.
 */
const PEEK = 4096;
/** Most bytes that are unpacked of a file that does not say how long its content is. */
const UNKNOWN = 2 ** 20;

/**
 * Where a member's compressed data begin, after its header at `start`; undefined if the header is cut off or
 * is not one.
 */
function bodyOf(bytes: Uint8Array, start: number): number | undefined {
  const flags = bytes[start + 3] ?? 0xff;
  if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b || bytes[start + 2] !== 8 || flags >= 0x20)
    return undefined;
  let at = start + 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [8, 16])
    if ((flags & flag) !== 0) {
      // a name, a comment: text that ends in 0
      const zero = bytes.indexOf(0, at);
      if (zero < 0) return undefined;
      at = zero + 1;
    }
  if ((flags & 2) !== 0) at += 2;
  return at < bytes.length ? at : undefined;
}

/**
 * Unpacks the compressed data at the beginning of `bytes`; `used` is the number of compressed bytes read.
 * Node's types lack the option `info`, so its result is checked here.
 */
export function inflated(
  zlib: Zlib,
  how: 'inflateRawSync' | 'inflateSync',
  bytes: Uint8Array,
  most: number,
): { readonly content: Uint8Array; readonly used: number } {
  const result: unknown = zlib[how](bytes, { info: true, maxOutputLength: Math.max(1, most) });
  if (typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result) {
    const { buffer, engine } = result;
    const written =
      typeof engine === 'object' && engine !== null && 'bytesWritten' in engine
        ? engine.bytesWritten
        : undefined;
    if (buffer instanceof Uint8Array && typeof written === 'number')
      return { content: buffer, used: written };
  }
  throw new TypeError('node:zlib returned no { buffer, engine } with the option info');
}

/** The parts in one array. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/**
 * Uncompresses gzip bytes, of one member or several (`cat a.gz b.gz`), to no more than they claim.
 * @param claimOf returns how long the content will be, in bytes, from its first bytes; undefined if these do
 * not say. It throws if that is too long.
 * @throws InputError, with the name, for corrupt or truncated bytes, bytes after the end, and content longer
 * than claimed.
 */
export function gunzip(
  bytes: Uint8Array,
  name: string,
  claimOf: (head: Uint8Array) => number | undefined,
): Uint8Array {
  const zlib = zlibFor(name);
  const corrupt = (why: string, cause?: unknown): InputError =>
    new InputError(
      `${name}: found corrupt gzip data (${why}); expected one complete gzip file of ${bytes.length} bytes`,
      { cause },
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let total = 0;
  let claimed: number | undefined;
  for (let at = 0; at < bytes.length;) {
    const body = bodyOf(bytes, at);
    if (body === undefined)
      throw corrupt(
        at === 0
          ? 'incorrect header check'
          : `${bytes.length - at} extra bytes at the end, which are not another member`,
      );
    const packed = bytes.subarray(body);
    let member: ReturnType<typeof inflated>;
    try {
      if (claimed === undefined) {
        const finishFlush = zlib.constants.Z_SYNC_FLUSH;
        const beginning = zlib.inflateRawSync(packed.subarray(0, PEEK), { finishFlush });
        claimed = claimOf(joined([...parts, beginning]));
      }
      member = inflated(zlib, 'inflateRawSync', packed, (claimed ?? UNKNOWN) - total);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const tooLong = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (!tooLong) throw corrupt(error instanceof Error ? error.message : String(error), error);
      const expected =
        claimed === undefined
          ? `at most ${UNKNOWN} of a file that does not say how long it is`
          : `${claimed}, as it claims at its beginning`;
      throw new InputError(`${name}: unpacks to more bytes than expected: ${expected}`, { cause: error });
    }
    const { content, used } = member;
    at = body + used;
    if (at + 8 > bytes.length) throw corrupt('unexpected end of file');
    if (view.getUint32(at, true) !== zlib.crc32(content)) throw corrupt('incorrect data check');
    if (view.getUint32(at + 4, true) !== content.length % 2 ** 32) throw corrupt('incorrect length check');
    at += 8;
    parts.push(content);
    total += content.length;
  }
  return joined(parts);
}
