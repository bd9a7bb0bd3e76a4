import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Puts another text into a file, at once and whole: written beside it, then moved into its place, with
 * its mode and, where that is permitted, its owner. A link stays one. Throws where the file no longer
 * holds `before`, and what the system throws; then the file is as it was.
 */
export function replaceFile(path: string, before: string, after: string): void {
  const real = realpathSync(path);
  const stat = statSync(real);
  const partial = join(dirname(real), `.${basename(real)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    writePartial(partial, stat, after);
    if (!holds(partial, after)) throw new Error('what was written could not be read back');
    if (!holds(real, before)) throw new Error('it was changed by somebody else in the meantime');
    renameSync(partial, real);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function writePartial(partial: string, { mode, uid, gid }: Stats, text: string): void {
  const handle = openSync(partial, 'wx', 0o600);
  try {
    writeFileSync(handle, text);
    try {
      fchownSync(handle, uid, gid);
    } catch {
      // Only root can give a file away; it is ours then.
    }
    fchmodSync(handle, mode & 0o7777);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function holds(path: string, text: string): boolean {
  return readFileSync(path).equals(Buffer.from(text));
}
