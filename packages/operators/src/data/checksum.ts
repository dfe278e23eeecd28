// CRC-32 of IEEE 802.3, as in zlib and PNG. It detects every error of one bit and every burst of up to 32
// bits. It is synchronous everywhere, unlike SHA-256 in a browser. It protects against accidents, not against
// forgery.

const POLYNOMIAL = 0xedb88320;

/** tables[k][b]: how byte b changes the register if it is k bytes before the end of a word of eight. */
function tables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? POLYNOMIAL ^ (c >>> 1) : c >>> 1;
    return c;
  });
  const all = [first];
  for (let k = 1; k < 8; k++) all.push(all[k - 1]!.map((c) => first[c & 0xff]! ^ (c >>> 8)));
  return all;
}

/**
 * A function that takes bytes piece by piece and returns the CRC-32 of all so far, as eight hexadecimal
 * digits. It processes eight bytes at a time: Kounavis, Berry 2005.
 */
export function crc32(): (bytes: Uint8Array) => string {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables();
  let c = 0xffffffff;
  return (bytes) => {
    let i = 0;
    for (const whole = bytes.length - 7; i < whole; i += 8) {
      c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
      c =
        t7![c & 0xff]! ^
        t6![(c >>> 8) & 0xff]! ^
        t5![(c >>> 16) & 0xff]! ^
        t4![c >>> 24]! ^
        t3![bytes[i + 4]!]! ^
        t2![bytes[i + 5]!]! ^
        t1![bytes[i + 6]!]! ^
        t0![bytes[i + 7]!]!;
    }
    for (; i < bytes.length; i++) c = t0![(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
    return ((c ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
  };
}
