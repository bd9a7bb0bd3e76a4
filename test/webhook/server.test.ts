/** The server around the app, over real sockets: what an apiserver relies on between requests. */
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificateInDirectory } from '../../src/certificates/directory.ts';
import type { World } from '../../src/core/world.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/webhook/server.ts';
import { type WorldSource, WorldUnreadable } from '../../src/admission/world-source.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { MountedSecret, TestCa } from '../support/tls.ts';
import { call, fixed, metric } from '../support/webhook.ts';

const REVIEW = readFileSync(
  join(import.meta.dirname, '../fixtures/admission-reviews/03-storageclass-create-kubectl-apply.json'),
  'utf8',
);

let ca: TestCa;
let world: World;
const running: RunningServer[] = [];
const secrets: MountedSecret[] = [];

beforeAll(async () => {
  ca = await TestCa.make('server tests');
  world = readWorld(caseText({ name: 'server' }), { name: 'server' });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => {
  for (const secret of secrets) secret.remove();
});

async function start(options: Partial<ServerOptions> = {}, certificatePollMs?: number) {
  const secret = new MountedSecret(await ca.issue('first'));
  secrets.push(secret);
  const metrics = new Metrics();
  const server = await startServer({
    config: world.config,
    host: '127.0.0.1',
    port: 0,
    healthPort: 0,
    certificate: certificateInDirectory({ folder: secret.folder, clientCa: undefined }, certificatePollMs),
    source: fixed(world),
    metrics,
    logger: pino({ level: 'silent' }),
    drainMs: 0,
    ...options,
  });
  running.push(server);
  return { server, secret, metrics };
}

function probe(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', reject);
  });
}

function servedName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: ca.cert, servername: 'localhost' }, () => {
      const peer: PeerCertificate = socket.getPeerCertificate();
      socket.end();
      resolve(String(peer.subject.CN));
    });
    socket.on('error', reject);
  });
}

describe('connections', () => {
  it('stay open longer than the 90 s after which the apiserver closes them', async () => {
    const { server } = await start();
    const answer = await call(
      { port: server.port, ca: ca.cert, agent: new Agent({ keepAlive: true, maxSockets: 1 }) },
      REVIEW,
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['connection']).toBe('keep-alive');
    const seconds = Number(/timeout=(\d+)/.exec(String(answer.headers['keep-alive']))?.[1]);
    expect(seconds).toBeGreaterThan(90);
  });

  it('accept bodies of up to 8 MiB and answer larger ones with 413', async () => {
    const { server } = await start();
    const padded = (size: number) => {
      const review = JSON.parse(REVIEW);
      review.request.object.metadata.annotations.padding = 'x'.repeat(size);
      return JSON.stringify(review);
    };
    const agent = new Agent({ keepAlive: true });
    expect((await call({ port: server.port, ca: ca.cert, agent }, padded(7.9 * 1024 * 1024))).status).toBe(
      200,
    );
    await expect(
      call({ port: server.port, ca: ca.cert, agent }, padded(8.5 * 1024 * 1024)).then(
        (answer) => answer.status,
      ),
    ).resolves.toBe(413);
    agent.destroy();
  });
});

describe('stopping', () => {
  it('loses no request', async () => {
    // Long enough for a caller on a busy machine that was about to connect.
    const [first, second] = [await start({ drainMs: 1500 }), await start()];
    const agents = new Map(
      [first, second].map(({ server }) => [server, new Agent({ keepAlive: true, maxSockets: 8 })]),
    );
    let ready = true;
    let failed = 0;
    let answered = 0;
    let done = false;
    // As with a Service: new requests go to the ready server, running requests continue.
    const caller = async (number: number) => {
      while (!done) {
        const { server } = ready && number % 2 === 0 ? first : second;
        try {
          const { status } = await call(
            { port: server.port, ca: ca.cert, agent: agents.get(server)! },
            REVIEW,
          );
          if (status === 200) answered += 1;
          else failed += 1;
        } catch {
          failed += 1;
        }
      }
    };
    const callers = Array.from({ length: 8 }, (_, number) => caller(number));
    await sleep(200);
    const stopped = first.server.stop();
    await sleep(20);
    expect((await probe(first.server.healthPort, '/readyz')).status).toBe(503);
    await sleep(100);
    ready = false;
    await stopped;
    await sleep(100);
    done = true;
    await Promise.all(callers);
    for (const agent of agents.values()) agent.destroy();
    expect(failed).toBe(0);
    expect(answered).toBeGreaterThan(20);
    await expect(call({ port: first.server.port, ca: ca.cert }, REVIEW)).rejects.toThrow();
  });

  it('does not wait for idle connections', async () => {
    const { server } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await call({ port: server.port, ca: ca.cert, agent }, REVIEW);
    const began = Date.now();
    await server.stop();
    expect(Date.now() - began).toBeLessThan(5000);
    agent.destroy();
  });
});

