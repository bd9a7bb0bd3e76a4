/** A change that a quota refuses after this webhook frees the nodes that it held. */
import { expect, it } from 'vitest';
import { expectDenied, expectOk } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, on, placed, pool, third } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const RESOURCE = 'count/iomeshclusters.iomesh.com';
/** The longest time that a creation is pending. */
const HOLD_SECONDS = 60;

onKubernetes('refused after the webhook', (kubernetes) => {
  const installed = useInstallation(kubernetes);

  it('a pool that a quota refuses no longer blocks another one on its nodes after a minute', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const namespace = 'iomesh-cluster-1';
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace },
      spec: { hard: { [RESOURCE]: '0' } },
    };
    expectOk(await cluster.apply(quota));
    // As its controller would, which does not run here.
    const status = JSON.stringify({ status: { hard: { [RESOURCE]: '0' }, used: { [RESOURCE]: '0' } } });
    expectOk(
      await cluster.kubectl([
        ...['patch', 'quota', 'none', '-n', namespace],
        ...['--subresource=status', '--type=merge', '-p', status],
      ]),
    );
    const refused = await cluster.apply(pool().cluster);
    const since = Date.now();
    expect(refused.stderr).toContain('exceeded quota');

    const other = placed(third(), { affinity: on('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5') }).cluster;
    const denied = await cluster.apply(other);
    expectDenied(denied, 'IOM101');
    const seconds = Number(/retry in (\d+) s/.exec(denied.stderr)?.[1]);
    expect(seconds).toBeGreaterThan(HOLD_SECONDS - 15);
    expect(seconds).toBeLessThanOrEqual(HOLD_SECONDS);

    await expect
      .poll(async () => (await cluster.dryRun(other)).code, { timeout: 90_000, interval: 1000 })
      .toBe(0);
    const waited = (Date.now() - since) / 1000;
    console.log(`the note says ${seconds} s; admitted ${waited.toFixed(1)} s after the refusal`);
    expect(waited).toBeLessThan(HOLD_SECONDS + 10);
    // Not while the apiserver may still store it.
    expect(waited).toBeGreaterThan(34);
  }, 200_000);
});
