import { InputError } from '@stillpoint/operators';

/** A Huffman code: by length, the first code, the place of its symbol, the code after the last one. */
export interface Huffman {
  readonly first: Int32Array;
  readonly place: Int32Array;
  readonly end: Int32Array;
  readonly symbols: Uint8Array;
  /** By the next 8 bits: 256 times the length of the code that begins them, and its symbol; 0 if longer. */
  readonly short: Uint16Array;
}

/** A component of the image, with the coefficients of its blocks in zigzag order. */
export interface Component {
  readonly id: number;
  /** Blocks of a unit of interleaved scans, across and down. */
  readonly h: number;
  readonly v: number;
  readonly quantization: number;
  /** Blocks that hold samples, across and down. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks with those that fill the last unit. */
  readonly allColumns: number;
  /** By row of blocks; a row is made when it is first written. */
  readonly blocks: Map<number, Int16Array>;
}

/** One pass over the blocks of some components. */
export interface Scan {
  readonly parts: readonly { readonly component: Component; readonly dc: Huffman; readonly ac: Huffman }[];
  readonly start: number;
  readonly end: number;
  /** The bits that earlier scans brought, and those that this one leaves out. */
  readonly high: number;
  readonly low: number;
  readonly progressive: boolean;
  /** Units between restart markers; 0 if there are none. */
  readonly restart: number;
  /** Units of an interleaved scan, across and down. */
  readonly across: number;
  readonly down: number;
}

/** A code from the number of codes of each length, 1 to 16. @throws InputError for more than bits allow. */
export function huffman(counts: Uint8Array, symbols: Uint8Array, name: string): Huffman {
  const [first, place, end] = [new Int32Array(17), new Int32Array(17), new Int32Array(17)];
  const short = new Uint16Array(256);
  for (let length = 1, code = 0, at = 0; length <= 16; length++) {
    first[length] = code;
    place[length] = at;
    code += counts[length - 1]!;
    at += counts[length - 1]!;
    end[length] = code;
    if (code > 2 ** length)
      throw new InputError(
        `${name}: found a Huffman table with too many codes; expected a JPEG file without damage`,
      );
    for (let k = first[length]!; length <= 8 && k < code; k++) {
      const value = 256 * length + symbols[place[length]! + k - first[length]!]!;
      short.fill(value, k << (8 - length), (k + 1) << (8 - length));
    }
    code *= 2;
  }
  return { first, place, end, symbols, short };
}

/** Reads the bits of a scan; a marker ends them. */
function bitReader(bytes: Uint8Array, begin: number, name: string) {
  let at = begin; // the bits before it are in `hold`, the last `left` of them not yet used
  let hold = 0;
  let left = 0;
  const damaged = (what: string): never => {
    throw new InputError(
      `${name}: found ${what} at byte ${at}; expected more of the image: truncated or damaged`,
    );
  };
  const fill = (): void => {
    while (left <= 16) {
      const next = bytes[at];
      if (next === undefined || (next === 0xff && bytes[at + 1] !== 0)) return;
      at += next === 0xff ? 2 : 1;
      hold = (hold << 8) | next;
      left += 8;
    }
  };
  const bits = (n: number): number => {
    if (left < n) fill();
    if (left < n) return damaged(at < bytes.length ? 'a marker' : 'the end');
    left -= n;
    return (hold >>> left) & ((1 << n) - 1);
  };
  const bit = (): number => bits(1);
  return {
    bit,
    bits,
    damaged,
    /** A number of n bits, negative if the first bit is 0. */
    signed: (n: number): number => {
      const value = bits(n);
      return n > 0 && value < 2 ** (n - 1) ? value - 2 ** n + 1 : value;
    },
    symbol: ({ first, place, end, symbols, short }: Huffman): number => {
      if (left < 8) fill();
      const known = left < 8 ? 0 : short[(hold >>> (left - 8)) & 255]!;
      if (known > 0) {
        left -= known >> 8;
        return known & 255;
      }
      for (let length = 1, code = 0; length <= 16; length++) {
        code = 2 * code + bit();
        if (code < end[length]!) return symbols[place[length]! + code - first[length]!]!;
      }
      return damaged('an unknown Huffman code');
    },
    /** The place after the scan, or after restart marker `n`. */
    finish: (n?: number): number => {
      if (left >= 8) damaged('bits beyond the image');
      left = 0;
      if (n === undefined) return at;
      while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
      if (bytes[at] !== 0xff || bytes[at + 1] !== 0xd0 + n) damaged(`no restart marker ${n}`);
      at += 2;
      return at;
    },
  };
}

