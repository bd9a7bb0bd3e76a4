/** One executable without Node. npx fetches the program that makes it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, ROOT } from '../support/run-cli.ts';
import { mayFetch, temporary } from './tree.ts';

describe.skipIf(!mayFetch || process.platform !== 'linux')('the single executable', () => {
  it('checks, explains and draws as dist/cli.js does, without Node in the PATH', () => {
    const file = join(temporary('executable'), 'iomesh-guard');
    execFileSync(process.execPath, [join(ROOT, 'scripts/executable.mjs'), '--output', file], { cwd: ROOT });
    for (const args of [
      ['--version'],
      ['lint', 'examples/broken'],
      ['map', '--format', 'svg', 'examples/two-clusters'],
      ['explain', 'IOM101'],
      ['lint', '--diff', '--unsafe-fixes', 'examples/broken'],
    ]) {
      const { stdout, status } = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8', env: { PATH: '' } });
      const expected = spawnSync(process.execPath, [CLI, ...args], { cwd: ROOT, encoding: 'utf8' });
      expect([status, stdout]).toEqual([expected.status, expected.stdout]);
    }
  }, 300_000);
});
