/** The permissions of the ServiceAccount, compared with the requests of its pods in the audit log. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { NAMESPACE } from '../deploy/objects.ts';
import { AuditLog, type Permission, permissionsOf, uses } from './support/audit-log.ts';
import { expectDenied, expectOk, expectWarned } from './support/cluster.ts';
import { FaultyProxy } from './support/faulty-proxy.ts';
import { all, management, node, on, placed, pool, refOf, third } from './support/objects.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { onDay61, SECRET } from './support/stored-certificates.ts';
import { onKubernetes } from './support/suite.ts';

const ACCOUNT = `system:serviceaccount:${NAMESPACE}:iomesh-guard`;
const STEPS = { timeout: 120_000, interval: 500 };
/** The kinds whose objects are fetched one by one when a watch does not deliver them. */
const FETCHED = ['configmaps', 'iomeshclusters', 'storageclasses', 'zookeeperclusters'];
const isFetch = ({ verb, name, namespace }: Permission) =>
  verb === 'get' && name === undefined && namespace === undefined;

onKubernetes('permissions', (kubernetes) => {
  let folder: string;
  let log: AuditLog;
  let deployment: RunningDeployment | undefined;
  let proxy: FaultyProxy | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-audit-'));
    log = new AuditLog(folder, ACCOUNT);
    deployment = await RunningDeployment.start(kubernetes, {
      apiserverFlags: log.flags,
      connect: async (account) => {
        proxy = await FaultyProxy.start(account);
        return proxy.kubeconfig;
      },
    });
  });
  afterAll(async () => {
    await deployment?.stop();
    await proxy?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are sufficient for daily operation, failures and certificate renewal', async () => {
    const { cluster } = deployment!;
    // Daily operation: a new installation, created, changed and deleted clusters, and a denial.
    expectOk(await cluster.apply(Array.from({ length: 9 }, (_, each) => node(`k8s-worker-${each}`))));
    expectOk(await cluster.apply(all(management(), pool())));
    const { cluster: overlapping } = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    });
    expectDenied(await cluster.apply(overlapping), 'IOM101');
    expectOk(await cluster.delete(...refOf(pool().storageClass)));
    expectOk(await cluster.delete(...refOf(pool().cluster)));
    expectOk(await cluster.apply(pool().cluster));
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'none', uid: 'none' };
    const patch = JSON.stringify({ metadata: { ownerReferences: [owner] } });
    const dryRun = ['--type=merge', '-p', patch, '--dry-run=server'];
    const [kind, name, namespace] = refOf(pool().cluster);
    expectWarned(await cluster.kubectl(['patch', kind, name, '-n', namespace!, ...dryRun]), 'IOM608');

    // Objects that the watches do not deliver are fetched, one of each kind.
    proxy!.break({ kind: 'silence' });
    for (const object of all(third())) expectOk(await cluster.apply(object));
    expectOk(await cluster.apply(node('k8s-worker-9')));
    expectOk(await cluster.apply(pool().storageClass));
    // By a review, or by the read in the background that keeps the cache proven.
    const fetches = permissionsOf(deployment!.objects).filter(isFetch);
    expect(fetches.map(({ resource }) => resource).sort()).toEqual(FETCHED);
    await vi.waitFor(() => {
      const { allowed } = log.requests();
      expect(fetches.filter((right) => !allowed.some((each) => uses(each, right)))).toEqual([]);
    }, STEPS);
    proxy!.break({ kind: 'reset' });
    proxy!.heal();

    // Day 61: the certificate is renewed.
    const aged = await onDay61(cluster);
    const before = Buffer.from(aged.leaf.cert).toString('base64');
    await vi.waitFor(async () => {
      const secret = await cluster.expectStored('secret', SECRET, NAMESPACE);
      expect(secret['data']['tls.crt']).not.toBe(before);
    }, STEPS);

    // Secret and ledger are deleted.
    expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
    await vi.waitFor(async () => {
      await cluster.expectStored('secret', SECRET, NAMESPACE);
    }, STEPS);
    expectOk(await cluster.delete('lease', 'iomesh-guard-ledger', NAMESPACE));
    const refused = await cluster.delete(...refOf(third().cluster));
    expect(refused.stderr).toContain('cannot verify: the ledger of pending changes was lost');
    await cluster.expectStored('lease', 'iomesh-guard-ledger', NAMESPACE);

    expect(log.requests().denied).toEqual([]);
    for (const { lines } of deployment!.replicas)
      expect(lines.filter((line) => JSON.stringify(line).includes('forbidden'))).toEqual([]);
  }, 300_000);

  it('are all used, and no other permission is used', () => {
    const granted = permissionsOf(deployment!.objects);
    const { allowed } = log.requests();
    const shown = ({ verb, group, resource, name, namespace }: Permission) =>
      `${verb} ${resource}.${group} ${namespace ?? '*'}/${name ?? '*'}`;
    console.log(`${granted.length} permissions granted; used: ${allowed.map(shown).sort().join('; ')}`);
    expect(granted.filter((right) => !allowed.some((each) => uses(each, right))).map(shown)).toEqual([]);
    expect(allowed.filter((each) => !granted.some((right) => uses(each, right))).map(shown)).toEqual([]);
  });

  it('are the only ones besides those of every account', async () => {
    const { cluster } = deployment!;
    await cluster.createServiceAccount('people/nobody');
    const list = async (account: string) => {
      const result = await (await cluster.as(account)).kubectl(['auth', 'can-i', '--list', '-n', NAMESPACE]);
      expectOk(result);
      return result.stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    };
    const everybody = new Set(await list('people/nobody'));
    const ours = (await list(`${NAMESPACE}/iomesh-guard`)).filter((line) => !everybody.has(line));
    const resources = new Set(
      permissionsOf(deployment!.objects).map(({ resource, group }) =>
        group === '' ? resource : `${resource}.${group}`,
      ),
    );
    expect(new Set(ours.map((line) => line.split(' ')[0]))).toEqual(resources);
  });
});
