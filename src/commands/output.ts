import { chmodSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';

/**
 * Writes a file so that nobody reads half of it: beside its place, then moved there, its mode kept. A
 * link is followed. What is no regular file (`/dev/stdout`, a pipe) is written to as it is. Throws what
 * the system throws.
 */
export function writeWhole(path: string, text: string): void {
  const present = statOf(path);
  if (present !== undefined && !present.isFile() && !present.isDirectory()) {
    writeFileSync(path, text);
    return;
  }
  const place = present === undefined ? path : realpathSync(path);
  const partial = `${place}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    if (present !== undefined) chmodSync(partial, present.mode & 0o7777);
    renameSync(partial, place);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
