/**
 * What the ConfigMaps of other applications cost the webhook at a real kube-apiserver: its peak memory at the start
 * and under load, and the time of a write, beside the same cluster without them. Prints figures; never fails. Needs
 * Go, or KUBEBUILDER_ASSETS (test/e2e/README.md).
 *
 *   node bench/config-maps.mjs [--writes N] [--only NAME] [--guard FILE]     FILE: another dist/cli.js
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load as loadYaml, loadAll } from 'js-yaml';
import { load } from '../scripts/bundle.mjs';
import { loadInPlace } from './in-place.mjs';
import { imageEnv, imageFlags } from './image-flags.mjs';
import { percentile } from './load.mjs';
import { median } from './measure.mjs';
import { residentMemory } from './resident-memory.mjs';
import { all, helpersOf } from './plane.mjs';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    writes: { type: 'string', default: '40' },
    only: { type: 'string' },
    guard: { type: 'string', default: join(root, 'dist/cli.js') },
  },
});
const writes = Number(values.writes);
const NAMESPACE = 'iomesh-guard-system';
const READY_MS = 120_000;

const map = (name, data) => ({ metadata: { name, ...data.metadata }, ...data.content });
const text = 'some text of a dashboard, ';
const dashboard = JSON.stringify({ text: text.repeat(235_000 / text.length) });
/** How many ConfigMaps, and what each of them holds. */
const SCENARIOS = {
  'no others': [0],
  'binary data, 120 x 1 MB': [
    120,
    () => ({ content: { binaryData: { blob: randomBytes(1_000_000).toString('base64') } } }),
  ],
  'text with a dash, 120 x 1 MB': [120, () => ({ content: { data: { text: `—${'x'.repeat(1_000_000)}` } } })],
  'dashboards, 600 x 235 kB': [
    600,
    () => ({
      content: { data: { json: dashboard } },
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': dashboard } },
    }),
  ],
  'small, 40 000': [
    40_000,
    (each) => ({
      content: { data: { text: 'x'.repeat(300) } },
      metadata: { labels: { a: 'b', c: 'd', number: String(each) }, annotations: { note: 'other' } },
    }),
  ],
};
const LARGE = 'no others, but 1 000 clusters and 10 000 nodes';

const { findKubernetes } = await load('test/e2e/support/kubernetes.ts');
const { startControlPlane } = await load('test/e2e/support/control-plane.ts');
const { kubeconfig } = await load('test/e2e/support/kubeconfig.ts');
const { Authority } = await load('test/e2e/support/pki.ts');
const { freePorts } = await load('test/e2e/support/loopback.ts');
const { Cluster } = await loadInPlace('test/e2e/support/cluster.ts');
const found = await findKubernetes(process.env, (line) => console.error(line));
if ('missing' in found) throw new Error(found.missing);

const example = readFileSync(join(root, 'examples/two-clusters/cluster-1/iomesh.yaml'), 'utf8');

console.log(`Kubernetes ${found[0].release}, Node.js ${process.version}, MB of 10^6 bytes`);
for (const name of [...Object.keys(SCENARIOS), LARGE])
  if (values.only === undefined || name.includes(values.only)) await measure(name);

async function measure(name) {
  const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-bench-'));
  const plane = await startControlPlane({ kubernetes: found[0] });
  let child;
  try {
    const objects = await install(plane);
    await fill(plane, name);
    const began = performance.now();
    child = await start(plane, work, objects);
    const ready = performance.now() - began;
    const atStart = residentMemory(child.pid);
    const alone = await create(plane, writes, 1);
    const atOnce = await create(plane, writes, 10);
    const after = residentMemory(child.pid);
    const ms = (list) => `${median(list).toFixed(0)} ms, p99 ${percentile(list, 0.99).toFixed(0)} ms`;
    console.log(
      `${name}: ready after ${(ready / 1000).toFixed(1)} s, peak ${atStart.peak} MB (now ${atStart.now}); ` +
        `dry run ${ms(alone)}; 10 at once ${ms(atOnce)}; peak ${after.peak} MB (now ${after.now})`,
    );
  } finally {
    child?.kill('SIGKILL');
    await plane.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function install(plane) {
  const { kubectl, apply } = helpersOf(plane);
  const objects = loadAll(await kubectl(['kustomize', join(root, 'deploy/kustomize/base')]));
  await new Cluster(plane).installCrds();
  await apply(objects.filter(({ kind }) => !kind.endsWith('WebhookConfiguration') && kind !== 'Service'));
  await apply(
    ['iomesh-system', 'others', 'new'].map((each) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: each },
    })),
  );
  await apply(
    ['zookeeper', 'iomesh', 'connection', 'storageclass'].map((each) =>
      loadYaml(readFileSync(join(root, `examples/two-clusters/management/${each}.yaml`), 'utf8')),
    ),
  );
  await nodes(plane, [
    'k8s-worker-0',
    'k8s-worker-1',
    'k8s-worker-2',
    'new-node-0',
    'new-node-1',
    'new-node-2',
  ]);
  return objects;
}

