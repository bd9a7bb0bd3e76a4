/** `serve --world` with a real kube-apiserver that calls it through a Service: kubectl output and stored objects. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster, expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { OF_DEFINITION } from './support/objects.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { onKubernetes } from './support/suite.ts';
import { startWebhook, type Webhook } from './support/webhook.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/two-clusters');
const NAMESPACES = ['management', 'cluster-1'].map((each) => join(EXAMPLES, each, '0-namespace.yaml'));
const POOL = ['IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1'] as const;
const pool = readFileSync(join(EXAMPLES, 'cluster-1/iomesh.yaml'), 'utf8');
/** The pool with a node of the management cluster. */
const overlapping = pool.replaceAll('k8s-worker-3', 'k8s-worker-2');
onKubernetes('the webhook', (kubernetes) => {
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let webhook: Webhook | undefined;

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    expectOk(await cluster.applyFiles(NAMESPACES));
    webhook = await startWebhook(cluster, { world: EXAMPLES });
  });
  afterAll(async () => {
    await webhook?.stop('SIGKILL');
    await plane?.stop();
  });

  it('admits the management cluster without warnings', async () => {
    const result = await cluster.applyFiles([join(EXAMPLES, 'management')]);
    expectOk(result);
    expect(warnings(result)).toEqual([]);
    await cluster.expectStored('IOMeshCluster', 'iomesh', 'iomesh-system');
  });

  it('denies a pool on a node of another cluster and names both', async () => {
    const words = ['k8s-worker-2', 'iomesh-system/iomesh', 'iomesh-cluster-1/iomesh-cluster-1', 'help: '];
    expectDenied(await cluster.apply(overlapping), 'IOM101', words);
    await cluster.expectNotStored(...POOL);
  });

  it('denies it in a dry run', async () => {
    expectDenied(await cluster.dryRun(overlapping), 'IOM101', ['k8s-worker-2']);
    await cluster.expectNotStored(...POOL);
  });

  it('shows defaults in a dry run and stores nothing', async () => {
    const result = await cluster.dryRun(withoutAffinity());
    expectOk(result);
    expect(JSON.parse(result.stdout).spec).toEqual({ ...specOf(pool), ...OF_DEFINITION });
    await cluster.expectNotStored(...POOL);
  });

  it('admits a correct pool and fills in the missing affinity', async () => {
    expectOk(await cluster.apply(withoutAffinity()));
    const stored = await cluster.expectStored(...POOL);
    expect(stored['spec']).toEqual({ ...specOf(pool), ...OF_DEFINITION });
  });

  it('changes nothing when an object is applied again', async () => {
    const before = await cluster.expectStored(...POOL);
    const result = await cluster.apply(withoutAffinity());
    expect(result.stdout.trim()).toBe('iomeshcluster.iomesh.com/iomesh-cluster-1 unchanged');
    const after = await cluster.expectStored(...POOL);
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  it('prints a warning for an admitted change', async () => {
    const result = await cluster.apply(storageClass({ clusterConnection: 'iomesh-cluster-1/not-yet' }));
    expectWarned(result, 'IOM503', ['iomesh-cluster-1/not-yet']);
    await cluster.expectStored('StorageClass', 'extra');
  });

  // These manifests have matchConditions. outage.test.ts tests the manifests as shipped on every release.
  const since128 = it.runIf(hasMatchConditions(kubernetes));

  since128('is not called for other ConfigMaps and StorageClasses, from Kubernetes 1.28 on', async () => {
    const before = await calls();
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' }, data: { a: 'b' } };
    const other = { ...storageClass({}), metadata: { name: 'other' }, provisioner: 'example.com/disk' };
    expectOk(await cluster.apply([configMap, other]));
    expect(await calls()).toBe(before);
    expectOk(await cluster.apply(storageClass({}, 'of-ours')));
    expect(await calls()).toBeGreaterThan(before);
  });

  since128(
    'stops on SIGTERM, and then only IOMesh objects are rejected, from Kubernetes 1.28 on',
    async () => {
      expect(await webhook?.stop()).toBe(0);
      const refused = await cluster.apply(storageClass({}, 'meanwhile'));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('failed calling webhook "validate.iomesh-guard.io"');
      await cluster.expectNotStored('StorageClass', 'meanwhile');
      const configMap = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'meanwhile' },
        data: { a: 'b' },
      };
      expectOk(await cluster.apply(configMap));
      await cluster.expectStored('ConfigMap', 'meanwhile');
    },
  );

  /** The number of reviews. */
  async function calls(): Promise<number> {
    const metrics = await (await fetch(`${webhook?.healthUrl}/metrics`)).text();
    const counts = metrics.match(/^iomesh_guard_decisions_total\{.*\} \d+$/gm) ?? [];
    expect(counts.length, metrics).toBeGreaterThan(0);
    return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }
});

function specOf(text: string): Record<string, Record<string, unknown>> {
  return (load(text) as { spec: Record<string, Record<string, unknown>> }).spec;
}

/** The pool with an affinity for meta only. */
function withoutAffinity(): string {
  const object = load(pool) as { spec: Record<string, Record<string, unknown>> };
  for (const component of ['chunk', 'redirector']) delete object.spec[component]?.['podPolicy'];
  return dump(object, { noRefs: true });
}

function storageClass(parameters: Readonly<Record<string, string>>, name = 'extra'): object {
  const object = load(readFileSync(join(EXAMPLES, 'cluster-1/storageclass.yaml'), 'utf8')) as {
    parameters: object;
  };
  return { ...object, metadata: { name }, parameters: { ...object.parameters, ...parameters } };
}
