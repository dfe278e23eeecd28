// The part of the Protocol Buffers wire format that ONNX needs: varints, 32-bit floats, and length-delimited
// fields.

/** A message under construction. Field numbers are those of onnx.proto. */
export interface Message {
  integer(field: number, value: number): Message;
  float(field: number, value: number): Message;
  text(field: number, value: string): Message;
  bytes(field: number, value: Uint8Array): Message;
  message(field: number, value: Message): Message;
  finish(): Uint8Array;
}

/** Seven bits per byte, lowest first. Negative integers count as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(out);
}

/** An empty message. */
export function createMessage(): Message {
  const chunks: Uint8Array[] = [];
  const varying = 0;
  const delimited = 2;
  const fixed32 = 5;
  const tag = (field: number, wire: number): void => void chunks.push(varint(field * 8 + wire));
  const message: Message = {
    integer(field, value) {
      tag(field, varying);
      chunks.push(varint(value));
      return message;
    },
    float(field, value) {
      tag(field, fixed32);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      chunks.push(bytes);
      return message;
    },
    bytes(field, value) {
      tag(field, delimited);
      chunks.push(varint(value.length), value);
      return message;
    },
    text: (field, value) => message.bytes(field, new TextEncoder().encode(value)),
    message: (field, value) => message.bytes(field, value.finish()),
    finish() {
      const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
      let at = 0;
      for (const chunk of chunks) {
        out.set(chunk, at);
        at += chunk.length;
      }
      return out;
    },
  };
  return message;
}
