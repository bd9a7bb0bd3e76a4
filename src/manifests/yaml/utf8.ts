import { isUtf8 } from 'node:buffer';

/** UTF-8 as Go writes it into JSON: every byte that is wrong becomes a replacement character. */
export function decodeLikeGo(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  const out = Buffer.alloc(bytes.length * 3);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const width = widthAt(bytes, at);
    if (width === 0) {
      length += out.write('\ufffd', length);
      at++;
    } else {
      for (const end = at + width; at < end; at++) out[length++] = bytes[at]!;
    }
  }
  return out.toString('utf8', 0, length);
}

/** How many bytes the character at an offset takes; 0 where there is none. */
function widthAt(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const width = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (let offset = 1; offset < width; offset++) {
    if ((bytes[at + offset] ?? 0) >> 6 !== 2) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const surrogate = lead === 0xed && second > 0x9f;
  return overlong || surrogate || (lead === 0xf4 && second > 0x8f) ? 0 : width;
}
