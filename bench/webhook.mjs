/**
 * Measures the webhook with a world of 1 000 clusters and 10 000 nodes: throughput and latency next to
 * a bare HTTPS server and OPA's server with one rule in the same run, resident memory, and the time to
 * evaluate one change as the world grows; then, at a real kube-apiserver, what the webhook and a
 * ValidatingAdmissionPolicy of that rule add to a CREATE. Prints ratios; fails only if a server decides
 * wrongly. The peers need Go; the first build takes minutes.
 *
 *   node bench/webhook.mjs [--seconds N] [--alone] [--idle]
 *
 *   --alone leaves the peers out; --idle adds creates spaced 6 s apart (4 minutes)
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
import { expectAnswers } from './expect-answers.mjs';
import { clustersIn } from './listed-hostnames.mjs';
import { imageEnv, imageFlags } from './image-flags.mjs';
import { load, percentile } from './load.mjs';
import { median } from './measure.mjs';
import { writeNodes } from './nodes.mjs';
import { OPA_LIMITS, startOpa } from './opa.mjs';
import { processorTime } from './processor-time.mjs';
import { residentMemory } from './resident-memory.mjs';

const root = join(import.meta.dirname, '..');
const flag = process.argv.indexOf('--seconds');
const seconds = flag < 0 ? 5 : Number(process.argv[flag + 1]);
const alone = process.argv.includes('--alone');
const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-bench-'));
const certs = join(work, 'certs');
const env = { ...imageEnv };
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

const TITLES = { floor: 'bare server', opa: 'OPA' };

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

const example = readFileSync(join(root, 'examples/two-clusters/cluster-1/iomesh.yaml'), 'utf8');

const children = [];
try {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, [join(root, 'scripts/certs.mjs'), certs]);
  const set = join(work, 'world');
  writeCorpus(set, 1000);
  writeNodes(join(work, 'iomesh-guard.yaml'), 10_000);
  const opa = alone ? undefined : await startOpa({ certs, clusters: clustersIn(set), work });
  if (opa !== undefined) children.push(opa.child);
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
  const ca = readFileSync(join(certs, 'ca.crt'));
  const reviews = Array.from({ length: OBJECTS }, createReview);
  const overlapping = reviews[0].replaceAll('worker-1-6', 'worker-7-3');
  const servers = {
    floor: { child: floor.child, port: await floor.port, path: '/' },
    guard: { child: guard.child, port: await guard.port, path: '/validate?timeout=5s' },
    ...(opa && { opa: { ...opa, path: '/' } }),
  };
  for (const [name, { port, path }] of Object.entries(servers))
    if (name !== 'floor')
      await expectAnswers({ name, port, ca, path, allowed: reviews, denied: overlapping });
  console.log(
    `CREATE of ${(Buffer.byteLength(reviews[0]) / 1024).toFixed(1)} KB with 1000 clusters and 10000 nodes`,
  );
  if (opa !== undefined) console.log(OPA_LIMITS);
  else if (!alone) console.log('OPA was not measured: install Go');
  const names = Object.keys(servers);
  const round = async (name, connections, span) => {
    const { child, port, path } = servers[name];
    const before = processorTime(child.pid);
    const figures = await load({ port, ca, path, bodies: reviews, connections, seconds: span });
    return { ...figures, processor: (processorTime(child.pid) - before) / figures.latencies.length };
  };
  for (const name of names) await round(name, 10, 5);
  for (const connections of [1, 10, 100]) {
    const figures = Object.fromEntries(names.map((name) => [name, []]));
    for (let turn = 0; turn < 3; turn++)
      for (const name of names) figures[name].push(await round(name, connections, seconds / 3));
    const rate = (name) => median(figures[name].map((each) => each.perSecond));
    const p99 = (name) => median(figures[name].map((each) => percentile(each.latencies, 0.99)));
    const processor = (name) => median(figures[name].map((each) => each.processor));
    const failed = (name) => figures[name].reduce((sum, each) => sum + each.failed, 0);
    console.log(
      `${String(connections).padStart(5)} connections: ${rate('guard').toFixed(0)}/s; bare server ${rate('floor').toFixed(0)}/s (${(rate('guard') / rate('floor')).toFixed(2)} ×); ` +
        `p99 ${p99('guard').toFixed(2)} ms; bare server ${p99('floor').toFixed(2)} ms (${(p99('guard') / p99('floor')).toFixed(2)} ×); ${failed('guard')} failed`,
    );
    if (opa === undefined) continue;
    console.log(
      `      OPA with one rule: ${rate('opa').toFixed(0)}/s (${(rate('opa') / rate('floor')).toFixed(2)} × the bare server; all our rules ${(rate('guard') / rate('opa')).toFixed(2)} × OPA); ` +
        `p99 ${p99('opa').toFixed(2)} ms (${(p99('opa') / p99('floor')).toFixed(2)} ×); ${failed('opa')} failed; ` +
        `processor time of a review: OPA ${processor('opa').toFixed(2)} ms, ours ${processor('guard').toFixed(2)} ms, bare server ${processor('floor').toFixed(2)} ms`,
    );
  }
  const memory = names
    .filter((name) => name !== 'guard')
    .map((name) => `${TITLES[name]} ${residentMemory(servers[name].child.pid).now} MB`);
  console.log(`resident memory ${residentMemory(guard.child.pid).now} MB (bound 150); ${memory.join(', ')}`);

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
      port: servers.guard.port,
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

if (!alone) {
  const { findKubernetes, hasAdmissionPolicies } = await bundle('test/e2e/support/kubernetes.ts');
  const found = await findKubernetes(process.env, (line) => console.error(line));
  if ('missing' in found)
    console.log('a policy was not measured: install Go, or set KUBEBUILDER_ASSETS (test/e2e/README.md)');
  else if (!hasAdmissionPolicies(found[0]))
    console.log(`a policy was not measured: Kubernetes ${found[0].release} has none`);
  else
    execFileSync(
      process.execPath,
      [join(root, 'bench/apiserver.mjs'), '--policy', '--clusters', '1000', '--calls', '50'],
      { stdio: 'inherit', env },
    );
}
