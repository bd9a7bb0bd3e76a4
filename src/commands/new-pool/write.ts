import { describeError } from '../../system-error.ts';
import { lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NewFile } from './files.ts';

/** Says what is in the way of these files; empty where all can be written. */
export function inTheWay(folder: string, shown: string, files: readonly NewFile[]): string[] {
  try {
    const there = lstat(folder);
    if (there === undefined) return [];
    if (!there.isDirectory()) return [`${shown} is there already, and is no directory`];
    return files
      .filter(({ name }) => lstat(join(folder, name)) !== undefined)
      .map(({ name }) => `${join(shown, name)} is there already`);
  } catch (error) {
    return [`cannot write ${shown}: ${describeError(error)}`];
  }
}

/** Writes all the files or none: what was written until a fault is taken away again. Throws with the reason. */
export function writeAll(folder: string, files: readonly NewFile[]): void {
  const made: string[] = [];
  const written: string[] = [];
  try {
    makeFolder(folder, made);
    for (const { name, text } of files) {
      const path = join(folder, name);
      // Never over a file that came in between, nor through a link.
      writeFileSync(path, text, { flag: 'wx' });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    for (const path of made) rmdirSync(path);
    throw new Error(describeError(error));
  }
}

/** Makes a folder with those above it; the deepest first in `made`. */
function makeFolder(folder: string, made: string[]): void {
  if (lstat(folder) !== undefined) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.unshift(folder);
}

function lstat(path: string) {
  return lstatSync(path, { throwIfNoEntry: false });
}
