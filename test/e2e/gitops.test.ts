/** Tools that apply the manifests again and again, with server-side apply under their own name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manifest, NAMESPACE } from '../deploy/objects.ts';
import { isWebhookConfiguration } from './support/base-manifests.ts';
import { type Cluster, expectDenied, expectOk } from './support/cluster.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { Load } from './support/load.ts';
import { all, management, on, placed, pool } from './support/objects.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { bundles } from './support/served-certificate.ts';
import { onKubernetes } from './support/suite.ts';

const KINDS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
const STORED = { timeout: 20_000, interval: 100 };

onKubernetes('GitOps', (kubernetes) => {
  // Argo CD, Flux and Helm 4 force conflicts.
  describe.each(['argocd-controller', 'kustomize-controller', 'helm'])('%s', (manager) => {
    let deployment: RunningDeployment | undefined;
    const flags = ['--server-side', '--force-conflicts', `--field-manager=${manager}`];
    const apply = async (cluster: Cluster, objects: readonly Manifest[]) =>
      expectOk(await cluster.apply(objects, ...flags));
    beforeAll(async () => {
      deployment = await RunningDeployment.start(kubernetes, { apply });
    });
    afterAll(() => deployment?.stop());

    it('installs, and the first change is admitted at once', async () => {
      const { cluster, objects } = deployment!;
      expect(objects.filter(({ kind }) => kind === 'Lease')).toEqual([]);
      expectOk(await cluster.apply(all(management(), pool())));
      await cluster.expectStored('lease', 'iomesh-guard-ledger', NAMESPACE);
    });

    // Without matchConditions, a sync shortens the list of namespaces of the webhooks for ConfigMaps for two seconds.
    const onlyConditions = it.skipIf(!hasMatchConditions(kubernetes));

    onlyConditions(
      'heals and prunes nothing that the replicas wrote, and interrupts no change',
      async () => {
        const { cluster, objects, plane } = deployment!;
        const [bundle] = await bundles(cluster);
        const before = await Promise.all(KINDS.map((kind) => webhooks(cluster, kind)));
        const load = new Load(plane.api);
        for (let turn = 0; turn < 3; turn++) {
          await apply(cluster, objects);
          await load.more(20);
        }
        await load.stop();
        expect(load.failures).toEqual([]);
        expect((await deployment!.unanswered()).refused).toBe(0);
        expect(await bundles(cluster)).toEqual(Array(9).fill(bundle));
        await expect
          .poll(() => Promise.all(KINDS.map((kind) => webhooks(cluster, kind))), STORED)
          .toEqual(before);
        // A tool prunes what has its label or its entry in an inventory.
        for (const name of ['lease/iomesh-guard-ledger', 'secret/iomesh-guard-certificates']) {
          const [kind = '', object = ''] = name.split('/');
          const { metadata } = await cluster.expectStored(kind, object, NAMESPACE);
          expect([metadata['labels'], metadata['ownerReferences']], name).toEqual([undefined, undefined]);
        }
        const overlapping = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') });
        expectDenied(await cluster.apply(overlapping.cluster), 'IOM101');
      },
      120_000,
    );

    onlyConditions('shows a difference only in the documented fields', async () => {
      const { cluster, objects } = deployment!;
      await apply(cluster, objects.filter(isWebhookConfiguration));
      await expect
        .poll(async () => JSON.stringify(await webhooks(cluster, KINDS[0]!)), STORED)
        .toContain('iomesh-cluster-1');
      const text = objects.map((each) => `---\n${JSON.stringify(each)}\n`).join('');
      const stored = await cluster.kubectl(['get', '-f', '-', '-o', 'json'], text);
      const dryRun = await cluster.apply(objects, ...flags, '--dry-run=server', '-o', 'json');
      const [before, after] = [stored, dryRun].map((result) => {
        expectOk(result);
        return (JSON.parse(result.stdout) as { items: Manifest[] }).items;
      });
      expect(after).toHaveLength(objects.length);
      const changed = before!.flatMap((each, index) => differences(each['kind'], each, after![index]));
      expect([...new Set(changed.map((path) => path.replace(/\.\d+$/, '')))]).toEqual([
        'ValidatingWebhookConfiguration webhooks.validate-namespaces.iomesh-guard.io.namespaceSelector.matchExpressions.0.values',
      ]);
    });
  });
});

onKubernetes('a rollout that registers the webhooks last', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  afterAll(() => deployment?.stop());

  it('is ready before, and answers right after the registration', async () => {
    deployment = await RunningDeployment.start(kubernetes, {
      apply: async (cluster, objects) =>
        expectOk(await cluster.apply(objects.filter((each) => !isWebhookConfiguration(each)))),
    });
    const { cluster, objects } = deployment;
    for (const replica of deployment.replicas)
      expect(await replica.metrics()).toContain('iomesh_guard_registered{webhook="validating"} 0');
    expectOk(await cluster.apply(all(management(), pool())));
    expectOk(await cluster.apply(objects.filter(isWebhookConfiguration)));
    const registered = Date.now();
    const overlapping = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') });
    await expect
      .poll(async () => (await cluster.dryRun(overlapping.cluster)).stderr, STORED)
      .toContain('IOM101');
    console.log(`evaluated ${Date.now() - registered} ms after the registration`);
    expect(Date.now() - registered).toBeLessThan(10_000);
  }, 120_000);
});

/** The webhooks with paths and bundles, without the path that is replaced every hour. */
async function webhooks(cluster: Cluster, kind: string): Promise<Manifest[]> {
  const stored = await cluster.expectStored(kind, 'iomesh-guard');
  return stored['webhooks'];
}

/** The paths of the leaves that an apply would change. */
function differences(path: string, from: unknown, to: unknown): string[] {
  if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null)
    return from === to ? [] : [path];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((key) => !(path.includes(' metadata') || key === 'metadata' || key === 'status'))
    .flatMap((key) => {
      const [a, b] = [from, to].map((each) => (each as Record<string, unknown>)[key]);
      const name = (a as { name?: string } | undefined)?.name;
      const step = Array.isArray(from) && name !== undefined ? name : key;
      return differences(`${path}${path.includes(' ') ? '.' : ' '}${step}`, a, b);
    });
}
