import { describeError } from '../../../system-error.ts';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ManifestFile } from '../../../manifests/types.ts';

/** The expressions of templates: Go, Jinja. */
const TEMPLATE = /\{\{|\{%/;

/**
 * The files that must not be edited, by their index, with the reason. `paths` are the paths on disk; a file
 * without a path is standard input. If `writes`, a file that cannot be written is locked too.
 */
export function lockedFiles(
  files: readonly ManifestFile[],
  paths: ReadonlyMap<ManifestFile, string>,
  writes: boolean,
): Map<number, string> {
  const locks = new Map<number, string>();
  const real = new Map<string, number>();
  for (const [index, file] of files.entries()) {
    const path = paths.get(file);
    const reason = TEMPLATE.test(file.text)
      ? 'the file looks like a template; fix its source instead'
      : path === undefined
        ? writes && 'standard input cannot be written; --diff shows the fixes'
        : whyLocked(path, writes);
    if (reason) locks.set(index, reason);
    const target = path === undefined ? undefined : realPath(path);
    const other = target === undefined ? undefined : real.get(target);
    if (other !== undefined) {
      locks.set(index, `it is the same file as ${files[other]?.name}`);
      locks.set(other, `it is the same file as ${file.name}`);
    } else if (target !== undefined) real.set(target, index);
  }
  return locks;
}

/** A link is followed: the file that it points to is written, and the link stays. */
function whyLocked(path: string, writes: boolean): string | undefined {
  if (!writes) return undefined;
  try {
    const real = realpathSync(path);
    const stat = statSync(real);
    if (!stat.isFile()) return 'it is not a regular file';
    if (stat.nlink > 1) return 'the file has hard links, which would keep the old text';
    // Root may write any file, but a file without write permission is meant to stay as it is.
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
