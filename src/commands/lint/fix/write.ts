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
 * Replaces the text of a file atomically: a new file is written next to it and renamed, with its mode and, if
 * permitted, its owner. A link stays a link. Throws if the text of the file is no longer `before`, and for
 * errors of the system; then the file is not changed.
 */
export function replaceFile(path: string, before: string, after: string): void {
  const real = realpathSync(path);
  const stat = statSync(real);
  const partial = join(dirname(real), `.${basename(real)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    writePartial(partial, stat, after);
    if (!hasText(partial, after)) throw new Error('the written text could not be read back');
    if (!hasText(real, before)) throw new Error('another process changed it in the meantime');
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
      // Only root can change the owner. Then the file belongs to this user.
    }
    fchmodSync(handle, mode & 0o7777);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function hasText(path: string, text: string): boolean {
  return readFileSync(path).equals(Buffer.from(text));
}
