/** Callers that open many connections and send slowly: bounded memory, and others are still answered. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLI, ROOT } from '../support/run-cli.ts';
import { MountedSecret, TestCa } from '../support/tls.ts';
import { call } from '../support/webhook.ts';

const REVIEW = readFileSync(
  join(ROOT, 'test/fixtures/admission-reviews/14-iomeshcluster-kubectl-label.json'),
  'utf8',
);
/** The limit in the manifests is 512 MiB. 400 bodies of 255 KiB alone have 100 MiB, and are held twice. */
const MEMORY_MIB = 200;
const CONNECTIONS = 400;
/** The largest delay of others. Generous: the machine that runs the tests does other work. */
const DELAY_MS = 10_000;

let ca: TestCa;
let secret: MountedSecret;
const children: ChildProcess[] = [];
const workers: Worker[] = [];
const sockets = new Set<TLSSocket>();

beforeAll(async () => {
  ca = await TestCa.make('slow callers');
  secret = new MountedSecret(await ca.issue('serve'));
  return () => secret.remove();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(workers.splice(0).map((each) => each.terminate()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function serve() {
  const child = spawn(
    process.execPath,
    [
      ...[CLI, 'serve', '--host', '127.0.0.1', '--port', '0', '--health-port', '0', '--drain', '0'],
      ...['--world', join(ROOT, 'examples/two-clusters'), '--cert-dir', secret.folder],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk)));
  await expect.poll(() => log, { timeout: 60_000 }).toContain('"serving"');
  const line = log.split('\n').find((each) => each.includes('"serving"'));
  return { ...(JSON.parse(line!) as { port: number; healthPort: number }), pid: child.pid! };
}

function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function open(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: ca.cert });
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  await Promise.race([
    once(socket, 'secureConnect'),
    once(socket, 'close').then(() => {
      throw new Error('closed');
    }),
  ]);
  // Reset by the server: that is what is tested.
  socket.on('error', () => {});
  socket.on('data', () => {});
  return socket;
}

const headers = (length: number) =>
  `POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** The longest answer of /livez, measured on a thread of its own until `done` is called. */
function livez(port: number): { readonly done: () => Promise<number> } {
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
    let worst = 0;
    let running = true;
    parentPort.on('message', () => (running = false));
    (async () => {
      while (running) {
        const began = performance.now();
        const answer = await fetch(workerData, { headers: { connection: 'close' } });
        await answer.text();
        worst = Math.max(worst, performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      parentPort.postMessage(worst);
    })();`,
    { eval: true, workerData: `http://127.0.0.1:${port}/livez` },
  );
  workers.push(worker);
  return {
    async done() {
      const worst = once(worker, 'message');
      worker.postMessage('end');
      return (await worst)[0] as number;
    },
  };
}

