/**
 * Measures the webhook with a world of 1 000 clusters and 10 000 nodes: throughput and latency next to
 * a bare HTTPS server in the same run, resident memory, and the time to evaluate one change as the world
 * grows. Prints ratios; never fails.
 *
 *   node bench/webhook.mjs [--seconds N] [--idle]     --idle adds creates spaced 6 s apart (4 minutes)
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load as loadYaml } from 'js-yaml';
import { load as bundle } from '../scripts/bundle.mjs';
import { reviewOf } from '../scripts/sample-reviews.mjs';
import { writeCorpus } from './corpus.mjs';
import { load, percentile } from './load.mjs';
import { median } from './measure.mjs';
import { writeNodes } from './nodes.mjs';

const root = join(import.meta.dirname, '..');
const flag = process.argv.indexOf('--seconds');
const seconds = flag < 0 ? 5 : Number(process.argv[flag + 1]);
const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-bench-'));
const certs = join(work, 'certs');
const env = { ...process.env };
delete env.NODE_EXTRA_CA_CERTS;

function start(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const port = new Promise((resolve) => {
    let text = '';
    const listen = (chunk) => {
      text += chunk;
      const line = text.split('\n').find((each) => each.includes('"msg":"serving"') && each.endsWith('}'));
      if (line === undefined) return;
      // Keep reading the log, but without parsing it: that would slow the client down.
      child.stdout.off('data', listen).resume();
      resolve(JSON.parse(line).port);
    };
    child.stdout.on('data', listen);
  });
  return { child, port };
}

/** Number of different objects that the load creates. */
const OBJECTS = 3000;

/**
 * A 6 KB CREATE of one more pool, on free nodes, as kubectl's apply makes an apiserver send it: with the
 * last-applied annotation and the managed fields.
 */
function createReview(_, number) {
  const text = example
    .replaceAll('iomesh-cluster-1', `one-more-${number}`)
    .replace(/k8s-worker-(\d)/g, (_, digit) => `worker-${1 + (number % 999)}-${6 + (digit % 3)}`);
  const object = loadYaml(text);
  object.metadata.annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n`,
  };
  const time = '2026-11-23T03:01:21Z';
  Object.assign(object.metadata, {
    uid: randomUUID(),
    creationTimestamp: time,
    generation: 1,
    managedFields: [
      {
        apiVersion: object.apiVersion,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': fieldsOf(object.spec) },
        manager: 'kubectl-client-side-apply',
        operation: 'Update',
        time,
      },
    ],
  });
  return JSON.stringify(reviewOf('CREATE', object));
}

/** Which fields an object has, as server-side apply writes it. */
function fieldsOf(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const members = Object.entries(value).map(([key, member]) => [`f:${key}`, fieldsOf(member)]);
  return { '.': {}, ...Object.fromEntries(members) };
}

/** The V8 flags of the image. */
const [entrypoint] = /(?<=^ENTRYPOINT ).*/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'));
const imageFlags = JSON.parse(entrypoint).filter((each) => each.startsWith('--'));

const example = readFileSync(join(root, 'examples/two-clusters/cluster-1/iomesh.yaml'), 'utf8');

/** Megabytes of 10^6 bytes. */
const resident = (pid) =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024) / 1e6;

const children = [];
try {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, [join(root, 'scripts/certs.mjs'), certs]);
  const set = join(work, 'world');
  writeCorpus(set, 1000);
  writeNodes(join(work, 'iomesh-guard.yaml'), 10_000);
  const floor = start([join(root, 'bench/floor-server.mjs'), certs]);
  const guard = start([
    ...imageFlags,
    join(root, 'dist/cli.js'),
    'serve',
    ...[
      '--world',
      set,
      '--config',
      join(work, 'iomesh-guard.yaml'),
      '--cert-dir',
      certs,
      '--host',
      '127.0.0.1',
    ],
    ...['--port', '0', '--health-port', '0', '--drain', '0'],
  ]);
  children.push(floor.child, guard.child);
  const ports = { floor: await floor.port, guard: await guard.port };
  const ca = readFileSync(join(certs, 'ca.crt'));
  const reviews = Array.from({ length: OBJECTS }, createReview);
  console.log(
    `CREATE of ${(Buffer.byteLength(reviews[0]) / 1024).toFixed(1)} KB with 1000 clusters and 10000 nodes`,
  );
  const round = (name, connections, span) =>
    load({
      port: ports[name],
      ca,
      path: '/validate?timeout=5s',
      bodies: reviews,
      connections,
      seconds: span,
    });
  for (const name of ['floor', 'guard']) await round(name, 10, 5);
  for (const connections of [1, 10, 100]) {
    const figures = { floor: [], guard: [] };
    for (let turn = 0; turn < 3; turn++)
      for (const name of ['floor', 'guard']) figures[name].push(await round(name, connections, seconds / 3));
    const rate = (name) => median(figures[name].map((each) => each.perSecond));
    const p99 = (name) => median(figures[name].map((each) => percentile(each.latencies, 0.99)));
    const failed = figures.guard.reduce((sum, each) => sum + each.failed, 0);
    console.log(
      `${String(connections).padStart(5)} connections: ${rate('guard').toFixed(0)}/s; bare server ${rate('floor').toFixed(0)}/s (${(rate('guard') / rate('floor')).toFixed(2)} ×); ` +
        `p99 ${p99('guard').toFixed(2)} ms; bare server ${p99('floor').toFixed(2)} ms (${(p99('guard') / p99('floor')).toFixed(2)} ×); ${failed} failed`,
    );
  }
  console.log(
    `resident memory ${resident(guard.child.pid).toFixed(0)} MB (bound 150); bare server ${resident(floor.child.pid).toFixed(0)} MB`,
  );

  const { judgeTimes } = await bundle('bench/judge-times.ts');
  for (const clusters of [10, 30, 100, 300, 1000]) {
    const { median: middle, p99 } = judgeTimes(clusters, 10_000);
    console.log(
      `evaluating one change with ${clusters} clusters: ${middle.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms (bound 1)`,
    );
  }

  if (process.argv.includes('--idle')) {
    const { spaced } = await import('./spaced.mjs');
    const { failed, sent } = await spaced({
      port: ports.guard,
      ca,
      body: reviews[0],
      times: 40,
      pauseMs: 6000,
    });
    console.log(`creates spaced 6 s apart over one connection: ${failed} of ${sent} failed (bound 0)`);
  }
} finally {
  for (const child of children) child.kill();
  rmSync(work, { recursive: true, force: true });
}
