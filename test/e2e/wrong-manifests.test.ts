/** The manifests for another Kubernetes release are installed. */
import { afterEach, expect, it } from 'vitest';
import { isWebhookConfiguration, render } from './support/base-manifests.ts';
import { expectDenied, expectOk, type Stored } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions, minorOf } from './support/kubernetes.ts';
import { all, management, on, placed, pool } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const WAIT = { timeout: 60_000, interval: 200 };
const VALIDATING = 'validatingwebhookconfiguration';

const overlapping = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') }).cluster;

onKubernetes('manifests for another release', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  const readiness = async () => {
    const answer = await fetch(`${installed().webhook.healthUrl}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };
  /** The webhook configurations with or without matchConditions, which trust the running webhook. */
  const configurations = async (conditions: boolean) => {
    const [first] = installed().objects.filter(isWebhookConfiguration);
    const { clientConfig } = first!['webhooks'][0];
    const objects = (await render(installed().cluster, { conditions, fixedPaths: true })).filter(
      isWebhookConfiguration,
    );
    for (const { webhooks } of objects)
      for (const each of webhooks) {
        each.clientConfig.caBundle = clientConfig.caBundle;
        each.clientConfig.service.port = clientConfig.service.port;
      }
    return objects;
  };
  const sharedWebhooks = async () => {
    const { webhooks } = await installed().cluster.expectStored(VALIDATING, 'iomesh-guard');
    return (webhooks as Stored[]).filter(({ rules }) =>
      rules.some(({ resources }: { resources: string[] }) =>
        /configmaps|storageclasses/.test(`${resources}`),
      ),
    );
  };
  const foreign = (namespace: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'other', namespace },
    data: { a: 'b' },
  });

  if (hasMatchConditions(kubernetes))
    it('works with the manifests for releases without matchConditions', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(await configurations(false)));
      expectOk(await cluster.apply(all(management())));
      expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
      const { connection } = pool();
      expectOk(await cluster.apply(pool().cluster));
      await expect
        .poll(
          async () => (await cluster.dryRun({ ...connection, data: { clusterId: 'another' } })).stderr,
          WAIT,
        )
        .toContain('IOM20');
      expect(await readiness()).toMatchObject({ status: 200 });
    });
  else
    it('is not ready if the apiserver drops matchConditions, and blocks no other object', async () => {
      const { cluster } = installed();
      const wrong = await configurations(true);
      const applied = await cluster.apply(wrong);
      // Before 1.27 the field is unknown.
      if (minorOf(kubernetes) < 27) {
        expect(applied.stderr).toMatch(/unknown field.*matchConditions/);
        expect(await readiness()).toMatchObject({ status: 200 });
        expectOk(await cluster.apply(wrong, '--validate=false'));
      } else expectOk(applied);

      await expect.poll(readiness, WAIT).toMatchObject({ status: 503 });
      expect((await readiness()).text).toContain('kubernetes-1.23');
      const lines = installed().webhook.log.filter((line) => line.includes('wrong manifests'));
      expect(lines[0]).toContain('install the kustomize overlay kubernetes-1.23');
      expect(await installed().metric('iomesh_guard_match_conditions_dropped')).toBe(1);

      await expect
        .poll(async () => (await sharedWebhooks()).map(({ failurePolicy }) => failurePolicy), WAIT)
        .toEqual(['Ignore', 'Ignore']);
      const calls = await installed().metric('iomesh_guard_decisions_total');
      expectOk(await cluster.apply(foreign('default')));
      expectOk(await cluster.delete('configmap', 'other', 'default'));
      expect(await installed().metric('iomesh_guard_decisions_total')).toBe(calls);
      await installed().webhook.stop('SIGKILL');
      expectOk(await cluster.apply(foreign('default')));
      expectOk(await cluster.apply(foreign('iomesh-system')));

      // The right manifests change the pod template, so the pods are new ones.
      expectOk(await cluster.apply(await configurations(false)));
      await installed().serve();
      expect(await readiness()).toMatchObject({ status: 200 });
      expect(await installed().metric('iomesh_guard_match_conditions_dropped')).toBe(0);
      expectOk(await cluster.apply(all(management())));
      expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
    });
});
