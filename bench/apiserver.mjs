/**
 * Times what the webhook adds to a CREATE at a real kube-apiserver, beside the same cluster with a webhook
 * that only says yes on raw node:https, and beside no webhook at all: with the ledger and without, dry runs
 * and creations that are stored, one after another and several at once. Prints medians, 99th percentiles,
 * ratios and differences; never fails. Needs Go, or KUBEBUILDER_ASSETS (test/e2e/README.md).
 *
 *   node bench/apiserver.mjs [--calls N] [--rounds N] [--at-once N] [--clusters N] [--config-maps N] [--policy]
 *
 *   --policy measures a ValidatingAdmissionPolicy, which has a part of one rule, in place of the webhook without
 *   the ledger, which lists all clusters for each review (Kubernetes 1.30 or newer)
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load as loadYaml, loadAll } from 'js-yaml';
import { load } from '../scripts/bundle.mjs';
import { deniedByPolicy, hostnamePolicy, POLICY_LIMITS } from './admission-policy.mjs';
import { imageEnv, imageFlags } from './image-flags.mjs';
import { loadInPlace } from './in-place.mjs';
import { percentile } from './load.mjs';
import { median } from './measure.mjs';
import { all, helpersOf } from './plane.mjs';
import { processorTime } from './processor-time.mjs';
import { residentMemory } from './resident-memory.mjs';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    'at-once': { type: 'string', default: '10' },
    clusters: { type: 'string', default: '10' },
    'config-maps': { type: 'string', default: '300' },
    policy: { type: 'boolean', default: false },
  },
});
const number = (name) => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1 || value > 10_000)
    throw new Error(`--${name} ${values[name]} is not a whole number from 1 to 10000`);
  return value;
};
const [calls, rounds, atOnce] = [number('calls'), number('rounds'), number('at-once')];
const [clusters, configMaps] = [number('clusters'), number('config-maps')];

const root = join(import.meta.dirname, '..');
const NAMESPACE = 'iomesh-guard-system';
/** Each cluster has a namespace of its own, of its name. */
const clustersOf = (name) => `/apis/iomesh.com/v1alpha1/namespaces/${name}/iomeshclusters`;
/** The last part of the address of each backend, which is its Service's clusterIP. */
const BACKENDS = { 'always yes': 10, 'no ledger': 11, ledger: 12 };
const SERVICES = { 'always yes': 'floor', 'no ledger': 'no-ledger', ledger: 'iomesh-guard' };
/** What a CREATE passes. */
const kinds = values.policy ? ['none', 'policy', 'always yes', 'ledger'] : ['none', ...Object.keys(BACKENDS)];
const READY_MS = 30_000;
const example = readFileSync(join(root, 'examples/two-clusters/cluster-1/iomesh.yaml'), 'utf8');
/** What is registered for a backend, and what the cluster holds: known once all is installed. */
let registrations;
let size;
/** The policy, and whether it is in force. */
let policy;
let inForce = false;

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const { findKubernetes, hasAdmissionPolicies, hasMatchConditions } = await load(
  'test/e2e/support/kubernetes.ts',
);
const { startControlPlane } = await load('test/e2e/support/control-plane.ts');
const { kubeconfig } = await load('test/e2e/support/kubeconfig.ts');
const { Authority } = await load('test/e2e/support/pki.ts');
const { canListen } = await load('test/e2e/support/loopback.ts');
const { Cluster } = await loadInPlace('test/e2e/support/cluster.ts');

const found = await findKubernetes(process.env, (line) => console.error(line));
if ('missing' in found) throw new Error(found.missing);
const [kubernetes] = found;
if (values.policy && !hasAdmissionPolicies(kubernetes))
  throw new Error(`Kubernetes ${kubernetes.release} has no ValidatingAdmissionPolicy`);
const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-bench-'));
const plane = await startControlPlane({ kubernetes });
const { kubectl, apply, call } = helpersOf(plane);
const children = [];
/** The webhook with the ledger. */
let guarded;
try {
  await install();
  await measure();
} finally {
  for (const child of children) child.kill('SIGKILL');
  await plane.stop();
  rmSync(work, { recursive: true, force: true });
}

