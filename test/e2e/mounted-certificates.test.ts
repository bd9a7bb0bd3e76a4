/** Mounted certificates as in overlays/cert-manager, replaced together with their CA. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { NAMESPACE } from '../deploy/objects.ts';
import { expectOk } from './support/cluster.ts';
import { Authority } from './support/pki.ts';
import { onKubernetes } from './support/suite.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { Load } from './support/load.ts';
import { all, management, pool } from './support/objects.ts';
import { pathsOf, servedBy, trust } from './support/served-certificate.ts';
import { preparePath } from './support/stored-certificates.ts';
import { UNUSED_LEDGER } from './support/stored-ledger.ts';

const ROTATED = { timeout: 240_000, interval: 500 };
const SOON = { timeout: 30_000, interval: 100 };
const name = `iomesh-guard.${NAMESPACE}.svc`;
const leafOf = (authority: Authority) => authority.issue({ name, dnsNames: [name] });

onKubernetes('mounted certificates', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  let authority: Authority;
  beforeAll(async () => {
    authority = await Authority.make('the first');
    const certificate = { pair: await leafOf(authority), bundle: authority.cert };
    deployment = await RunningDeployment.start(kubernetes, {
      certificate,
      // With a caBundle and without a ledger, replicas take the ledger for a lost one.
      before: async (cluster) => expectOk(await cluster.apply(UNUSED_LEDGER)),
    });
    expectOk(await deployment.cluster.apply(all(management(), pool())));
  });
  afterAll(() => deployment?.stop());

  it('replaces the CA twice, and the path, under load without a failed call', async () => {
    const { plane, service, replicas } = deployment!;
    const { cluster } = deployment!;
    const load = new Load(plane.api);
    await load.more(50);
    const [path] = await pathsOf(cluster);
    await preparePath(cluster);
    for (const nextName of ['the second', 'the third']) {
      const next = await Authority.make(nextName);
      await trust(deployment!.cluster, `${authority.cert}\n${next.cert}`);
      await load.more(20);
      deployment!.mounted?.swap(await leafOf(next));
      await vi.waitFor(async () => {
        for (const replica of replicas) await servedBy(replica, next.cert);
      }, SOON);
      // Open connections remain; the apiserver opens new ones from here on.
      const opened = service.taken;
      await trust(deployment!.cluster, next.cert);
      await load.more(100);
      expect(service.taken).toBeGreaterThan(opened);
      for (const replica of replicas)
        await expect(servedBy(replica, authority.cert)).rejects.toThrow(/verify|issuer|self-signed/);
      authority = next;
    }
    // Two minutes after it was prepared.
    await vi.waitFor(async () => expect(await pathsOf(cluster)).not.toContain(path), ROTATED);
    expect((await pathsOf(cluster)).join()).toMatch(/^\/validate\/([a-z2-7]{52}),\/mutate\/\1$/);
    await load.more(100);
    await load.stop();
    const unanswered = await deployment!.unanswered();
    const { length } = unanswered.log.filter((line) => line.includes('x509'));
    console.log(
      `mounted, two rotations of the CA and one of the path: ${load.failures.length} of ${load.calls} calls failed, ${length} x509 errors`,
    );
    expect(load.failures).toEqual([]);
    expect(unanswered).toEqual({ refused: 0, ignored: 0, log: [] });
    expect(deployment!.replicas.map(({ pid }) => pid)).toEqual(replicas.map(({ pid }) => pid));
  }, 500_000);
});
