/** The files of a packed chart, as `helm pull` and `helm package` write it: a gzipped tar archive. */
import { gunzipSync } from 'node:zlib';

/**
 * The limits of Helm: MaxDecompressedChartSize and MaxDecompressedFileSize of
 * https://github.com/helm/helm/blob/v3.18.0/pkg/chart/loader/archive.go.
 */
const MAX_ARCHIVE = 100 * 1024 * 1024;
const MAX_FILE = 5 * 1024 * 1024;

const BLOCK = 512;

/** A header of https://www.gnu.org/software/tar/manual/html_node/Standard.html. */
interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/**
 * The content of some files in the top folder of a packed chart, by their names. Nothing is written, and links
 * are not followed. Throws an Error if the archive is invalid or too large.
 */
export function readPackedChart(bytes: Uint8Array, names: readonly string[]): Map<string, Uint8Array> {
  const archive = unzip(bytes);
  const found = new Map<string, Uint8Array>();
  const tops = new Set<string>();
  let longName: string | undefined;
  for (let at = 0; ; ) {
    const header = readHeader(archive.subarray(at, at + BLOCK));
    if (header === undefined) break;
    const start = at + BLOCK;
    const content = archive.subarray(start, start + header.size);
    if (content.length < header.size) throw new Error('the archive is cut off');
    at = start + Math.ceil(header.size / BLOCK) * BLOCK;
    if (header.type === 'g') continue;
    if (header.type === 'x' || header.type === 'L') {
      if (header.size > MAX_FILE) throw new Error('a name is too long');
      longName = (header.type === 'x' ? paxPath(content) : cString(content)) ?? longName;
      continue;
    }
    const [top = '', name, ...rest] = pathParts(longName ?? header.name);
    longName = undefined;
    tops.add(top);
    // Type 0 is a file, also written as NUL.
    if (name === undefined || rest.length > 0 || !names.includes(name) || !/^[0\0]$/.test(header.type))
      continue;
    if (found.has(name)) throw new Error(`${name} is in the archive twice`);
    if (header.size > MAX_FILE) throw new Error(`${name} is larger than 5 MiB`);
    found.set(name, content);
  }
  if (tops.size > 1) throw new Error('the archive has more than one top folder');
  return found;
}

function unzip(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_ARCHIVE });
  } catch (error) {
    if (error instanceof RangeError) throw new Error('the archive is larger than 100 MiB');
    throw new Error('it is not a gzipped archive, or it is damaged');
  }
}

/** Undefined at the end of the archive. */
function readHeader(block: Buffer): Header | undefined {
  if (block.length < BLOCK || block.every((byte) => byte === 0)) return undefined;
  const sum = block.reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (octal(block.subarray(148, 156)) !== sum) throw new Error('it has no tar archive, or it is damaged');
  const size = octal(block.subarray(124, 136));
  if (size === undefined) throw new Error('it has an entry without a size');
  const isPosix = cString(block.subarray(257, 263)) === 'ustar';
  const prefix = isPosix ? cString(block.subarray(345, 500)) : '';
  const name = cString(block.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    type: String.fromCharCode(block[156] ?? 0),
  };
}

function octal(field: Buffer): number | undefined {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

function cString(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** The path in an extended header: records of `length key=value`. */
function paxPath(content: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length; ) {
    const length = Number(/^\d{1,9}(?= )/.exec(content.toString('latin1', at, at + 10))?.[0] ?? 0);
    if (length === 0) throw new Error('it has an invalid extended header');
    const record = content.toString('utf8', at, at + length - 1);
    const text = record.slice(record.indexOf(' ') + 1);
    if (text.startsWith('path=')) path = text.slice('path='.length);
    at += length;
  }
  return path;
}

/** As Helm does, refuses paths that lead out of the chart. */
function pathParts(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..') || /^[A-Za-z]:|\\/.test(path))
    throw new Error(`it has a file outside of the chart: ${JSON.stringify(path.slice(0, 100))}`);
  return parts;
}
