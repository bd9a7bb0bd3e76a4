import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what tests fetch or build once, outside the tree. */
export function cacheHome(): string {
  const named = process.env['XDG_CACHE_HOME'];
  return join(named === undefined || named === '' ? join(homedir(), '.cache') : named, 'iomesh-guard');
}