/** Reads a scan into the coefficients. Returns the place after it. @throws InputError for damaged data. */
export function readScan(bytes: Uint8Array, begin: number, scan: Scan, name: string): number {
  const { parts, start, end, high, low, progressive, restart } = scan;
  const reader = bitReader(bytes, begin, name);
  const { bit, bits, signed, symbol, damaged } = reader;
  const last = new Map<Component, number>();
  let run = 0; // blocks that the current run of ended bands still covers

  const baseline = (data: Int16Array, o: number, part: (typeof parts)[number]): void => {
    const size = symbol(part.dc);
    if (size > 11) damaged('a difference of more than 11 bits');
    const value = (last.get(part.component) ?? 0) + signed(size);
    last.set(part.component, value);
    data[o] = value;
    for (let k = 1; k < 64; k++) {
      const code = symbol(part.ac);
      const [zeros, length] = [code >> 4, code & 15];
      if (length === 0 && zeros < 15) break;
      k += zeros;
      if (k > 63) damaged('a coefficient beyond the block');
      data[o + k] = signed(length);
    }
  };
  const dcFirst = (data: Int16Array, o: number, part: (typeof parts)[number]): void => {
    const size = symbol(part.dc);
    if (size > 11) damaged('a difference of more than 11 bits');
    const value = (last.get(part.component) ?? 0) + signed(size);
    last.set(part.component, value);
    data[o] = value * 2 ** low;
  };
  const dcMore = (data: Int16Array, o: number): void => {
    if (bit() === 1) data[o] = data[o]! | (1 << low);
  };
  const acFirst = (data: Int16Array, o: number, part: (typeof parts)[number]): void => {
    if (run > 0) {
      run--;
      return;
    }
    for (let k = start; k <= end; k++) {
      const code = symbol(part.ac);
      const [zeros, length] = [code >> 4, code & 15];
      if (length === 0 && zeros < 15) {
        run = 2 ** zeros + bits(zeros) - 1;
        return;
      }
      k += zeros;
      if (k > end) damaged('a coefficient beyond the band');
      data[o + k] = signed(length) * 2 ** low;
    }
  };
  /** Adds a bit to a coefficient that is not zero. */
  const refine = (data: Int16Array, place: number): void => {
    const value = data[place]!;
    if (bit() === 1 && (Math.abs(value) & (1 << low)) === 0)
      data[place] = value + (value > 0 ? 1 : -1) * (1 << low);
  };
  const acMore = (data: Int16Array, o: number, part: (typeof parts)[number]): void => {
    let k = start;
    while (run === 0 && k <= end) {
      const code = symbol(part.ac);
      let zeros = code >> 4;
      let value = 0;
      if ((code & 15) === 0) {
        if (zeros < 15) {
          run = 2 ** zeros + bits(zeros);
          break;
        }
      } else {
        if ((code & 15) !== 1) damaged('a refinement of more than one bit');
        value = (bit() === 1 ? 1 : -1) * (1 << low);
      }
      for (; k <= end; k++) {
        if (data[o + k] !== 0) refine(data, o + k);
        else if (zeros-- === 0) break;
      }
      if (value !== 0) {
        if (k > end) damaged('a coefficient beyond the band');
        data[o + k] = value;
      }
      k++;
    }
    if (run > 0) {
      for (; k <= end; k++) if (data[o + k] !== 0) refine(data, o + k);
      run--;
    }
  };
  const read = !progressive
    ? baseline
    : start === 0
      ? high === 0
        ? dcFirst
        : dcMore
      : high === 0
        ? acFirst
        : acMore;
  const block = (part: (typeof parts)[number], row: number, column: number): void => {
    const { blocks, allColumns } = part.component;
    let data = blocks.get(row);
    if (data === undefined) {
      data = new Int16Array(64 * allColumns);
      blocks.set(row, data);
    }
    read(data, 64 * column, part);
  };
  const [only] = parts;
  const single = parts.length === 1 && only !== undefined;
  const [across, down] = single ? [only.component.columns, only.component.rows] : [scan.across, scan.down];
  for (let unit = 0; unit < across * down; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0) {
      reader.finish((unit / restart - 1) % 8);
      last.clear();
      run = 0;
    }
    const [y, x] = [Math.floor(unit / across), unit % across];
    if (single) block(only, y, x);
    else
      for (const part of parts) {
        const { h, v } = part.component;
        for (let k = 0; k < h * v; k++) block(part, y * v + Math.floor(k / h), x * h + (k % h));
      }
  }
  if (run > 0) damaged('a run beyond the image');
  return reader.finish();
}
