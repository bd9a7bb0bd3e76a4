/** `serve` with a live cluster, as a process: flags, readiness, exit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/commands/parse.ts';
import { serveCommand } from '../../src/commands/serve.ts';
import { serveOptions } from '../../src/commands/serve/options.ts';
import { CLI, folderOf, run as runAlone } from '../support/run-cli.ts';
import { MountedSecret, TestCa } from '../support/tls.ts';
import { example, startServer } from '../support/cluster.ts';

const DEAD_PROXY = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']
    .flatMap((name) => [name, name.toLowerCase()])
    .map((name) => [name, 'http://127.0.0.1:9'])
    .concat([
      ['NODE_USE_ENV_PROXY', '1'],
      ['NO_PROXY', ''],
      ['no_proxy', ''],
    ]),
);

let secret: MountedSecret;
const children: ChildProcess[] = [];

beforeAll(async () => {
  secret = new MountedSecret(await (await TestCa.make('serve tests')).issue('serve'));
  return () => secret.remove();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function serve(...flags: string[]) {
  return serveOn(['--host', '127.0.0.1'], ...flags);
}

function serveOn(host: readonly string[], ...flags: string[]) {
  const child = spawn(
    process.execPath,
    [CLI, 'serve', ...host, '--port', '0', '--health-port', '0', '--drain', '0', ...flags],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A pod may have variables for connections out of the cluster. The apiserver is never behind a proxy.
      env: { ...process.env, ...DEAD_PROXY },
    },
  );
  children.push(child);
  const log: string[] = [];
  let errors = '';
  child.stdout.on('data', (chunk) => log.push(...String(chunk).split('\n').filter(Boolean)));
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const serving = async () => {
    await expect
      .poll(() => log.find((line) => line.includes('"serving"')), { timeout: 15_000 })
      .toBeDefined();
    return JSON.parse(log.find((line) => line.includes('"serving"'))!) as {
      host: string;
      port: number;
      healthPort: number;
    };
  };
  return { child, log, ended, serving, errors: () => errors };
}

async function canListen(address: string): Promise<boolean> {
  const server = createServer();
  server.listen(0, address);
  return await once(server, 'listening').then(
    () => {
      server.close();
      return true;
    },
    () => false,
  );
}

describe('serve', () => {
  it('is ready after it has read the cluster, and stops on SIGTERM', async () => {
    const server = await startServer();
    for (const object of example('management/iomesh.yaml')) server.put(object);
    let open = false;
    server.fault = () => (open ? undefined : { status: 503, message: 'starting' });
    const { child, serving, ended } = serve('--kubeconfig', server.kubeconfig, '--cert-dir', secret.folder);
    const { healthPort } = await serving();
    const ready = async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status;
    expect(await ready()).toBe(503);
    open = true;
    await expect.poll(ready, { timeout: 15_000 }).toBe(200);
    const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
    expect(metrics).toContain('iomesh_guard_watch_objects{kind="IOMeshCluster"} 1');
    expect(metrics).toMatch(/^iomesh_guard_world_age_seconds \d/m);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('listens on IPv6 and IPv4 without --host', async () => {
    const flags = ['--world', folderOf({}), '--cert-dir', secret.folder];
    const { host, port, healthPort } = await serveOn([], ...flags).serving();
    const addresses = (await canListen('::1')) ? ['[::1]', '127.0.0.1'] : ['127.0.0.1'];
    expect(host).toBe(addresses.length > 1 ? '::' : '0.0.0.0');
    for (const address of addresses) {
      expect((await fetch(`http://${address}:${healthPort}/livez`)).status, address).toBe(200);
      const socket = connect({ host: address.replace(/[[\]]/g, ''), port, rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      socket.destroy();
    }
  });

  it('names an IPv6 address with its port if that is in use', async () => {
    if (!(await canListen('::1'))) return;
    const flags = ['--world', folderOf({}), '--cert-dir', secret.folder];
    const { port } = await serveOn(['--host', '::1'], ...flags).serving();
    const { ended, errors } = serveOn(['--host', '::1'], '--port', String(port), ...flags);
    expect(await ended).toBe(2);
    expect(errors()).toContain(`[::1]:${port} is in use by another program`);
  });

  it('exits if it cannot start after watches have begun', async () => {
    const server = await startServer();
    const { ended, errors } = serve('--kubeconfig', server.kubeconfig, '--cert-dir', folderOf({}));
    expect(await ended).toBe(2);
    expect(errors()).toContain('cannot read the certificate');
  });

  it('rejects flags for both a directory and a cluster', () => {
    for (const flags of [
      ['--kubeconfig', 'x'],
      ['--context', 'x'],
    ]) {
      const { code, stderr } = runAlone(['serve', '--world', '.', '--cert-dir', secret.folder, ...flags]);
      expect(stderr).toContain(`--world and ${flags[0]} cannot be used together`);
      expect(code).toBe(2);
    }
  });

  it.each([
    [['--ca-bundle', 'x', '--namespace', 'n'], '--ca-bundle requires --cert-dir DIR'],
    [['--ca-bundle', 'x', '--cert-dir', '.', '--namespace', 'n'], '--ca-bundle requires --cert-dir DIR'],
    [
      ['--path-secret', 'x', '--cert-dir', '.', '--world', '.', '--namespace', 'n'],
      '--path-secret requires a live cluster',
    ],
    [['--path-secret', 'x', '--cert-dir', '.'], '--path-secret requires a live cluster'],
    [['--reports', '--cert-dir', '.'], '--reports requires a live cluster'],
    [['--events', '--world', '.', '--cert-dir', '.', '--namespace', 'n'], '--events requires a live cluster'],
    [['--client-name', 'x', '--cert-dir', '.', '--world', '.'], '--client-name requires --client-ca FILE'],
  ])('rejects %j', (flags, message) => {
    expect(() => serveOptions(parseArguments(serveCommand, flags), '/')).toThrow(message);
  });

  it('reports a missing kubeconfig', () => {
    const env = { HOME: folderOf({}), KUBECONFIG: '' };
    const { code, stderr } = runAlone(['serve', '--cert-dir', secret.folder], { env });
    expect(stderr).toContain('no kubeconfig found');
    expect(code).toBe(2);
  });
});
