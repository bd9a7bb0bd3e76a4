/**
 * Compares lint with a real kube-apiserver, both ways, on objects grown from correct ones: what the apiserver
 * refuses on a dry run with strict validation, lint reports as an error; what lint reports as an error of
 * IOM004, IOM005 or IOM006, the apiserver refuses.
 * Usage: node test/oracle/apiserver.mjs [--objects N] [--seed S]
 *
 * The definitions are those of IOMESH_VENDOR_DATA if it names the folder of the vendor's data, otherwise our
 * own. Needs Go, or KUBEBUILDER_ASSETS (test/e2e/README.md); without it nothing is compared, which is a failure
 * where CI is "true". Objects of another kind or apiVersion are left out, because they are sent elsewhere, and
 * so are ConfigMaps and StorageClasses that no longer show that they are of IOMesh.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load as loadYaml } from 'js-yaml';
import { load } from '../../scripts/bundle.mjs';
import { basesOf } from './apiserver/bases.mjs';
import { mutate } from './apiserver/mutations.mjs';
import { randomFrom } from './nodeaffinity/pairs.mjs';

const AT_ONCE = 20;
const SHOWN = 40;
const SERVED_MS = 30_000;
const SCHEMA_RULES = ['IOM004', 'IOM005', 'IOM006'];
const VENDOR = process.env.IOMESH_VENDOR_DATA ?? '';
const OWN = join(import.meta.dirname, '../e2e/crds');
const THEIRS = join(VENDOR, 'crds');
/** The definitions of each release. */
const RELEASES =
  VENDOR === ''
    ? { '1.0': join(OWN, 'iomeshclusters-1.0.yaml'), 1.1: join(OWN, 'iomeshclusters-1.1.yaml') }
    : { '1.0': join(THEIRS, 'iomeshclusters-1.0.1.yaml'), 1.1: join(THEIRS, 'iomeshclusters-1.1.0.yaml') };
const ZOOKEEPER =
  VENDOR === '' ? join(OWN, 'zookeeperclusters.yaml') : join(THEIRS, 'zookeeperclusters-0.2.14.yaml');
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const NAMESPACES = ['iomesh-system', 'iomesh-cluster-1'];
const PLURALS = {
  IOMeshCluster: 'iomeshclusters',
  ZookeeperCluster: 'zookeeperclusters',
  ConfigMap: 'configmaps',
  StorageClass: 'storageclasses',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Namespace: 'namespaces',
};
const CLUSTER_SCOPED = ['StorageClass', 'Namespace'];

const { values } = parseArgs({ options: { objects: { type: 'string' }, seed: { type: 'string' } } });
const wanted = Number(values.objects ?? 5000);
// In CI always the same objects: only a change makes it fail.
const seed = Number(values.seed ?? (process.env.CI === 'true' ? 1 : Math.floor(Math.random() * 2 ** 31)));
process.exitCode = await main();

