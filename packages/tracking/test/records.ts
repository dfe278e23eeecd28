import { crc32c, masked } from '../src/tensorboard/record.js';

/** The data of the whole records at the start of a file, with their checksums checked. */
export function records(file: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at + 16 <= file.length;) {
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== masked(crc32c(file.subarray(at, at + 8))))
      throw new Error(`the length at ${at} has another checksum`);
    const end = at + 12 + length;
    if (end + 4 > file.length) break;
    const data = file.subarray(at + 12, end);
    if (view.getUint32(end, true) !== masked(crc32c(data)))
      throw new Error(`the data at ${at} has another checksum`);
    found.push(data);
    at = end + 4;
  }
  return found;
}
