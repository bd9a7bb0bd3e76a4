import { describeError } from '../../../system-error.ts';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { ManifestFile } from '../../../manifests/types.ts';

/** The files of the command line. */
export interface NamedFiles {
  readonly files: readonly ManifestFile[];
  /** The path of each file on disk; standard input has none. */
  readonly paths: ReadonlyMap<ManifestFile, string>;
  /** The directories that the command line names. */
  readonly roots: readonly string[];
}

/** The expressions of templates: Go, Jinja. */
const TEMPLATE = /\{\{|\{%/;

/**
 * The files that must not be edited, by their index, with the reason. A file without a path is standard input.
 * If `writes`, a file that cannot be written is locked too.
 */
export function lockedFiles({ files, paths, roots }: NamedFiles, writes: boolean): Map<number, string> {
  const locks = new Map<number, string>();
  const real = new Map<string, number>();
  const realRoots = roots.flatMap((root) => realPath(root) ?? []);
  for (const [index, file] of files.entries()) {
    const path = paths.get(file);
    const reason = TEMPLATE.test(file.text)
      ? 'the file looks like a template; fix its source instead'
      : path === undefined
        ? writes && 'standard input cannot be written; --diff shows the fixes'
        : (leadsOut(path, realRoots) ?? (writes && whyLocked(path)));
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

/**
 * A link is followed, and stays a link. Its target is edited only within the named directories: a repository may
 * come from somebody else.
 */
function leadsOut(path: string, roots: readonly string[]): string | undefined {
  const real = realPath(path);
  if (real === undefined || roots.some((root) => isWithin(root, real))) return undefined;
  return `a symbolic link leads to ${real}, outside the named path; name that file to fix it`;
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function whyLocked(path: string): string | undefined {
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
