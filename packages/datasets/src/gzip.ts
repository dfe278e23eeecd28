// gzip with bounds: RFC 1952, P. Deutsch, "GZIP file format specification version 4.3" (1996). Node only,
// loaded when it is first needed.
import { constants, crc32, inflateRawSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';

/**
 * Of so many compressed bytes the beginning is unpacked to see what they claim to be: to 4 MiB at most, since
 * deflate packs 1032 into one.
 */
const PEEK = 4096;
/** What may be unpacked of something that does not say how long it is. */
const UNKNOWN = 2 ** 20;

/**
 * Where a member's compressed data begin, after its header at `start`; undefined where it is cut off or no
 * header.
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
 * The compressed data at the beginning of `bytes` unpacked, and how many bytes they were. Node's types do not
 * know `info`.
 */
function inflate(bytes: Uint8Array, most: number): { readonly content: Uint8Array; readonly used: number } {
  const result: unknown = inflateRawSync(bytes, { info: true, maxOutputLength: Math.max(1, most) });
  if (typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result) {
    const { buffer, engine } = result;
    const told =
      typeof engine === 'object' && engine !== null && 'bytesWritten' in engine
        ? engine.bytesWritten
        : undefined;
    if (buffer instanceof Uint8Array && typeof told === 'number') return { content: buffer, used: told };
  }
  throw new TypeError('node:zlib returns no { buffer, engine } where info is asked for');
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/**
 * Uncompresses gzip bytes, of one member or several (`cat a.gz b.gz`), to no more than they claim.
 * @param claimOf how long the content will be, from its first bytes; undefined where these do not say. It
 * throws where that is too long.
 * @throws InputError, with the name, for corrupt or truncated bytes, bytes after the end, and content that is
 * longer than claimed.
 */
export function gunzip(
  bytes: Uint8Array,
  name: string,
  claimOf: (head: Uint8Array) => number | undefined,
): Uint8Array {
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
          : `${bytes.length - at} extra bytes at the end, which are no further member`,
      );
    const packed = bytes.subarray(body);
    let member: ReturnType<typeof inflate>;
    try {
      if (claimed === undefined) {
        const beginning = inflateRawSync(packed.subarray(0, PEEK), { finishFlush: constants.Z_SYNC_FLUSH });
        claimed = claimOf(joined([...parts, beginning]));
      }
      member = inflate(packed, (claimed ?? UNKNOWN) - total);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const tooLong = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (!tooLong) throw corrupt(error instanceof Error ? error.message : String(error), error);
      const expected =
        claimed === undefined
          ? `${UNKNOWN} at most of what does not say how long it is`
          : `${claimed}, as it claims at its beginning`;
      throw new InputError(`${name}: unpacks to more bytes than expected: ${expected}`, { cause: error });
    }
    const { content, used } = member;
    at = body + used;
    if (at + 8 > bytes.length) throw corrupt('unexpected end of file');
    if (view.getUint32(at, true) !== crc32(content)) throw corrupt('incorrect data check');
    if (view.getUint32(at + 4, true) !== content.length % 2 ** 32) throw corrupt('incorrect length check');
    at += 8;
    parts.push(content);
    total += content.length;
  }
  return joined(parts);
}
