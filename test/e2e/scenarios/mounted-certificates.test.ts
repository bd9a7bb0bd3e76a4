/** Certificates of somebody else, as overlays/cert-manager mounts them, replaced together with their authority. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { NAMESPACE } from '../../deploy/objects.ts';
import { expectOk } from '../support/cluster.ts';
import { Authority } from '../support/pki.ts';
import { onKubernetes } from '../support/suite.ts';
import { Fleet } from './fleet.ts';
import { Load } from './load.ts';
import { all, management, pool } from './objects.ts';
import { servedBy, trust } from './served.ts';

const SOON = { timeout: 30_000, interval: 100 };
const name = `iomesh-guard.${NAMESPACE}.svc`;
const leafOf = (authority: Authority) => authority.issue({ name, dnsNames: [name] });

onKubernetes('mounted certificates', (kubernetes) => {
  let fleet: Fleet | undefined;
  let authority: Authority;
  beforeAll(async () => {
    authority = await Authority.make('the first');
    const certificate = { pair: await leafOf(authority), bundle: authority.cert };
    fleet = await Fleet.start(kubernetes, { certificate });
    expectOk(await fleet.cluster.apply(all(management(), pool())));
  });
  afterAll(() => fleet?.stop());

  it('25 the authority is replaced twice under load, by a link that is swapped: no call fails', async () => {
    const { plane, service, replicas } = fleet!;
    const load = new Load(plane.api);
    await load.more(50);
    for (const heirName of ['the second', 'the third']) {
      const heir = await Authority.make(heirName);
      await trust(fleet!.cluster, `${authority.cert}\n${heir.cert}`);
      await load.more(20);
      fleet!.mounted?.swap(await leafOf(heir));
      await vi.waitFor(async () => {
        for (const replica of replicas) await servedBy(replica, heir.cert);
      }, SOON);
      // Connections of before are still good; from here on the apiserver opens others.
      const opened = service.taken;
      await trust(fleet!.cluster, heir.cert);
      await load.more(100);
      expect(service.taken).toBeGreaterThan(opened);
      for (const replica of replicas)
        await expect(servedBy(replica, authority.cert)).rejects.toThrow(/verify|issuer|self-signed/);
      authority = heir;
    }
    await load.stop();
    const unanswered = await fleet!.unanswered();
    const { length } = unanswered.log.filter((line) => line.includes('x509'));
    console.log(
      `25: mounted, two rotations: ${load.failures.length} of ${load.calls} calls failed, ${length} x509 errors`,
    );
    expect(load.failures).toEqual([]);
    expect(unanswered).toEqual({ refused: 0, ignored: 0, log: [] });
    expect(fleet!.replicas.map(({ pid }) => pid)).toEqual(replicas.map(({ pid }) => pid));
  });
});