describe('the version of TLS', () => {
  async function protocol(port: number, options: ConnectionOptions = {}): Promise<string | null> {
    return await new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, ca: ca.cert, ...options }, () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
        socket.end();
      });
      socket.on('error', reject);
    });
  }
  const old = { maxVersion: 'TLSv1.2' } as const;

  it('is 1.3, also after the certificate is reloaded', async () => {
    const { server, secret } = await start({}, 50);
    expect(await protocol(server.port)).toContain('TLSv1.3');
    await expect(protocol(server.port, old)).rejects.toThrow();
    secret.swap(await ca.issue('second'));
    await expect.poll(() => servedName(server.port), { timeout: 5000 }).toBe('second');
    expect(await protocol(server.port)).toContain('TLSv1.3');
    await expect(protocol(server.port, old)).rejects.toThrow();
  });

  it('can be 1.2 with authenticated encryption, and never less', async () => {
    const { server } = await start({ tlsMinVersion: '1.2' });
    expect(await protocol(server.port)).toContain('TLSv1.3');
    expect(await protocol(server.port, old)).toMatch(/^TLSv1\.2 ECDHE-ECDSA-.*(?:GCM|POLY1305)/);
    for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256'])
      await expect(protocol(server.port, { ...old, ciphers })).rejects.toThrow();
    await expect(
      protocol(server.port, {
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    ).rejects.toThrow();
  });
});

describe('the certificate', () => {
  it('is reloaded under load without a failed request when the kubelet replaces it', async () => {
    const { server, secret, metrics } = await start({}, 100);
    const before = await metric(metrics, 'iomesh_guard_certificate_not_after_seconds');
    expect(before).toBeGreaterThan(Date.now() / 1000);
    expect(await servedName(server.port)).toBe('first');
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    let failed = 0;
    let answered = 0;
    let done = false;
    const caller = async (fresh: boolean) => {
      while (!done) {
        try {
          const { status } = await call(
            { port: server.port, ca: ca.cert, ...(fresh ? {} : { agent }) },
            REVIEW,
          );
          if (status === 200) answered += 1;
          else failed += 1;
        } catch {
          failed += 1;
        }
      }
    };
    const callers = [true, true, false, false].map(caller);
    for (const name of ['second', 'third']) {
      secret.swap(await ca.issue(name));
      await expect.poll(() => servedName(server.port), { timeout: 5000 }).toBe(name);
    }
    done = true;
    await Promise.all(callers);
    agent.destroy();
    expect(failed).toBe(0);
    expect(answered).toBeGreaterThan(20);
  });

  it('is kept while the one on disk is invalid', async () => {
    const { server, secret } = await start({}, 50);
    const other = await ca.issue('other');
    secret.swap({ cert: (await ca.issue('mismatch')).cert, key: other.key });
    await sleep(300);
    expect(await servedName(server.port)).toBe('first');
    secret.swap(other);
    await expect.poll(() => servedName(server.port), { timeout: 5000 }).toBe('other');
  });

  it('is required of the caller if a client CA is configured', async () => {
    const secret = new MountedSecret(await ca.issue('first'));
    secrets.push(secret);
    const callers = await TestCa.make('callers');
    const bundle = join(secret.folder, 'callers.crt');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(bundle, callers.cert);
    const { server } = await start({
      certificate: certificateInDirectory({ folder: secret.folder, clientCa: bundle }),
    });
    await expect(call({ port: server.port, ca: ca.cert }, REVIEW)).rejects.toThrow();
    const stranger = await (await TestCa.make('strangers')).issue('stranger');
    await expect(call({ port: server.port, ca: ca.cert, ...stranger }, REVIEW)).rejects.toThrow();
    const known = await callers.issue('kube-apiserver');
    expect((await call({ port: server.port, ca: ca.cert, ...known }, REVIEW)).status).toBe(200);
  });
});

it('admits before the timeout of the apiserver, whatever is done before a change is stored', async () => {
  const { server } = await start({ onAdmit: () => new Promise(() => {}) });
  const file = '../fixtures/admission-reviews/14-iomeshcluster-kubectl-label.json';
  const label = readFileSync(join(import.meta.dirname, file), 'utf8');
  const began = Date.now();
  const answer = await call({ port: server.port, ca: ca.cert, path: '/validate?timeout=2s' }, label);
  expect(JSON.parse(answer.body).response.allowed).toBe(true);
  expect(Date.now() - began).toBeLessThan(2000);
});

describe('the world', () => {
  const slow: WorldSource = { ready: true, current: () => new Promise(() => {}) };

  it('gives an error before the timeout of the apiserver if it cannot be read in time', async () => {
    const { server, metrics } = await start({ source: slow });
    const review = readFileSync(
      join(import.meta.dirname, '../fixtures/admission-reviews/04-iomeshcluster-create-kubectl-apply.json'),
      'utf8',
    );
    const began = Date.now();
    const answer = await call({ port: server.port, ca: ca.cert, path: '/validate?timeout=3s' }, review);
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('cannot verify');
    expect(Date.now() - began).toBeLessThan(3000);
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'unreadable' })).toBe(1);
  });

  it('keeps the server not ready for a further reason, and shows the reason', async () => {
    let problem: string | undefined = 'the wrong manifests are installed';
    const { server } = await start({ problem: () => problem });
    const refused = await probe(server.healthPort, '/readyz');
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('the wrong manifests are installed');
    expect((await probe(server.healthPort, '/metrics')).text).toContain('iomesh_guard_ready 0');
    problem = undefined;
    expect((await probe(server.healthPort, '/readyz')).status).toBe(200);
  });

  it('keeps the server not ready until it is loaded', async () => {
    const missing: WorldSource = {
      ready: false,
      current: () => {
        throw new WorldUnreadable('not read yet');
      },
    };
    const { server } = await start({ source: missing });
    const { status, text } = await probe(server.healthPort, '/readyz');
    expect(status).toBe(503);
    expect(text).toContain('the world is not loaded yet');
    expect((await probe(server.healthPort, '/livez')).status).toBe(200);
    expect((await probe(server.healthPort, '/metrics')).text).toContain('iomesh_guard_ready 0');
  });
});
