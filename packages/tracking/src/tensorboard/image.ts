import { InputError, shown } from '@stillpoint/operators';
import { bytes, joined, whole } from './protobuf.js';

/** Channels by a PNG's colour type: grey, RGB, palette (of RGB), grey and alpha, RGB and alpha. */
const CHANNELS: { readonly [colourType: number]: number } = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };
/** The first 16 bytes: the signature, then the length and the name of the chunk IHDR. */
const START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];

/**
 * The size that a PNG states, and its number of channels: https://www.w3.org/TR/png-3/#11IHDR.
 * @throws InputError if the bytes are not a PNG's.
 */
export function pngHead(
  what: string,
  png: Uint8Array,
): { readonly width: number; readonly height: number; readonly channels: number } {
  if (!(png instanceof Uint8Array))
    throw new InputError(`${what}: png is ${shown(png)}; expected a PNG file as a Uint8Array`);
  const channels = CHANNELS[png[25] ?? -1];
  if (png.length < 33 || START.some((byte, i) => png[i] !== byte) || channels === undefined)
    throw new InputError(`${what}: the ${png.length} bytes are not a PNG file’s`);
  const head = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: head.getUint32(16), height: head.getUint32(20), channels };
}

/**
 * The message Summary.Image of `summary.proto`: height, width, `colorspace` (the number of channels), file.
 * @throws InputError if the bytes are not a PNG's.
 */
export function imageProto(what: string, png: Uint8Array): Uint8Array {
  const { width, height, channels } = pngHead(what, png);
  return joined(whole(1, height), whole(2, width), whole(3, channels), bytes(4, png));
}
