/** Peers that Go builds from modules, cached as the control planes of test/e2e are. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** The path of a program, built by Go from its module at a version; undefined if there is no Go. */
export function buildGoProgram(module, version) {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const bin = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'iomesh-guard/bin');
  mkdirSync(bin, { recursive: true });
  execFileSync('go', ['install', `${module}@${version}`], {
    env: { ...process.env, GOBIN: bin, GOFLAGS: '-mod=mod' },
    stdio: 'inherit',
  });
  return join(bin, basename(module));
}
