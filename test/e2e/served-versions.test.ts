/** Definitions that serve other versions than the program knows, or none. */
import { expect, it } from 'vitest';
import { expectDenied, expectOk } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, on, placed, pool, refOf } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const POLL = { timeout: 60_000, interval: 200 };

onKubernetes('served versions', (kubernetes) => {
  const installed = useInstallation(kubernetes);

  /** Sets which versions a definition serves; the first is stored. Others have the schema of the known one. */
  async function serveVersions(plural: string, names: readonly string[], served = names): Promise<void> {
    const { cluster } = installed();
    const got = await cluster.kubectl(['get', 'crd', plural, '-o', 'json']);
    expectOk(got);
    const definition = JSON.parse(got.stdout);
    const [known] = definition.spec.versions;
    definition.spec.versions = names.map((name, index) => ({
      ...known,
      name,
      served: served.includes(name),
      storage: index === 0,
    }));
    expectOk(await cluster.kubectl(['replace', '-f', '-'], JSON.stringify(definition)));
  }
  const of = (apiVersion: string, object: object) => ({ ...object, apiVersion });
  const overlapping = () =>
    placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') }).cluster;

  it('are read and evaluated as the known one', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    await serveVersions('iomeshclusters.iomesh.com', ['v1beta1', 'v1alpha1']);
    expectDenied(await cluster.apply(overlapping()), 'IOM101', ['k8s-worker-2']);
    await serveVersions('iomeshclusters.iomesh.com', ['v1beta1', 'v1alpha1'], ['v1beta1']);
    await serveVersions('zookeeperclusters.zookeeper.pravega.io', ['v1', 'v1beta1'], ['v1']);
    const newer = of('iomesh.com/v1beta1', overlapping());
    // Until kubectl and the apiserver have noticed.
    await expect.poll(async () => (await cluster.apply(newer)).stderr, POLL).toContain('IOM101');
    await cluster.expectStored(...refOf(pool().cluster));
    expectOk(await cluster.apply(of('iomesh.com/v1beta1', pool().cluster)));
    const { zookeeper } = pool();
    expectOk(await cluster.apply(of('zookeeper.pravega.io/v1', zookeeper)));
  }, 240_000);

  it('cannot verify a change while no version of a known object is served', async () => {
    const { cluster } = installed();
    await serveVersions('iomeshclusters.iomesh.com', ['v1beta1', 'v1alpha1'], []);
    const { connection } = pool();
    connection['data'].clusterId = 'its-own';
    const change = async () => (await cluster.apply(connection)).stderr;
    await expect.poll(change, POLL).toContain('iomeshclusters are no longer served');
    expect(await change()).toContain('cannot verify');
    await serveVersions('iomeshclusters.iomesh.com', ['v1beta1', 'v1alpha1']);
    await expect.poll(change, POLL).toContain('IOM201');
  }, 240_000);

  it('cannot verify a change after the finalizer of a definition was removed, until the webhook restarts', async () => {
    const { cluster } = installed();
    const { cluster: kept, connection } = pool();
    const [kind, name, namespace = ''] = refOf(kept);
    const definition = 'iomeshclusters.iomesh.com';
    connection['data'].clusterId = 'its-own';
    const change = async () => (await cluster.dryRun(connection)).stderr;
    await expect.poll(change, POLL).toContain('IOM201');
    await installed().unregister(['validating']);
    const finalizers = (names: readonly string[]) => [
      '-p',
      JSON.stringify({ metadata: { finalizers: names } }),
    ];
    const patch = ['patch', '--type=merge'];
    expectOk(
      await cluster.kubectl([
        ...[...patch, definition, name, '-n', namespace],
        ...finalizers(['example.com/keep']),
      ]),
    );
    // Kubernetes deletes the objects first, and waits for the one that has a finalizer.
    expectOk(await cluster.kubectl(['delete', 'crd', definition, '--wait=false']));
    await expect
      .poll(async () => (await cluster.get(kind, name, namespace))?.metadata, POLL)
      .toHaveProperty('deletionTimestamp');
    expectOk(await cluster.kubectl([...patch, 'crd', definition, ...finalizers([])]));
    expectOk(
      await cluster.apply(
        installed().objects.filter((each) => each['kind'] === 'ValidatingWebhookConfiguration'),
      ),
    );
    // The other one may be deleted before or not.
    await expect
      .poll(change, POLL)
      .toMatch(/iomeshclusters are no longer served, but (1 IOMeshCluster is|2 IOMeshClusters are) known/);
    expect(await change()).toContain('cannot verify');

    await installed().webhook.stop();
    await installed().serve();
    await expect.poll(change, POLL).not.toMatch(/cannot verify|failed calling webhook/);
  }, 240_000);
});
