import { describeError } from '../../system-error.ts';
import { lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NewFile } from './files.ts';

/** The reasons why these files cannot be written; empty if all can be. */
export function obstacles(folder: string, displayFolder: string, files: readonly NewFile[]): string[] {
  try {
    const existing = lstat(folder);
    if (existing === undefined) return [];
    if (!existing.isDirectory()) return [`${displayFolder} exists and is not a directory`];
    return files
      .filter(({ name }) => lstat(join(folder, name)) !== undefined)
      .map(({ name }) => `${join(displayFolder, name)} already exists`);
  } catch (error) {
    return [`cannot write ${displayFolder}: ${describeError(error)}`];
  }
}

/** Writes all files or none: after an error, the files written before it are removed. Throws an Error with the reason. */
export function writeAll(folder: string, files: readonly NewFile[]): void {
  const made: string[] = [];
  const written: string[] = [];
  try {
    makeFolder(folder, made);
    for (const { name, text } of files) {
      const path = join(folder, name);
      // Fails for a file that was created meanwhile, and for a link.
      writeFileSync(path, text, { flag: 'wx' });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    for (const path of made) rmdirSync(path);
    throw new Error(describeError(error));
  }
}

/** Creates a directory with its parents, and adds them to `made`, the deepest first. */
function makeFolder(folder: string, made: string[]): void {
  if (lstat(folder) !== undefined) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.unshift(folder);
}

function lstat(path: string) {
  return lstatSync(path, { throwIfNoEntry: false });
}
