/** Reviews and creations that are made to fill the ledger do not keep an administrator from working. */
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { expectDenied, expectOk } from './support/cluster.ts';
import type { Manifest } from '../deploy/objects.ts';
import { useInstallation } from './support/installation.ts';
import { hasMatchConditions } from './support/kubernetes.ts';
import { all, management, pool, refOf } from './support/objects.ts';
import { post, reviewOf } from './support/review-client.ts';
import { onKubernetes } from './support/suite.ts';

/** The length of each attack; set it to a minute to see that nothing builds up. */
const SECONDS = Number(process.env['LEDGER_ATTACK_SECONDS'] ?? 8);
const TENANT = 'evil/tenant';

/** A ConfigMap with a waiver whose reason does not compress. */
function padded(namespace: string, name: string): Manifest {
  const waiver = `IOM206=${randomBytes(2900).toString('base64').slice(0, 3900)}`;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, annotations: { 'iomesh-guard.io/waive': waiver } },
    data: {
      clusterId: 'k8s-cluster',
      iscsiPortal: '127.0.0.1:3260',
      metaAddr: 'iomesh-meta-client.iomesh-system.svc.cluster.local:10100',
    },
  };
}

onKubernetes('attacks on the ledger', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  beforeAll(async () => {
    const { cluster } = installed();
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get'] }];
    await cluster.createServiceAccount(TENANT, rules);
  });
  beforeEach(async () => {
    await installed().clear();
    expectOk(await installed().cluster.apply(all(management())));
  });

  /** Runs an attack, and meanwhile creates and deletes a pool as the administrator. */
  async function during(attack: () => Promise<void>): Promise<{ attempts: number; slowest: number }> {
    const { cluster } = installed();
    const until = Date.now() + SECONDS * 1000;
    let attempts = 0;
    const attacking = Array.from({ length: 3 }, async () => {
      for (; Date.now() < until; attempts += 1) await attack();
    });
    let slowest = 0;
    do {
      for (const object of all(pool())) {
        const began = Date.now();
        expectOk(await cluster.apply(object));
        slowest = Math.max(slowest, Date.now() - began);
      }
      // The ledger records both.
      const [kind, name] = refOf(pool().storageClass);
      expectOk(await cluster.delete(kind, name));
    } while (Date.now() < until);
    await Promise.all(attacking);
    return { attempts, slowest };
  }

  it('creations of a name that exists make no entry', async () => {
    const { cluster } = installed();
    const tenant = await cluster.as(TENANT);
    expectOk(await tenant.kubectl(['create', '-f', '-'], JSON.stringify(padded('evil', 'x'))));
    const { attempts, slowest } = await during(async () => {
      const refused = await tenant.kubectl(['create', '-f', '-'], JSON.stringify(padded('evil', 'x')));
      // Without matchConditions ConfigMaps are sent only from namespaces with a cluster.
      if (hasMatchConditions(kubernetes))
        expectDenied(refused, 'AlreadyExists', ['ConfigMap evil/x already exists']);
      else expect(refused.stderr).toContain('configmaps "x" already exists');
    });
    console.log(`${attempts} creations of a taken name; slowest apply ${slowest} ms`);
    expect(attempts).toBeGreaterThan(SECONDS);
    expect(await installed().metric('iomesh_guard_ledger_entries')).toBeLessThan(8);
  }, 300_000);

  it('forged reviews of a namespace that does not exist make no entry', async () => {
    const { webhook } = installed();
    let count = 0;
    const { attempts, slowest } = await during(async () => {
      count += 1;
      const name = `ghost-${count}`;
      const ghost =
        count % 2 === 0
          ? padded('ghost', name)
          : { ...pool().cluster, metadata: { name, namespace: 'ghost' } };
      const resource = ghost['kind'] === 'ConfigMap' ? 'configmaps' : 'iomeshclusters';
      const forged = { ...ghost, metadata: { ...ghost['metadata'], name, namespace: 'ghost', uid: name } };
      const { status, body } = await post(
        webhook,
        '/validate',
        JSON.stringify(reviewOf(forged as never, resource)),
      );
      expect(status).toBe(200);
      expect(JSON.parse(body).response).toMatchObject({ allowed: false, status: { reason: 'NotFound' } });
    });
    console.log(`${attempts} forged reviews; slowest apply ${slowest} ms`);
    expect(attempts).toBeGreaterThan(SECONDS);
    expect(await installed().metric('iomesh_guard_ledger_entries')).toBeLessThan(8);
  }, 300_000);

  it('a cluster that was created and cleaned up with its namespace does not count', async () => {
    const { cluster } = installed();
    const CLEANER = '--as=system:serviceaccount:kube-system:namespace-controller';
    expectOk(await cluster.kubectl(['create', 'namespace', 'tmp']));
    const inTmp = { ...pool().cluster, metadata: { name: 'iomesh-cluster-1', namespace: 'tmp' } };
    expectOk(await cluster.apply(inTmp));
    expectOk(await cluster.kubectl(['delete', 'namespace', 'tmp', '--wait=false']));
    expectOk(await cluster.kubectl(['delete', 'iomesh', '--all', '-n', 'tmp', '--wait=false', CLEANER]));
    for (const object of all(pool())) expectOk(await cluster.apply(object));
  }, 60_000);
});
