import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** More than any file that a person names; a device such as /dev/zero has no end. */
const MAX_BYTES = 256 * 1024 * 1024;
const TOO_LARGE = 'larger than 256 MiB';
const CHUNK = 1024 * 1024;

/**
 * The content of a file or a pipe. Throws the error of the system, or one that says that there are more than
 * 256 MiB.
 */
export function readWholeFile(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const stat = fstatSync(descriptor);
    if (stat.size > MAX_BYTES) throw new Error(TOO_LARGE);
    if (stat.isFile() && stat.size > 0) return readBytes(descriptor, stat.size);
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(descriptor, chunk);
      if (read === 0) return Buffer.concat(chunks, size);
      size += read;
      if (size > MAX_BYTES) throw new Error(TOO_LARGE);
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** So many bytes of a file, or fewer if it became shorter. */
function readBytes(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let end = 0;
  while (end < size) {
    const read = readSync(descriptor, bytes, end, size - end, null);
    if (read === 0) break;
    end += read;
  }
  return bytes.subarray(0, end);
}
