import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/** An inotify watch each; beyond that the poll must do. */
const MOST = 1000;

/**
 * Tells of changes in directories: one watch a directory, where Node's own recursive watch takes one a file
 * on Linux. What cannot be watched, on some file systems or for want of watches, is passed over.
 */
export class Watches {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches these directories from now on, and no others. */
  keep(directories: ReadonlySet<string>): void {
    for (const directory of this.#watchers.keys()) if (!directories.has(directory)) this.#drop(directory);
    for (const directory of directories) {
      if (this.#watchers.size >= MOST) return;
      if (!this.#watchers.has(directory)) this.#watch(directory);
    }
  }

  close(): void {
    this.keep(new Set());
  }

  #watch(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#changed());
      watcher.on('error', () => this.#drop(directory));
      this.#watchers.set(directory, watcher);
    } catch {
      // Gone again, or not to be watched.
    }
  }

  #drop(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }
}

/** The directories of files below a folder, the folder itself and what lies between. */
export function directoriesOf(folder: string, paths: Iterable<string>): Set<string> {
  const directories = new Set([folder]);
  for (const path of paths)
    for (
      let each = dirname(path);
      each.length > folder.length && !directories.has(each);
      each = dirname(each)
    )
      directories.add(each);
  return directories;
}
