/** One executable without Node. npx fetches the program that makes it. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputOf } from '../support/child-output.ts';
import { example, startServer } from '../support/cluster.ts';
import { CLI, ROOT } from '../support/run-cli.ts';
import { mayFetch, temporary } from './tree.ts';

describe.skipIf(!mayFetch || process.platform !== 'linux')('the single executable', () => {
  const file = join(temporary('executable'), 'iomesh-guard');
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/executable.mjs'), '--output', file], { cwd: ROOT });
  }, 300_000);

  it('checks, explains and draws as dist/cli.js does, without Node in the PATH', () => {
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

  it('evaluates the standing findings of a cluster in a thread', async () => {
    const server = await startServer();
    for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
    const certs = temporary('certs');
    execFileSync(process.execPath, [join(ROOT, 'scripts/certs.mjs'), certs]);
    const child = spawn(
      file,
      [
        'serve',
        ...['--kubeconfig', server.kubeconfig, '--cert-dir', certs],
        ...['--host', '127.0.0.1', '--port', '0', '--health-port', '0', '--drain', '0'],
      ],
      { env: { PATH: '' } },
    );
    const output = outputOf(child);
    await expect
      .poll(() => output.stdout + output.stderr, { timeout: 30_000, interval: 100 })
      .toContain('standing finding appeared');
    child.kill('SIGKILL');
  }, 60_000);
});
