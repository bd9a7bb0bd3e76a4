/**
 * The wire format of Protocol Buffers, as far as reading the names and versions of a list needs it.
 * https://protobuf.dev/programming-guides/encoding/
 */

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;
/** A varint has seven bits in each byte, and at most 64. */
const MAX_VARINT_BYTES = 10;

/**
 * Calls `take` with the number of each field of a message that has bytes (a string or a message), and where in `bytes`
 * they begin and end. Other fields are skipped. Throws if this is not a message.
 */
export function eachDelimited(
  bytes: Uint8Array,
  begin: number,
  end: number,
  take: (field: number, begin: number, end: number) => void,
): void {
  let at = begin;
  const varint = () => {
    let value = 0;
    for (let read = 0; read < MAX_VARINT_BYTES && at < end; read++) {
      const byte = bytes[at++] ?? 0;
      // Not by shifting, which has 32 bits.
      value += (byte & 0x7f) * 2 ** (7 * read);
      if (byte < 0x80) return value;
    }
    throw malformed();
  };
  while (at < end) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === VARINT) varint();
    else if (wireType === FIXED_64) at += 8;
    else if (wireType === FIXED_32) at += 4;
    else if (wireType === DELIMITED) {
      const length = varint();
      const from = at;
      at += length;
      if (at > end) throw malformed();
      take(Math.floor(tag / 8), from, at);
    } else throw malformed();
  }
  if (at > end) throw malformed();
}

/** The error for bytes that are not the expected message. */
export function malformed(): Error {
  return new Error('the response is not a protobuf message; check that this is a Kubernetes apiserver');
}
