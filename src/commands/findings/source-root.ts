import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { FromRoot, RootedFile } from '../../report/report.ts';
import type { Io } from '../io.ts';

/** What standard input is called in reports. */
const STDIN = '<stdin>';

/**
 * How the code host names the files of a run: from the root of the checkout, which GitHub and GitLab
 * tell in the environment and which else holds `.git`; without any, from the working directory. Links
 * are followed, because a code host shows nothing at a link.
 */
export function fromSourceRoot(io: Io): FromRoot {
  const known = new Map<string, RootedFile>();
  let root: string | undefined;
  return (file) => {
    let rooted = known.get(file);
    if (rooted === undefined) {
      const cwd = real(io.cwd);
      // Most reports name no file from there.
      root ??= sourceRoot(cwd, io.env);
      rooted = rootedFile(file, cwd, root);
      known.set(file, rooted);
    }
    return rooted;
  };
}

function sourceRoot(cwd: string, env: Io['env']): string {
  for (const name of ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR']) {
    const given = env[name];
    if (given === undefined || given === '') continue;
    const root = real(given);
    if (isInside(root, cwd)) return root;
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function rootedFile(file: string, cwd: string, root: string): RootedFile {
  if (file === STDIN) return { kind: 'input', path: file };
  const path = real(resolve(cwd, file));
  if (!isInside(root, path)) return { kind: 'outside', path: slashes(path) };
  return { kind: 'file', path: slashes(relative(root, path)) };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
