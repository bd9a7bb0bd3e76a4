import { describeError } from '../../../system-error.ts';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ManifestFile } from '../../../manifests/types.ts';

/** What a template leaves in a file until it is rendered: Go, Jinja. */
const TEMPLATE = /\{\{|\{%/;

/**
 * Why each file must not be edited, by its place among the files; what is not named may be. `paths` leads from files to
 * their places on the disk; one without a place is standard input. Only with `writes` it matters whether
 * the file can be written.
 */
export function locksOf(
  files: readonly ManifestFile[],
  paths: ReadonlyMap<ManifestFile, string>,
  writes: boolean,
): Map<number, string> {
  const locks = new Map<number, string>();
  const real = new Map<string, number>();
  for (const [index, file] of files.entries()) {
    const path = paths.get(file);
    const reason = TEMPLATE.test(file.text)
      ? 'the file looks like a template: a fix belongs into what it is rendered from'
      : path === undefined
        ? writes && 'standard input cannot be written; --diff shows the fixes'
        : whyLocked(path, writes);
    if (reason) locks.set(index, reason);
    const place = path === undefined ? undefined : realPath(path);
    const other = place === undefined ? undefined : real.get(place);
    if (other !== undefined) {
      locks.set(index, `it is the same file as ${files[other]?.name}`);
      locks.set(other, `it is the same file as ${file.name}`);
    } else if (place !== undefined) real.set(place, index);
  }
  return locks;
}

/** A link is followed: what is written is the file it leads to, and the link stays. */
function whyLocked(path: string, writes: boolean): string | undefined {
  if (!writes) return undefined;
  try {
    const real = realpathSync(path);
    const stat = statSync(real);
    if (!stat.isFile()) return 'it is not a regular file';
    if (stat.nlink > 1) return 'the file has other names (hard links), which would keep the old text';
    // Root may write anything; that somebody took the right to write away is meant all the same.
    if ((stat.mode & 0o222) === 0) return 'the file is read-only';
    accessSync(real, constants.W_OK);
    accessSync(dirname(real), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