async function main() {
  const { findKubernetes } = await load('test/e2e/support/kubernetes.ts');
  const found = await findKubernetes(process.env, (line) => console.error(line));
  if ('missing' in found) {
    console.log('apiserver oracle: Go is not installed; nothing was compared');
    return process.env.CI === 'true' ? 1 : 0;
  }
  const { startControlPlane } = await load('test/e2e/support/control-plane.ts');
  const { lintErrors } = await load('test/oracle/apiserver/lint.ts');
  const plane = await startControlPlane({ kubernetes: found[0] });
  try {
    console.log(
      `apiserver oracle: seed ${seed}, Kubernetes ${found[0].release}, ${VENDOR === '' ? 'our own' : "the vendor's"} definitions`,
    );
    for (const name of NAMESPACES) await create(plane.api, '/api/v1/namespaces', { metadata: { name } });
    await create(plane.api, DEFINITIONS, loadYaml(readFileSync(ZOOKEEPER, 'utf8')));
    const random = randomFrom(seed);
    const differences = [];
    let refused = 0;
    let sent = 0;
    for (const [version, file] of Object.entries(RELEASES)) {
      const bases = basesOf(version);
      await serve(plane.api, file, bases);
      for (const base of bases) {
        const answer = await send(plane.api, base.object);
        const errors = lintErrors(base.object, base.file, version);
        if (answer.isRefused || errors.length > 0)
          throw new Error(
            `the ${base.object.kind} to begin with is not correct at ${version}: ${answer.message}\n${errors.map(({ text }) => text).join('\n')}`,
          );
      }
      const compare = async () => {
        const base = bases[Math.floor(random() * bases.length)];
        const { object, done } = mutate(
          base.object,
          bases.map((each) => each.object),
          random,
        );
        if (done === '' || !isComparable(object) || !showsIomesh(object)) return;
        sent += 1;
        const answer = await send(plane.api, object);
        const errors = lintErrors(object, base.file, version);
        if (answer.isRefused) refused += 1;
        const bySchema = errors.filter(({ code }) => SCHEMA_RULES.includes(code));
        if (answer.isRefused ? errors.length === 0 : bySchema.length > 0)
          differences.push({ version, kind: object.kind, done, answer, bySchema });
      };
      const goal = Math.round((wanted * (version === '1.0' ? 1 : 2)) / 2);
      while (sent < goal) await Promise.all(Array.from({ length: Math.min(AT_ONCE, goal - sent) }, compare));
    }
    for (const { version, kind, done, answer, bySchema } of differences.slice(0, SHOWN)) {
      console.log(`${kind} at ${version}: ${done}`);
      console.log(`  apiserver: ${answer.isRefused ? answer.message : 'accepts it'}`);
      console.log(`  lint: ${bySchema.map(({ text }) => text).join('\n        ') || 'no error'}`);
    }
    console.log(`${sent} objects, ${refused} refused by the apiserver, ${differences.length} differences`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await plane.stop();
  }
}

/** Installs or replaces the definition of the IOMeshCluster, and waits until its objects are accepted. */
async function serve(api, file, bases) {
  const definition = loadYaml(readFileSync(file, 'utf8'));
  const path = `${DEFINITIONS}/${definition.metadata.name}`;
  const stored = await api.call('GET', path);
  if (stored.status === 404) await create(api, DEFINITIONS, definition);
  else {
    const { resourceVersion } = stored.body.metadata;
    const body = { ...definition, metadata: { ...definition.metadata, resourceVersion } };
    const { status } = await api.call('PUT', path, body);
    if (status >= 400) throw new Error(`${file} was not stored`);
  }
  for (const { object } of bases)
    for (const until = Date.now() + SERVED_MS; Date.now() < until; await sleep(100))
      if (!(await send(api, object)).isRefused) break;
}

async function create(api, path, body) {
  const { status, body: answer } = await api.call('POST', path, body);
  if (status >= 400) throw new Error(`${path}: ${answer.message}`);
}

async function send(api, object) {
  const [group, version] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const namespace = CLUSTER_SCOPED.includes(object.kind)
    ? ''
    : `/namespaces/${encodeURIComponent(namespaceOf(object))}`;
  const root = group === '' ? '/api' : `/apis/${group}`;
  const path = `${root}/${version}${namespace}/${PLURALS[object.kind]}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await api.call('POST', path, object);
  if (status >= 500 || status === 409) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return { isRefused: status >= 400, message: String(body?.message ?? '') };
}

/** As kubectl does: without a namespace an object goes to the default one. */
function namespaceOf(object) {
  const namespace = object.metadata?.namespace;
  return typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
}

/** False if the apiserver refuses an object for its place alone: a namespace that does not exist. */
function isComparable(object) {
  const namespace = namespaceOf(object);
  const isName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace);
  return !isName || CLUSTER_SCOPED.includes(object.kind) || [...NAMESPACES, 'default'].includes(namespace);
}

/** False for a ConfigMap or StorageClass that could be anybody's: lint leaves it alone. */
function showsIomesh({ kind, metadata, data, provisioner, parameters }) {
  const holds = (value, ...keys) => keys.some((key) => Object.hasOwn(Object(value), key));
  // A class refers to the ConfigMap by namespace and name.
  const isNamed =
    metadata?.name === 'iomesh-cluster-1-csi-configmap' && metadata.namespace === 'iomesh-cluster-1';
  if (kind === 'ConfigMap') return holds(data, 'iscsiPortal', 'metaAddr') || isNamed;
  if (kind !== 'StorageClass') return true;
  return provisioner === 'com.iomesh.csi-driver' || holds(parameters, 'clusterConnection', 'iomeshCluster');
}
