import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The configuration file's name. */
export const CONFIG_FILE = 'iomesh-guard.yaml';

/** The nearest configuration file from a directory upward; undefined where there is none. */
export function findConfig(from: string): string | undefined {
  let folder = from;
  for (;;) {
    const path = join(folder, CONFIG_FILE);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return path;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
