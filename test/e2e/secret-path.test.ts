/** Only the apiserver is answered: the replicas set a secret path, and replace it without a failed call. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { NAMESPACE } from '../deploy/objects.ts';
import { expectDenied, expectOk } from './support/cluster.ts';
import { Load } from './support/load.ts';
import { all, management, on, placed, pool } from './support/objects.ts';
import { sumOf } from './support/replica.ts';
import { post, reviewOf } from './support/review-client.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { bundles, certificatesIn, pathsOf, servedBy } from './support/served-certificate.ts';
import { onDay61, preparePath, SECRET, storedPaths } from './support/stored-certificates.ts';
import { onKubernetes } from './support/suite.ts';

const PATHS = [
  expect.stringMatching(/^\/validate\/[a-z2-7]{52}$/),
  expect.stringMatching(/^\/mutate\/[a-z2-7]{52}$/),
];
/** A prepared path is set after two minutes, and the maintenance runs every 30 seconds. */
const ROTATED = { timeout: 240_000, interval: 1_000 };
const STEPS = { timeout: 120_000, interval: 500 };

onKubernetes('the secret path', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  /** The calls that failed while the path was removed. */
  let removed = { refused: 0, ignored: 0, log: [] as string[] };
  /** The path that is replaced first. */
  let first: string | undefined;
  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes);
    expectOk(await deployment.cluster.apply(all(management(), pool())));
  });
  afterAll(() => deployment?.stop());

  /** A review that a pod without credentials forges. Returns the status and the number of entries in the ledger. */
  async function forge(path: string): Promise<number[]> {
    const { replicas, cluster } = deployment!;
    const [cert = ''] = await bundles(cluster);
    const ghost = structuredClone(pool().connection);
    ghost['metadata'].name = 'iomesh-ghost';
    const review = JSON.stringify(reviewOf(ghost as never, 'configmaps'));
    const statuses: number[] = [];
    for (const { host, port } of replicas) {
      const { status } = await post({ host, port, authority: { cert } } as never, path, review);
      statuses.push(status);
    }
    return statuses;
  }

  async function entries(): Promise<number> {
    // Only a replica that has read the ledger knows it.
    const all = await Promise.all(deployment!.replicas.map((each) => each.metrics()));
    return Math.max(...all.map((each) => sumOf(each, 'iomesh_guard_ledger_entries')));
  }

  it('is set for every webhook, and the apiserver is answered', async () => {
    const { cluster, replicas } = deployment!;
    expect(await pathsOf(cluster)).toEqual(PATHS);
    const { cluster: overlapping } = placed(pool(), {
      affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
    });
    expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
    for (const each of replicas)
      expect(sumOf(await each.metrics(), 'iomesh_guard_callers_authenticated')).toBe(1);
  });

  it('keeps a forged review out of the ledger', async () => {
    const before = await entries();
    for (const path of ['/validate', '/', `/validate/${'a'.repeat(52)}`])
      expect([path, await forge(path)]).toEqual([path, [404, 404]]);
    expect(await entries()).toBe(before);
    for (const each of deployment!.replicas)
      expect(sumOf(await each.metrics(), 'iomesh_guard_failures_total', { reason: 'path' })).toBe(3);
    const lines = deployment!.replicas.flatMap((each) => each.lines);
    expect(JSON.stringify(lines)).not.toContain('iomesh-ghost');
    expect(JSON.stringify(lines)).not.toContain((await storedPaths(deployment!.cluster)).current);
    // The same review with the path, as an apiserver sends it.
    const [path = ''] = await pathsOf(deployment!.cluster);
    expect(await forge(`${path}?timeout=5s`)).toEqual([200, 200]);
  });

  it('is not readable by a tenant', async () => {
    const { cluster } = deployment!;
    await cluster.createServiceAccount('iomesh-cluster-1/tenant', [
      { apiGroups: ['', 'iomesh.com'], resources: ['configmaps', 'iomeshclusters'], verbs: ['*'] },
    ]);
    const tenant = await cluster.as('iomesh-cluster-1/tenant');
    const read = await tenant.kubectl([
      'get',
      'validatingwebhookconfiguration',
      'iomesh-guard',
      '-o',
      'yaml',
    ]);
    expect(read.stderr).toContain('Forbidden');
    const secret = await tenant.kubectl(['get', 'secret', SECRET, '-n', NAMESPACE]);
    expect(secret.stderr).toContain('Forbidden');
  });

  it('is set again within seconds if another program removes it, and nothing is unchecked until then', async () => {
    const { cluster } = deployment!;
    const before = await pathsOf(cluster);
    const remove = [{ op: 'remove', path: '/webhooks/1/clientConfig/service/path' }];
    const how = ['--type=json', '-p', JSON.stringify(remove)];
    expectOk(await cluster.kubectl(['patch', 'validatingwebhookconfiguration', 'iomesh-guard', ...how]));
    const began = Date.now();
    // kubectl sends nothing for an unchanged object.
    const wrong = structuredClone(pool().connection);
    wrong['metadata'].name = 'iomesh-wrong';
    wrong['data'].iscsiPortal = '127.0.0.1:3261';
    const answers = new Set<string>();
    let isSet = false;
    while (!isSet && Date.now() - began < 30_000) {
      const { code, stderr } = await cluster.dryRun(wrong);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/failed to call webhook: not found|IOM202/)]);
      answers.add(/not found|IOM202/.exec(stderr)![0]);
      isSet = JSON.stringify(await pathsOf(cluster)) === JSON.stringify(before);
    }
    console.log(`the path was set again after ${Date.now() - began} ms; answers: ${[...answers].join(', ')}`);
    expect(isSet).toBe(true);
    await vi.waitFor(async () => expectDenied(await cluster.dryRun(wrong), 'IOM202'), STEPS);
    await sleep(1_000);
    removed = await deployment!.unanswered();
  }, 120_000);

  // The pods first: a replica knows only for how long it has seen a path, and the first one is retired below.
  it.each([
    ['all pods are replaced', async () => void (await deployment!.roll())],
    [
      'a certificate is renewed',
      async () => {
        const { cluster, replicas } = deployment!;
        const [bundle = ''] = await bundles(cluster);
        const { leaf } = await onDay61(cluster);
        await vi.waitFor(async () => {
          for (const each of replicas)
            expect(Date.parse((await servedBy(each, bundle)).validTo)).toBeGreaterThan(leaf.notAfter);
        }, STEPS);
      },
    ],
    [
      'a CA is replaced',
      async () => {
        const { cluster, replicas } = deployment!;
        const [before = ''] = await bundles(cluster);
        expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
        await vi.waitFor(async () => {
          const [bundle = ''] = await bundles(cluster);
          const added = bundle.replace(before, '');
          expect(certificatesIn(added)).toHaveLength(1);
          for (const each of replicas) await servedBy(each, added);
        }, STEPS);
      },
    ],
  ])(
    'is replaced under load while %s',
    async (what, change) => {
      const { cluster, plane } = deployment!;
      const load = new Load(plane.api);
      const before = await pathsOf(cluster);
      expect(before).toEqual(PATHS);
      first ??= before[0];
      await change();
      await preparePath(cluster);
      await vi.waitFor(async () => {
        const now = await pathsOf(cluster);
        expect(now).toEqual(PATHS);
        expect(now).not.toEqual(before);
      }, ROTATED);
      await load.more(200);
      await load.stop();
      const unanswered = await deployment!.unanswered();
      console.log(`${what}: ${load.failures.length} of ${load.calls} calls failed`);
      expect(load.failures).toEqual([]);
      expect(unanswered).toEqual(removed);
      // The former path is answered for some minutes.
      expect(await forge(before[0]!)).toEqual([200, 200]);
    },
    500_000,
  );

  it('is retired', async () => {
    const { cluster } = deployment!;
    expect((await storedPaths(cluster)).previous.length).toBeGreaterThan(0);
    const stored = async () => {
      const { current, next, previous } = await storedPaths(cluster);
      return [current, next, ...previous].map((secret) => `/validate/${secret}`);
    };
    await vi.waitFor(async () => expect(await stored()).not.toContain(first), {
      timeout: 420_000,
      interval: 2_000,
    });
    await vi.waitFor(async () => expect(await forge(first!)).toEqual([404, 404]), STEPS);
  }, 600_000);
});
