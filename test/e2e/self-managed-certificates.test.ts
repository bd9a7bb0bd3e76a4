/** Self-managed certificates: created, renewed, and replaced together with their CA. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { issueAuthority, issueLeaf } from '../../src/certificates/issue.ts';
import { NAMESPACE, webhooksOf } from '../deploy/objects.ts';
import { expectDenied, expectOk } from './support/cluster.ts';
import { sumOf } from './support/replica.ts';
import { onKubernetes } from './support/suite.ts';
import { onDay61, rewriteCertificates, SECRET } from './support/stored-certificates.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { Load } from './support/load.ts';
import { all, management, on, placed, pool } from './support/objects.ts';
import { bundles, certificatesIn, everywhere, servedBy } from './support/served-certificate.ts';

const NAMES = ['', `.${NAMESPACE}`, `.${NAMESPACE}.svc`, `.${NAMESPACE}.svc.cluster.local`].map(
  (rest) => `iomesh-guard${rest}`,
);
const DAY = 86_400_000;
/** The maintenance runs every 30 seconds, and each step can need another run in each replica. */
const STEPS = { timeout: 240_000, interval: 500 };
/** A CA is trusted for ten minutes before it signs. */
const OVERLAP = { timeout: 900_000, interval: 2_000 };
const LONG = process.env['E2E_LONG'] === '1';

onKubernetes('self-managed certificates', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes);
  });
  afterAll(() => deployment?.stop());

  it('creates one CA for two replicas that start at the same time, which the apiserver trusts', async () => {
    const { cluster, objects, replicas } = deployment!;
    for (const { clientConfig } of Object.values(webhooksOf(objects)))
      expect(clientConfig).not.toHaveProperty('caBundle');
    const [bundle = ''] = await bundles(cluster);
    expect(certificatesIn(bundle)).toHaveLength(1);
    expect(await bundles(cluster)).toEqual(everywhere(bundle));
    const served = await Promise.all(replicas.map((each) => servedBy(each, bundle)));
    expect(new Set(served.map(({ fingerprint256 }) => fingerprint256)).size).toBe(1);
    const secret = await cluster.expectStored('secret', SECRET, NAMESPACE);
    expect(Buffer.from(secret['data']['ca.crt'], 'base64').toString()).toBe(bundle);

    expectOk(await cluster.apply(all(management(), pool())));
    const { cluster: overlapping } = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    });
    expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
    expect((await deployment!.unanswered()).log.filter((line) => line.includes('x509'))).toEqual([]);
  });

  it('renews a certificate after two thirds of its life under load, with the same CA', async () => {
    const { cluster, plane } = deployment!;
    const [bundle = ''] = await bundles(cluster);
    const load = new Load(plane.api);
    const aged = await onDay61(cluster);
    await vi.waitFor(async () => {
      for (const replica of deployment!.replicas) {
        const served = await servedBy(replica, bundle);
        expect(new Date(served.validTo).getTime()).toBeGreaterThan(aged.leaf.notAfter);
        expect(Date.now() - new Date(served.validFrom).getTime()).toBeLessThan(2 * 3_600_000);
        const notAfter = sumOf(await replica.metrics(), 'iomesh_guard_certificate_not_after_seconds');
        expect(notAfter).toBe(new Date(served.validTo).getTime() / 1000);
      }
    }, STEPS);
    await load.more(100);
    await load.stop();
    await expectUnbroken('leaf renewed', load);
    expect(await bundles(cluster)).toEqual(everywhere(bundle));
  }, 300_000);

  it('replaces the CA under load, with both trusted', async () => {
    const { cluster, plane } = deployment!;
    const [before = ''] = await bundles(cluster);
    const load = new Load(plane.api);
    // A deleted Secret leads to a new CA at once.
    expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
    const after = await vi.waitFor(async () => {
      const [bundle = ''] = await bundles(cluster);
      const added = bundle.replace(before, '');
      expect(certificatesIn(added)).toHaveLength(1);
      for (const replica of deployment!.replicas) await servedBy(replica, added);
      return bundle;
    }, STEPS);
    expect(certificatesIn(after).map(({ fingerprint256 }) => fingerprint256)).toContain(
      certificatesIn(before)[0]?.fingerprint256,
    );
    await load.more(100);
    await load.stop();
    await expectUnbroken('CA replaced', load);
    expect(new Set(await bundles(cluster)).size).toBe(1);
  }, 300_000);

  it.runIf(LONG)(
    'replaces a CA after two thirds of its life under load, ten minutes after the next one is trusted',
    async () => {
      const made = Date.now() - 731 * DAY;
      const old = await issueAuthority(made);
      const long = await RunningDeployment.start(kubernetes, {
        before: (cluster) =>
          rewriteCertificates(cluster, async () => ({
            current: old,
            leaf: await issueLeaf(old, NAMES, Date.now()),
            previous: [],
          })).then(() => {}),
      });
      try {
        const { cluster, plane } = long;
        expectOk(await cluster.apply(all(management(), pool())));
        const load = new Load(plane.api, 1);
        const next = await vi.waitFor(async () => {
          const [bundle = ''] = await bundles(cluster);
          const [, second] = certificatesIn(bundle);
          expect(second).toBeDefined();
          return second!.toString();
        }, STEPS);
        for (const replica of long.replicas) await servedBy(replica, old.cert);
        await vi.waitFor(async () => {
          for (const replica of long.replicas) await servedBy(replica, next);
        }, OVERLAP);
        await load.more(100);
        await load.stop();
        await expectUnbroken('CA replaced on schedule', load, long);
        const both = next + old.cert;
        expect(await bundles(cluster)).toEqual(everywhere(both));
      } finally {
        await long.stop();
      }
    },
    1_200_000,
  );

  async function expectUnbroken(what: string, load: Load, of = deployment!): Promise<void> {
    const unanswered = await of.unanswered();
    const { length } = unanswered.log.filter((line) => line.includes('x509'));
    console.log(`${what}: ${load.failures.length} of ${load.calls} calls failed, ${length} x509 errors`);
    expect(load.failures).toEqual([]);
    expect(unanswered).toEqual({ refused: 0, ignored: 0, log: [] });
  }
});
