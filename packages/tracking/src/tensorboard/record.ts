import { joined } from './protobuf.js';

/** table[b]: how the last byte b changes the register. */
function entries(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1;
    return c;
  });
}
const table: Uint32Array = /* @__PURE__ */ entries();

/**
 * CRC-32C (Castagnoli): polynomial 0x1EDC6F41, bits reflected, register and result inverted. RFC 3720,
 * section 12.1, with test vectors in B.4.
 */
export function crc32c(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = table[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** A CRC-32C as records hold it: rotated right by 15 bits, plus a constant. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/**
 * Data as a record of a TFRecord file, all numbers with the lowest byte first: the length in 8 bytes, its
 * masked CRC-32C in 4, the data, the data's masked CRC-32C in 4.
 * https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
 */
export function record(data: Uint8Array): Uint8Array {
  const head = new Uint8Array(12);
  const length = new DataView(head.buffer);
  length.setBigUint64(0, BigInt(data.length), true);
  length.setUint32(8, masked(crc32c(head.subarray(0, 8))), true);
  const foot = new Uint8Array(4);
  new DataView(foot.buffer).setUint32(0, masked(crc32c(data)), true);
  return joined(head, data, foot);
}