/** The manifests for the release, three backends behind its webhooks, and what a cluster holds. */
async function install() {
  const manifests = hasMatchConditions(kubernetes) ? 'base' : 'overlays/kubernetes-1.23';
  const objects = loadAll(await kubectl(['kustomize', join(root, 'deploy/kustomize', manifests)]));
  await new Cluster(plane).installCrds();
  const others = objects.filter(({ kind }) => !kind.endsWith('WebhookConfiguration') && kind !== 'Service');
  await apply(others);

  const port = (await canListen(plane.block.address(10), 443)) ? 443 : 8443;
  const authority = await Authority.make('bench');
  const dnsNames = Object.values(SERVICES).map((name) => `${name}.${NAMESPACE}.svc`);
  const { cert, key } = await authority.issue({ name: 'bench', dnsNames });
  const certs = join(work, 'certs');
  mkdirSync(certs);
  writeFileSync(join(certs, 'tls.crt'), cert);
  writeFileSync(join(certs, 'tls.key'), key, { mode: 0o600 });
  for (const [name, host] of Object.entries(BACKENDS))
    await apply([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: SERVICES[name], namespace: NAMESPACE },
        spec: { clusterIP: plane.block.address(host), ports: [{ port }] },
      },
    ]);

  await fill();
  const token = (await kubectl(['create', 'token', 'iomesh-guard', '-n', NAMESPACE])).trim();
  const account = join(work, 'kubeconfig');
  writeFileSync(account, kubeconfig({ url: plane.url, ca: plane.ca, user: { token } }), { mode: 0o600 });
  const config = objects.find(
    ({ kind, data }) => kind === 'ConfigMap' && 'iomesh-guard.yaml' in (data ?? {}),
  );
  const file = join(work, 'iomesh-guard.yaml');
  writeFileSync(file, config.data['iomesh-guard.yaml']);
  const guard = (host, ...flags) => [
    ...[...imageFlags, join(root, 'dist/cli.js'), 'serve', '--config', file],
    ...['--kubeconfig', account, '--cert-dir', certs],
    ...['--host', plane.block.address(host), '--port', String(port), ...flags],
  ];
  await start([join(root, 'bench/floor-server.mjs'), certs, plane.block.address(10), String(port)]);
  if (kinds.includes('no ledger')) await start(guard(11), `http://${plane.block.address(11)}:8081/readyz`);
  guarded = await start(guard(12, '--namespace', NAMESPACE), `http://${plane.block.address(12)}:8081/readyz`);

  const caBundle = Buffer.from(authority.cert).toString('base64');
  registrations = (name) =>
    objects
      .filter(({ kind }) => kind.endsWith('WebhookConfiguration'))
      .map(({ kind, apiVersion, metadata, webhooks }) => ({
        apiVersion,
        kind,
        metadata,
        webhooks: webhooks.map((webhook) => {
          const path = kind.startsWith('Validating') ? '/validate' : '/mutate';
          const service = { ...webhook.clientConfig.service, name: SERVICES[name], port, path };
          return { ...webhook, clientConfig: { caBundle, service } };
        }),
      }));
}

/** The clusters, nodes and ConfigMaps that a judgement stands among. */
async function fill() {
  const names = [
    ...Array.from({ length: clusters }, (_, each) => `standing-${each}`),
    ...Array.from({ length: calls }, (_, each) => `new-${each}`),
  ];
  const namespaces = ['iomesh-system', 'others', ...names];
  await all(namespaces.length, (each) =>
    call('POST', '/api/v1/namespaces', { metadata: { name: namespaces[each] } }),
  );
  const manifest = (name) =>
    loadYaml(readFileSync(join(root, `examples/two-clusters/management/${name}.yaml`), 'utf8'));
  const management = manifest('iomesh');
  await apply([management, ...['zookeeper', 'connection', 'storageclass'].map(manifest)]);
  await all(clusters, (each) => call('POST', clustersOf(`standing-${each}`), pool(`standing-${each}`)));
  await all(configMaps, (each) =>
    call('POST', '/api/v1/namespaces/others/configmaps', {
      metadata: { name: `other-${each}` },
      data: { text: 'x'.repeat(1000) },
    }),
  );
  const nodes = ['k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2'];
  for (const name of names)
    nodes.push(...JSON.stringify(pool(name).spec.chunk.podPolicy).match(/[a-z]+-\d+-node-\d/g));
  await all(nodes.length, (each) =>
    call('POST', '/api/v1/nodes', {
      metadata: { name: nodes[each], labels: { 'kubernetes.io/hostname': nodes[each] } },
    }),
  );
  if (values.policy) {
    const stored = Array.from({ length: clusters }, (_, each) => pool(`standing-${each}`));
    policy = hostnamePolicy(NAMESPACE, [management, ...stored]);
    await apply(policy.objects);
  }
  size = `${clusters + 1} clusters, ${nodes.length} nodes, ${configMaps + 1} ConfigMaps`;
}

