import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { FromRoot, RootedFile } from '../../report/located.ts';
import type { Io } from '../io.ts';

/** The name of standard input in reports. */
const STDIN = '<stdin>';

/**
 * Names files as a code host does: relative to the root of the checkout, which is in the environment of GitHub and
 * GitLab, or else has `.git`; without either, relative to the working directory. Links are followed, because a code host
 * shows no findings at a link.
 */
export function fromSourceRoot(io: Io): FromRoot {
  const known = new Map<string, RootedFile>();
  let root: string | undefined;
  return (file) => {
    let rooted = known.get(file);
    if (rooted === undefined) {
      const cwd = realPath(io.cwd);
      // Computed on demand: most formats do not use it.
      root ??= sourceRoot(cwd, io.env);
      rooted = rootedFile(file, cwd, root);
      known.set(file, rooted);
    }
    return rooted;
  };
}

function sourceRoot(cwd: string, env: Io['env']): string {
  for (const name of ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR']) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const root = realPath(value);
    if (isInside(root, cwd)) return root;
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function rootedFile(file: string, cwd: string, root: string): RootedFile {
  if (file === STDIN) return { kind: 'input', path: file };
  const path = realPath(resolve(cwd, file));
  if (!isInside(root, path)) return { kind: 'outside', path: slashes(path) };
  return { kind: 'file', path: slashes(relative(root, path)) };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
