import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';

/** Links of the system: `/dev/stdout` leads to a terminal, a pipe or a file of the shell. */
const OF_THE_SYSTEM = /^\/(dev|proc)\//;

/**
 * Writes a file atomically: to a temporary file in the same directory, which is then renamed. The mode is kept. A
 * device or a pipe (`/dev/stdout`) is written directly. Throws the error of the system, and for a symbolic link,
 * which may lead to any file.
 */
export function writeWhole(path: string, text: string): void {
  const present = statSync(path, { throwIfNoEntry: false });
  if (OF_THE_SYSTEM.test(path) || (present !== undefined && isDevice(present))) {
    writeFileSync(path, text);
    return;
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new Error(`it is a symbolic link to ${readlinkSync(path)}; name that file, or delete the link`);
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    writeFileSync(partial, text, { flag: 'wx' });
    if (present !== undefined) chmodSync(partial, present.mode & 0o7777);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function isDevice(stat: Stats): boolean {
  return !stat.isFile() && !stat.isDirectory();
}