async function measure() {
  const bytes = Buffer.byteLength(JSON.stringify(pool('new-0')));
  console.log(
    `CREATE of an IOMeshCluster of ${(bytes / 1024).toFixed(1)} KB, Kubernetes ${kubernetes.release}, ${cpus().length} cores; in the cluster: ${size}`,
  );
  if (values.policy) console.log(POLICY_LIMITS);
  for (const stored of [false, true])
    for (const width of [1, atOnce]) {
      const figures = Object.fromEntries(kinds.map((kind) => [kind, []]));
      const spent = Object.fromEntries(kinds.map((kind) => [kind, []]));
      // In turn, so that a drift of the machine hits all alike; the first turn warms up.
      for (let turn = 0; turn <= rounds; turn++)
        for (const kind of kinds) {
          await register(kind);
          const before = processorTimes();
          const taken = await create(stored, width);
          const after = processorTimes();
          if (stored) await clear();
          if (turn === 0) continue;
          figures[kind].push(...taken);
          spent[kind].push(after.map((each, index) => (each - before[index]) / calls));
        }
      console.log(
        `${stored ? 'stored' : 'dry run'}, ${width === 1 ? 'one after another' : `${width} at once`}:`,
      );
      for (const kind of kinds) console.log(`  ${line(kind, figures, spent)}`);
    }
  const metrics = await (await fetch(`http://${plane.block.address(BACKENDS.ledger)}:8081/metrics`)).text();
  const worlds = metrics.matchAll(/^iomesh_guard_ledger_worlds_total\{source="(.*)"\} (\d+)$/gm);
  console.log(
    `worlds with the ledger, of all rounds: ${Array.from(worlds, ([, source, count]) => `${count} ${source}`).join(', ')}`,
  );
  console.log(`peak memory of the webhook with the ledger: ${residentMemory(guarded.pid).peak} MB`);
}

function line(kind, figures, spent) {
  const of = (name) => [median(figures[name]), percentile(figures[name], 0.99)];
  const [middle, p99] = of(kind);
  const [floorMiddle, floorP99] = of('always yes');
  const name = { none: 'no webhook', 'no ledger': 'without ledger', ledger: 'with ledger' }[kind] ?? kind;
  const [apiserver, webhook] = [0, 1].map((index) => median(spent[kind].map((each) => each[index])));
  const ms = (value) => `${value.toFixed(1).padStart(6)} ms`;
  const text = `${name.padEnd(15)} median ${ms(middle)}, p99 ${ms(p99)}; processor: apiserver ${ms(apiserver)}, webhook ${ms(webhook)}`;
  if (kind === 'none') return text;
  const added = `${text}; ${(middle - median(figures['none'])).toFixed(1)} ms more than no webhook`;
  if (kind === 'policy' || kind === 'always yes') return added;
  const beside = (value, floor) =>
    `${(value / floor).toFixed(2)} × and ${(value - floor).toFixed(1)} ms more`;
  return `${added}; beside always yes: median ${beside(middle, floorMiddle)}, p99 ${beside(p99, floorP99)}`;
}

/** Milliseconds of each creation. */
async function create(stored, width) {
  const query = stored ? '' : '?dryRun=All';
  const taken = [];
  await all(
    calls,
    async (each) => {
      const object = pool(`new-${each}`);
      const began = performance.now();
      await call('POST', `${clustersOf(object.metadata.name)}${query}`, object);
      taken.push(performance.now() - began);
    },
    width,
  );
  return taken;
}

/** Takes away what was stored, unasked. */
async function clear() {
  await register('none');
  await all(calls, (each) => call('DELETE', `${clustersOf(`new-${each}`)}/new-${each}`));
}

/** Milliseconds of processor time that the control plane and the webhooks have had. */
function processorTimes() {
  return [processorTime(plane.pid), children.reduce((sum, { pid }) => sum + processorTime(pid), 0)];
}

async function register(kind) {
  const names = ['validatingwebhookconfiguration', 'mutatingwebhookconfiguration'];
  if (values.policy && kind !== 'policy') await enforce(false);
  if (!(kind in BACKENDS))
    for (const each of names) await kubectl(['delete', each, 'iomesh-guard', '--ignore-not-found']);
  else await apply(registrations(kind));
  if (kind === 'policy') await enforce(true);
  // A change of a registration takes effect within some milliseconds.
  await sleep(500);
}

/** Puts the policy in force, or out of force, and waits until it denies a cluster that overlaps, or no longer does. */
async function enforce(wanted) {
  if (wanted === inForce) return;
  const { metadata } = policy.binding;
  if (wanted) await apply([policy.binding]);
  else await kubectl(['delete', 'validatingadmissionpolicybinding', metadata.name]);
  const overlapping = JSON.parse(
    JSON.stringify(pool('new-0')).replaceAll('new-0-node-3', 'standing-0-node-3'),
  );
  let message;
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(100)) {
    const { body } = await plane.api.call('POST', `${clustersOf('new-0')}?dryRun=All`, overlapping);
    message = String(body.message ?? '');
    if (deniedByPolicy(message) !== wanted) continue;
    inForce = wanted;
    return;
  }
  throw new Error(
    `the policy ${wanted ? 'does not deny' : 'still denies'} a cluster that overlaps: ${message}`,
  );
}

/** The second cluster of the example under another name, on nodes of its own. */
function pool(name) {
  const object = loadYaml(example.replace(/k8s-worker-(\d)/g, (_, digit) => `${name}-node-${digit}`));
  object.metadata = { ...object.metadata, name, namespace: name };
  object.metadata.annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n`,
  };
  return object;
}

async function start(args, readyz) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env: imageEnv });
  children.push(child);
  if (readyz === undefined) return child;
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(100)) {
    const ready = await fetch(readyz).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return child;
  }
  throw new Error(`${readyz} did not say yes within ${READY_MS / 1000} s`);
}