async function fill(plane, name) {
  const { call } = helpersOf(plane);
  if (name === LARGE) {
    const names = Array.from({ length: 1000 }, (_, each) => `c-${each}`);
    await all(1000, (each) => call('POST', '/api/v1/namespaces', { metadata: { name: names[each] } }));
    await all(1000, (each) => call('POST', clustersOf(names[each]), pool(names[each])));
    await nodes(
      plane,
      names.flatMap((each) => Array.from({ length: 10 }, (_, index) => `${each}-node-${index}`)),
    );
    return;
  }
  const [count, content] = SCENARIOS[name];
  await all(count, (each) =>
    call('POST', '/api/v1/namespaces/others/configmaps', map(`other-${each}`, content(each))),
  );
}

async function nodes(plane, names) {
  const { call } = helpersOf(plane);
  await all(names.length, (each) =>
    call('POST', '/api/v1/nodes', {
      metadata: { name: names[each], labels: { 'kubernetes.io/hostname': names[each] } },
    }),
  );
}

/** A replica with the ledger, registered by its address. */
async function start(plane, work, objects) {
  const { kubectl, apply } = helpersOf(plane);
  const host = plane.block.address(10);
  const [port, health] = await freePorts(host, 2);
  const authority = await Authority.make('bench');
  const { cert, key } = await authority.issue({ name: 'bench', addresses: [host] });
  const certs = join(work, 'certs');
  mkdirSync(certs);
  writeFileSync(join(certs, 'tls.crt'), cert);
  writeFileSync(join(certs, 'tls.key'), key, { mode: 0o600 });
  const token = (await kubectl(['create', 'token', 'iomesh-guard', '-n', NAMESPACE])).trim();
  const account = join(work, 'kubeconfig');
  writeFileSync(account, kubeconfig({ url: plane.url, ca: plane.ca, user: { token } }), { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [
      ...[...imageFlags, values.guard, 'serve', '--kubeconfig', account, '--cert-dir', certs],
      ...['--host', host, '--port', String(port), '--health-port', String(health), '--namespace', NAMESPACE],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: imageEnv },
  );
  for (const deadline = Date.now() + READY_MS; ; await sleep(50)) {
    const ready = await fetch(`http://${host}:${health}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (Date.now() > deadline) throw new Error('the webhook is not ready');
  }
  const caBundle = Buffer.from(authority.cert).toString('base64');
  await apply(
    objects
      .filter(({ kind }) => kind.endsWith('WebhookConfiguration'))
      .map(({ kind, apiVersion, metadata, webhooks }) => ({
        apiVersion,
        kind,
        metadata,
        webhooks: webhooks.map((webhook) => ({
          ...webhook,
          clientConfig: {
            caBundle,
            url: `https://${host}:${port}/${kind.startsWith('Validating') ? 'validate' : 'mutate'}`,
          },
        })),
      })),
  );
  await sleep(1000);
  return child;
}

/** Milliseconds of each dry run. */
async function create(plane, count, width) {
  const { call } = helpersOf(plane);
  const taken = [];
  await all(
    count,
    async () => {
      const began = performance.now();
      await call('POST', `${clustersOf('new')}?dryRun=All`, pool('new')).catch(({ message }) =>
        console.log(`  refused: ${message.slice(0, 300)}`),
      );
      taken.push(performance.now() - began);
    },
    width,
  );
  return taken;
}

function clustersOf(namespace) {
  return `/apis/iomesh.com/v1alpha1/namespaces/${namespace}/iomeshclusters`;
}

function pool(name) {
  const object = loadYaml(example.replace(/k8s-worker-(\d)/g, (_, digit) => `${name}-node-${digit}`));
  object.metadata = { ...object.metadata, name, namespace: name };
  return object;
}
