/** What the ServiceAccount may do, held against what its pods did by the apiserver's own account. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { NAMESPACE } from '../../deploy/objects.ts';
import { expectDenied, expectOk } from '../support/cluster.ts';
import { onKubernetes } from '../support/suite.ts';
import { onDay61, SECRET } from './aged.ts';
import { AuditLog, type Right, rightsOf, uses } from './audit-log.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { Fleet } from './fleet.ts';
import { all, management, node, on, placed, pool, refOf, third } from './objects.ts';

const ACCOUNT = `system:serviceaccount:${NAMESPACE}:iomesh-guard`;
const STEPS = { timeout: 120_000, interval: 500 };

onKubernetes('rights', (kubernetes) => {
  let folder: string;
  let log: AuditLog;
  let fleet: Fleet | undefined;
  let proxy: FaultyProxy | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-audit-'));
    log = new AuditLog(folder, ACCOUNT);
    fleet = await Fleet.start(kubernetes, {
      apiserverFlags: log.flags,
      way: async (account) => {
        proxy = await FaultyProxy.start(account);
        return proxy.kubeconfig;
      },
    });
  });
  afterAll(async () => {
    await fleet?.stop();
    await proxy?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('31 they suffice for all that a life brings', async () => {
    const { cluster } = fleet!;
    // An ordinary day: out of nothing, clusters that come, change and go, and one that may not.
    expectOk(await cluster.apply(Array.from({ length: 9 }, (_, each) => node(`k8s-worker-${each}`))));
    expectOk(await cluster.apply(all(management(), pool())));
    const { cluster: overlapping } = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    });
    expectDenied(await cluster.apply(overlapping), 'IOM101');
    expectOk(await cluster.delete(...refOf(pool().storageClass)));

    // News that the watches do not bring is fetched, of each kind of its own.
    proxy!.break({ kind: 'silence' });
    for (const object of all(third())) expectOk(await cluster.apply(object));
    expectOk(await cluster.apply(node('k8s-worker-9')));
    expectOk(await cluster.apply(pool().storageClass));
    proxy!.break({ kind: 'reset' });
    proxy!.heal();

    // The sixty-first day: a new certificate.
    const aged = await onDay61(cluster);
    const before = Buffer.from(aged.leaf.cert).toString('base64');
    await vi.waitFor(async () => {
      const secret = await cluster.expectStored('secret', SECRET, NAMESPACE);
      expect(secret['data']['tls.crt']).not.toBe(before);
    }, STEPS);

    // Mishaps: Secret, caBundle and ledger are gone.
    expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
    await vi.waitFor(async () => {
      await cluster.expectStored('secret', SECRET, NAMESPACE);
    }, STEPS);
    expectOk(await cluster.delete('lease', 'iomesh-guard-ledger', NAMESPACE));
    const refused = await cluster.delete(...refOf(third().storageClass));
    expect(refused.stderr).toContain('cannot verify: the ledger of changes under way was lost');
    await cluster.expectStored('lease', 'iomesh-guard-ledger', NAMESPACE);

    expect(log.asked().refused).toEqual([]);
    for (const { lines } of fleet!.replicas)
      expect(lines.filter((line) => JSON.stringify(line).includes('forbidden'))).toEqual([]);
  }, 300_000);

  it('31 none of them is there for nothing, and nothing was done by another', () => {
    const granted = rightsOf(fleet!.objects);
    const { allowed } = log.asked();
    const shown = ({ verb, group, resource, name, namespace }: Right) =>
      `${verb} ${resource}.${group} ${namespace ?? '*'}/${name ?? '*'}`;
    console.log(`31: ${granted.length} rights granted; used: ${allowed.map(shown).sort().join('; ')}`);
    expect(granted.filter((right) => !allowed.some((each) => uses(each, right))).map(shown)).toEqual([]);
    expect(allowed.filter((each) => !granted.some((right) => uses(each, right))).map(shown)).toEqual([]);
  });

  it('31 what the account has beside them is what everybody has', async () => {
    const { cluster } = fleet!;
    await cluster.createServiceAccount('people/nobody');
    const list = async (account: string) => {
      const result = await (await cluster.as(account)).kubectl(['auth', 'can-i', '--list', '-n', NAMESPACE]);
      expectOk(result);
      return result.stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    };
    const everybody = new Set(await list('people/nobody'));
    const ours = (await list(`${NAMESPACE}/iomesh-guard`)).filter((line) => !everybody.has(line));
    const resources = new Set(
      rightsOf(fleet!.objects).map(({ resource, group }) =>
        group === '' ? resource : `${resource}.${group}`,
      ),
    );
    expect(new Set(ours.map((line) => line.split(' ')[0]))).toEqual(resources);
  });
});
