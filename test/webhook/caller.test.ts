/** Who is answered: only the apiserver, which knows the secret path or has the client certificate. */
import { writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificateInDirectory } from '../../src/certificates/directory.ts';
import type { WebhookPaths } from '../../src/admission/webhook-paths.ts';
import type { World } from '../../src/core/world.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/webhook/server.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { type Issued, MountedSecret, TestCa } from '../support/tls.ts';
import { call, fixed, metric, reviewOf } from '../support/webhook.ts';

const SECRET = 'a2b3'.repeat(13);
const OTHER = 'c4d5'.repeat(13);
/** A body that is larger than what the sockets of both sides buffer. */
const LARGE = 7 * 1024 * 1024;

let ca: TestCa;
let world: World;
let review: string;
const running: RunningServer[] = [];
const secrets: MountedSecret[] = [];

beforeAll(async () => {
  ca = await TestCa.make('caller tests');
  world = readWorld(caseText({ name: 'caller' }), { name: 'caller' });
  review = JSON.stringify(
    reviewOf({ before: world.resources.find(({ ref }) => ref.kind === 'StorageClass')! }),
  );
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => {
  for (const secret of secrets) secret.remove();
});

function pathsOf(...given: string[]): WebhookPaths & { secrets: string[]; fixed: boolean } {
  return { secrets: given, fixed: false, problem: undefined, expose: () => undefined };
}

async function start(options: Partial<ServerOptions> = {}, clientCa?: TestCa) {
  const secret = new MountedSecret(await ca.issue('webhook'));
  secrets.push(secret);
  const bundle = join(secret.folder, 'clients.crt');
  if (clientCa !== undefined) writeFileSync(bundle, clientCa.cert);
  const metrics = new Metrics();
  const log: Record<string, unknown>[] = [];
  const server = await startServer({
    config: world.config,
    host: '127.0.0.1',
    port: 0,
    healthPort: 0,
    certificate: certificateInDirectory({
      folder: secret.folder,
      clientCa: clientCa === undefined ? undefined : bundle,
    }),
    source: fixed(world),
    metrics,
    logger: pino({}, { write: (line: string) => void log.push(JSON.parse(line)) }),
    drainMs: 0,
    ...options,
  });
  running.push(server);
  const ask = (path: string, client?: Issued) =>
    call({ port: server.port, ca: ca.cert, path, ...client }, review).then(({ status }) => status);
  return { server, metrics, log, ask };
}

/** Announces a large body, sends it without pause, and returns the status and how much was taken until the end. */
function flood(port: number, path: string): Promise<{ status: string; sent: number }> {
  return new Promise((resolve) => {
    let status = '';
    const socket = connect({ host: '127.0.0.1', port, ca: ca.cert, servername: 'localhost' }, () => {
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${LARGE}\r\n\r\n`;
      socket.write(head);
      const chunk = Buffer.alloc(16 * 1024, ' ');
      let left = LARGE;
      const more = () => {
        if (socket.destroyed || left <= 0 || status !== '') return;
        left -= chunk.length;
        socket.write(chunk, () => setImmediate(more));
      };
      more();
    });
    socket.on('data', (data: Buffer) => {
      status ||= data.toString().split('\r\n')[0] ?? '';
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ status, sent: socket.bytesWritten }));
  });
}

describe('with a secret path', () => {
  it('answers only that path, on both webhooks', async () => {
    const { ask, log, metrics } = await start({ paths: pathsOf(SECRET) });
    expect(await ask(`/validate/${SECRET}`)).toBe(200);
    expect(await ask(`/validate/${SECRET}?timeout=5s`)).toBe(200);
    expect(await ask(`/mutate/${SECRET}?timeout=5s`)).toBe(200);
    for (const path of [
      '/',
      '/validate',
      '/mutate?timeout=5s',
      `/validate/${OTHER}`,
      `/validate/${SECRET.slice(1)}`,
      `/validate/${SECRET}a`,
      `/validate/${SECRET}/`,
      `/validate/${SECRET.toUpperCase()}`,
      `//validate/${SECRET}`,
      `/x/${SECRET}`,
      `/validate?/validate/${SECRET}`,
      `/validate/%61${SECRET.slice(1)}`,
      '/validate/',
    ])
      expect([path, await ask(path)]).toEqual([path, 404]);
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'path' })).toBe(13);
    expect(await metric(metrics, 'iomesh_guard_callers_authenticated')).toBe(1);
    expect(JSON.stringify(log)).not.toContain(SECRET);
    expect(log.filter(({ msg }) => msg === 'decision')).toHaveLength(3);
  });

  it('follows the secrets while they change', async () => {
    const paths = pathsOf();
    const { ask } = await start({ paths });
    expect(await ask(`/validate/${SECRET}`)).toBe(404);
    paths.secrets.push(SECRET);
    expect(await ask(`/validate/${SECRET}`)).toBe(200);
    paths.secrets.push(OTHER);
    expect([await ask(`/validate/${SECRET}`), await ask(`/mutate/${OTHER}`)]).toEqual([200, 200]);
    paths.secrets.shift();
    expect([await ask(`/validate/${SECRET}`), await ask(`/mutate/${OTHER}`)]).toEqual([404, 200]);
  });

  it('answers the path of an older version only while the configurations have it', async () => {
    const paths = pathsOf(SECRET);
    const { ask, server, metrics } = await start({ paths });
    const authenticated = async () => {
      await fetch(`http://127.0.0.1:${server.healthPort}/readyz`);
      return metric(metrics, 'iomesh_guard_callers_authenticated');
    };
    expect([await ask('/validate'), await authenticated()]).toEqual([404, 1]);
    paths.fixed = true;
    expect(await ask('/validate?timeout=5s')).toBe(200);
    expect([await ask('/mutate'), await ask(`/validate/${SECRET}`)]).toEqual([200, 200]);
    expect([await ask('/validate/'), await ask('/validate/x'), await ask('/')]).toEqual([404, 404, 404]);
    expect(await authenticated()).toBe(0);
    paths.fixed = false;
    expect([await ask('/validate'), await authenticated()]).toEqual([404, 1]);
  });

  it('ends a request on another path before its body is read, and its connection', async () => {
    const { server, metrics } = await start({ paths: pathsOf(SECRET) });
    const { status, sent } = await flood(server.port, '/validate');
    expect(status).toBe('HTTP/1.1 404 Not Found');
    expect(sent).toBeLessThan(LARGE / 2);
    expect(await metric(metrics, 'iomesh_guard_reviews_in_flight')).toBe(0);
    expect((await flood(server.port, `/validate/${SECRET}`)).status).toBe('HTTP/1.1 400 Bad Request');
  });

  it('is not ready while the apiserver cannot call the path', async () => {
    const { server } = await start({ paths: { ...pathsOf(SECRET), problem: 'the path is not set' } });
    const answer = await fetch(`http://127.0.0.1:${server.healthPort}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([503, 'not ready: the path is not set\n']);
  });
});

describe('without a secret path', () => {
  it('answers every caller, and says so in the log and a metric', async () => {
    const { ask, log, metrics } = await start();
    expect([await ask('/validate'), await ask('/mutate'), await ask(`/validate/${SECRET}`)]).toEqual([
      200, 200, 404,
    ]);
    expect(log.filter(({ msg }) => String(msg).startsWith('callers are not authenticated'))).toHaveLength(1);
    expect(await metric(metrics, 'iomesh_guard_callers_authenticated')).toBe(0);
  });
});

describe('with client certificates', () => {
  it('answers only the name, as common name or as DNS name', async () => {
    const clients = await TestCa.make('clients');
    const { ask, log, metrics } = await start({ clientName: 'kube-apiserver' }, clients);
    expect(await ask('/validate', await clients.issue('kube-apiserver'))).toBe(200);
    for (const name of [
      'system:node:worker-0',
      'kube-apiserver-kubelet-client',
      'CN=kube-apiserver',
      // Two common names.
      'x\nCN=kube-apiserver',
    ])
      expect([name, await ask('/validate', await clients.issue(name))]).toEqual([name, 403]);
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'client' })).toBe(4);
    expect(await metric(metrics, 'iomesh_guard_callers_authenticated')).toBe(1);
    expect(log.filter(({ msg }) => msg === 'decision')).toHaveLength(1);

    const named = await start({ clientName: 'localhost' }, clients);
    expect(await named.ask('/validate', await clients.issue('somebody'))).toBe(200);
  });

  it('remembers the name when a TLS session is resumed', async () => {
    const clients = await TestCa.make('clients');
    const { server } = await start({ clientName: 'kube-apiserver' }, clients);
    for (const [name, status] of [
      ['kube-apiserver', 200],
      ['somebody', 403],
    ] as const) {
      const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 });
      const client = await clients.issue(name);
      const options = { port: server.port, ca: ca.cert, agent, ...client };
      expect((await call(options, review)).status).toBe(status);
      expect((await call(options, review)).status).toBe(status);
    }
  });
});
