import { chmodSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';

/**
 * Writes a file atomically: to a temporary file in the same directory, which is then renamed. The mode is kept and a
 * link is followed. A device or a pipe (`/dev/stdout`) is written directly. Throws the error of the system.
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
