/** The upgrade from a version that answers `/validate` and `/mutate` only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Manifest, NAMESPACE } from '../deploy/objects.ts';
import { isWebhookConfiguration } from './support/base-manifests.ts';
import { expectDenied, expectOk } from './support/cluster.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { Authority } from './support/pki.ts';
import { Load } from './support/load.ts';
import { all, management, on, placed, pool } from './support/objects.ts';
import { sumOf } from './support/replica.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { pathsOf } from './support/served-certificate.ts';
import { UNUSED_LEDGER } from './support/stored-ledger.ts';
import { onKubernetes } from './support/suite.ts';

const name = `iomesh-guard.${NAMESPACE}.svc`;
/** Of the guide: without the annotation, kubectl does not remove the path. */
const KEEP_PATH = [
  'annotate',
  'validatingwebhookconfiguration,mutatingwebhookconfiguration',
  'iomesh-guard',
  'kubectl.kubernetes.io/last-applied-configuration-',
];

onKubernetes('an upgrade from the fixed path', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  beforeAll(async () => {
    const authority = await Authority.make('the CA');
    const pair = await authority.issue({ name, dnsNames: [name] });
    deployment = await RunningDeployment.start(kubernetes, {
      certificate: { pair, bundle: authority.cert },
      fixedPaths: true,
      before: async (cluster) => expectOk(await cluster.apply(UNUSED_LEDGER)),
    });
    expectOk(await deployment.cluster.apply(all(management(), pool())));
  });
  afterAll(() => deployment?.stop());

  it('has no failed call while the replicas are replaced under load', async () => {
    const { cluster, plane } = deployment!;
    expect(await pathsOf(cluster)).toEqual(['/validate', '/mutate']);
    const before = new Load(plane.api);
    await before.more(100);
    // Where the replicas keep the list of namespaces, the manifests shorten it for two seconds.
    const pauses = !hasMatchConditions(kubernetes);
    if (pauses) await before.stop();
    expectOk(await cluster.kubectl(KEEP_PATH));
    const configurations = structuredClone(deployment!.objects.filter(isWebhookConfiguration));
    for (const { webhooks } of configurations as Manifest[])
      for (const { clientConfig } of webhooks) delete clientConfig.service.path;
    expectOk(await cluster.apply(configurations));
    expect(await pathsOf(cluster)).toEqual(['/validate', '/mutate']);
    if (pauses) await sleep(5_000);
    const load = pauses ? new Load(plane.api) : before;
    await load.more(100);
    expect(await deployment!.upgrade()).toEqual([0, 0]);
    await load.more(200);
    await load.stop();
    const failures = [...new Set([before, load])].flatMap((each) => each.failures);
    console.log(`upgrade from the fixed path: ${failures.length} of ${load.calls} calls failed`);
    expect(failures).toEqual([]);
    expect(await deployment!.unanswered()).toEqual({ refused: 0, ignored: 0, log: [] });
    expect(await pathsOf(cluster)).toEqual(['/validate', '/mutate']);
    for (const each of deployment!.replicas)
      expect(sumOf(await each.metrics(), 'iomesh_guard_callers_authenticated')).toBe(0);
    const { cluster: overlapping } = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    });
    expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
  }, 180_000);
});
