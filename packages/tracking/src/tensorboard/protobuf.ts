// The wire format of Protocol Buffers, https://protobuf.dev/programming-guides/encoding/, as far as events
// need it. A field is written as a key, which is 8 · number + wire type, and its content.

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

const none: Uint8Array = new Uint8Array();

/** The parts, one after another. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A whole number ≥ 0 in base 128, lowest digit first; each byte but the last has its high bit set. */
function varint(n: number): Uint8Array {
  const digits: number[] = [];
  for (; n >= 128; n = Math.floor(n / 128)) digits.push(128 + (n % 128));
  return Uint8Array.of(...digits, n);
}

const key = (field: number, wire: number): Uint8Array => varint(8 * field + wire);

/** Numbers of 8 bytes each, lowest byte first. */
function float64(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (const [i, x] of values.entries()) view.setFloat64(8 * i, x, true);
  return new Uint8Array(view.buffer);
}

/** Field of type int32, int64 or enum, a whole number ≥ 0. 0 is the default, which is not written. */
export const whole = (field: number, n: number): Uint8Array =>
  n === 0 ? none : joined(key(field, VARINT), varint(n));

/** Field of type double. 0 is the default, which is not written; −0 is. */
export const double = (field: number, x: number): Uint8Array =>
  Object.is(x, 0) ? none : joined(key(field, EIGHT_BYTES), float64([x]));

/** Field of type float in a oneof, which is written also if it is 0. */
export function float(field: number, x: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, x, true);
  return joined(key(field, FOUR_BYTES), new Uint8Array(view.buffer));
}

/** Field of type bytes, or a message of the given fields. */
export const bytes = (field: number, content: Uint8Array): Uint8Array =>
  joined(key(field, LENGTH), varint(content.length), content);

/** Field of type string. */
export const text = (field: number, content: string): Uint8Array =>
  bytes(field, new TextEncoder().encode(content));

/** Field of type repeated double, packed. */
export const doubles = (field: number, values: readonly number[]): Uint8Array =>
  values.length === 0 ? none : bytes(field, float64(values));