describe('unfinished bodies', () => {
  it('of many connections stay within the memory limit, and others are answered', async () => {
    const { port, healthPort, pid } = await serve();
    const probe = livez(healthPort);
    const body = Buffer.alloc(255 * 1024, 'x');
    const attack = async () => {
      for (let each = 0; each < CONNECTIONS / 10; each += 1) {
        const socket = await open(port).catch(() => undefined);
        socket?.write(headers(body.length));
        socket?.write(body.subarray(1));
      }
    };
    let attacking = true;
    const attacks = Promise.all(Array.from({ length: 10 }, attack)).then(() => (attacking = false));
    const times: number[] = [];
    while (attacking || times.length === 0) {
      const began = performance.now();
      expect((await call({ port, ca: ca.cert, path: '/validate?timeout=10s' }, REVIEW)).status).toBe(200);
      times.push(performance.now() - began);
      await sleep(200);
    }
    await attacks;
    const worst = await probe.done();
    console.log(
      `${CONNECTIONS} unfinished bodies: at most ${Math.round(peakMiB(pid))} MiB, livez at most ${Math.round(worst)} ms, ` +
        `${times.length} reviews in at most ${Math.round(Math.max(...times))} ms`,
    );
    expect(peakMiB(pid)).toBeLessThan(MEMORY_MIB);
    expect(worst).toBeLessThan(DELAY_MS);
    expect(Math.max(...times)).toBeLessThan(DELAY_MS);
  }, 180_000);

  it('are answered and given up within seconds, as are unfinished headers and handshakes', async () => {
    const { port } = await serve();
    const timed = async (socket: NodeJS.EventEmitter, name: string) => {
      const began = performance.now();
      await once(socket, 'close');
      return [name, Math.round((performance.now() - began) / 1000)] as const;
    };
    const [body, head, unused] = [await open(port), await open(port), await open(port)];
    let answer = '';
    body.on('data', (chunk) => (answer += String(chunk)));
    body.write(`${headers(1000)}{`);
    head.write('POST /validate HTTP/1.1\r\nhost: x\r\n');
    const handshake = connectTcp({ host: '127.0.0.1', port });
    handshake.on('error', () => {});
    handshake.resume();
    const seconds = Object.fromEntries(
      await Promise.all([timed(body, 'body'), timed(head, 'headers'), timed(handshake, 'handshake')]),
    );
    console.log('seconds until an unfinished connection is closed:', JSON.stringify(seconds));
    expect(Math.max(...Object.values<number>(seconds))).toBeLessThan(20);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('cannot verify: the review did not arrive in time');
    // An apiserver keeps connections that it has not used yet.
    const received = once(unused, 'data');
    unused.write(`${headers(REVIEW.length)}${REVIEW}`);
    expect(String((await received)[0])).toMatch(/^HTTP\/1\.1 200 /);
  }, 120_000);
});

describe('a body that takes longer than the time for it', () => {
  it('is answered as "cannot verify" and read to its end', async () => {
    const { port } = await serve();
    const body = Buffer.alloc(1024 * 1024, 'x');
    const socket = await open(port);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.write(headers(body.length));
    // Longer than the time until the answer and that without progress together.
    for (let from = 0; from < body.length; from += 64 * 1024) {
      expect(socket.destroyed).toBe(false);
      socket.write(body.subarray(from, from + 64 * 1024));
      await sleep(800);
    }
    expect(answer).toContain('cannot verify: the review did not arrive in time');
    // The connection can be used again.
    answer = '';
    socket.write(`${headers(REVIEW.length)}${REVIEW}`);
    await expect.poll(() => answer, { timeout: 30_000 }).toMatch(/^HTTP\/1\.1 200 /);
  }, 60_000);
});

describe('more large reviews than there is room for', () => {
  it('are all answered', async () => {
    const { port, pid } = await serve();
    const body = JSON.stringify({ notes: 'x'.repeat(6 * 1024 * 1024) });
    const ask = async () => {
      return await new Promise<number>((resolve, reject) => {
        const agent = new Agent({ keepAlive: false });
        const type = { 'content-type': 'application/json' };
        const review = request(
          { method: 'POST', host: '127.0.0.1', port, path: '/validate', ca: ca.cert, headers: type, agent },
          (response) => {
            response.resume().once('error', reject);
            response.once('end', () => resolve(response.statusCode ?? 0));
          },
        );
        review.once('error', reject);
        // Slower than an apiserver sends, so that some are given up while they send.
        const send = async () => {
          for (let from = 0; from < body.length; from += 64 * 1024) {
            review.write(body.slice(from, from + 64 * 1024));
            await sleep(30);
          }
          review.end();
        };
        void send();
      });
    };
    const answers = await Promise.all(Array.from({ length: 30 }, ask));
    // Not a review: refused after it was read, or not verified because others took longer.
    for (const status of answers) expect([400, 503]).toContain(status);
    const refused = answers.filter((status) => status === 503).length;
    expect(refused).toBeGreaterThan(0);
    console.log(`30 bodies of 6 MiB: ${refused} not verified, at most ${Math.round(peakMiB(pid))} MiB`);
    expect(peakMiB(pid)).toBeLessThan(512);
  }, 120_000);
});
