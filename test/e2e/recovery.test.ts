/** docs/troubleshooting.md: objects of the webhook that were deleted or emptied are restored as described. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { forRelease } from './support/base-manifests.ts';
import { Cluster, expectDenied, expectOk } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { Guide } from './support/guide.ts';
import { all, management, NAMESPACES, on, placed, pool } from './support/objects.ts';
import { minorOf } from './support/kubernetes.ts';
import { onKubernetes } from './support/suite.ts';
import { Terminal } from './support/terminal.ts';
import { Workloads } from './support/workloads.ts';

const NAMESPACE = 'iomesh-guard-system';
const SECRET = 'iomesh-guard-certificates';
const APPLY = 'kubectl apply -k deploy/kustomize/base';
const STATUS = `kubectl -n ${NAMESPACE} rollout status deployment/iomesh-guard --timeout=150s`;
const WAIT = { timeout: 120_000, interval: 250 };
const LONG = 400_000;
/** In place of three minutes. */
const HOLD_SECONDS = 20;
const HOLD = JSON.stringify([
  { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: `--ledger-hold=${HOLD_SECONDS}` },
]);
const SET_HOLD = `kubectl -n ${NAMESPACE} patch deployment/iomesh-guard --type=json -p '${HOLD}'`;
const LOST = /cannot verify: the ledger of pending changes was lost and created again; .* expire in \d+ s/;

const overlapping = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') }).cluster;

onKubernetes('recovery', (kubernetes) => {
  const guide = new Guide('troubleshooting.md');
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let terminal: Terminal;
  let workloads: Workloads;

  const type = async (commands: string) => {
    const result = await terminal.type(forRelease(kubernetes, commands));
    expectOk(result);
    return result.stdout;
  };
  /** Waits until a correct change is admitted and a wrong one is denied. */
  const untilEvaluating = () =>
    expect
      .poll(async () => {
        const [right, wrong] = [await cluster.dryRun(pool().cluster), await cluster.dryRun(overlapping)];
        return [right.code, wrong.stderr.includes('IOM101')];
      }, WAIT)
      .toEqual([0, true]);
  /** A change that needs the ledger, of a kind whose webhook fails closed on every release. */
  const change = (name: string) => {
    const { zookeeper } = pool();
    return cluster.apply({ ...zookeeper, metadata: { ...zookeeper['metadata'], name: `iomesh-${name}` } });
  };
  const bundle = async () => {
    const command = guide.inline('kubectl get validatingwebhookconfiguration iomesh-guard -o jsonpath');
    return Buffer.from(await type(command), 'base64').toString();
  };

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    expectOk(await cluster.apply([...NAMESPACES, ...all(management(), pool())]));
    terminal = await Terminal.open(plane, []);
    workloads = new Workloads(cluster, NAMESPACE);
    await type(`${APPLY} && ${STATUS}`);
  }, LONG);
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(workloads.lastWords());
  });
  afterAll(async () => {
    await workloads?.stop();
    await plane?.stop();
    terminal?.close();
  });

  it(
    'answers "cannot verify" after the Lease was deleted, until the lost changes have expired',
    async () => {
      await type(`${SET_HOLD} && ${STATUS}`);
      await untilEvaluating();
      // The replicas know the ledger after the first change.
      for (const each of ['one', 'two', 'three']) expectOk(await change(each));
      expectOk(await cluster.delete('lease', 'iomesh-guard-ledger', NAMESPACE));
      const began = Date.now();
      const refused = await change('four');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(LOST);
      expect((await cluster.dryRun(overlapping)).stderr).not.toMatch(/IOM101/);
      await expect.poll(async () => (await change('five')).code, WAIT).toBe(0);
      expect(Date.now() - began).toBeGreaterThan((HOLD_SECONDS - 5) * 1000);
      await untilEvaluating();
      const stored = await cluster.expectStored('lease', 'iomesh-guard-ledger', NAMESPACE);
      expect(stored.metadata['annotations']).toHaveProperty(['iomesh-guard.io/ledger']);
      const metrics = (await Promise.all(workloads.pods.map((pod) => pod.metrics()))).join('\n');
      expect(metrics).toMatch(/iomesh_guard_ledger_decisions_total\{outcome="unverified"\} [1-9]/);
      expect(metrics).toMatch(/iomesh_guard_ledger_rounds_total\{result="committed"\} [1-9]/);
    },
    LONG,
  );

  it('prints the ledger with the documented command', async () => {
    const decision = readFileSync(join(import.meta.dirname, '../../docs/decisions/0003-ledger.md'), 'utf8');
    const command = /^kubectl get lease .*$/m.exec(decision)?.[0] ?? '';
    const print = async () => JSON.parse(await type(command.replace('NAMESPACE', NAMESPACE))) as unknown;
    // A change leaves the ledger when all replicas have seen it stored.
    let count = 0;
    const afterChange = async () => {
      expectOk(await change(`six-${count++}`));
      return JSON.stringify(await print());
    };
    await expect.poll(afterChange, WAIT).toContain('ZookeeperCluster/iomesh-cluster-1/');
  });

  it(
    'does not create a Lease again that was deleted while the pods stop; the next pods know that it was lost',
    async () => {
      const { pods } = workloads;
      const place = `-n ${NAMESPACE}`;
      await type(`kubectl ${place} scale deployment/iomesh-guard --replicas=0`);
      await expect.poll(() => workloads.pods.length, WAIT).toBe(0);
      await type(`kubectl ${place} delete lease iomesh-guard-ledger`);
      // The maintenance of the ledger would run several times before they end.
      await Promise.all(pods.map((pod) => pod.ended));
      await cluster.expectNotStored('lease', 'iomesh-guard-ledger', NAMESPACE);
      await type(`kubectl ${place} scale deployment/iomesh-guard --replicas=2 && ${STATUS}`);
      expect((await change('too-early')).stderr).toMatch(LOST);
      await untilEvaluating();
    },
    LONG,
  );

  it(
    'sets an emptied caBundle again',
    async () => {
      const before = await bundle();
      expect(before).toContain('BEGIN CERTIFICATE');
      const remove = `--type=json -p '[{"op":"remove","path":"/webhooks/0/clientConfig/caBundle"}]'`;
      const names = ['validating', 'mutating'].map((each) => `${each}webhookconfiguration`);
      await type(names.map((name) => `kubectl patch ${name} iomesh-guard ${remove}`).join('\n'));
      await expect
        .poll(async () => (await cluster.dryRun(overlapping)).stderr, WAIT)
        .toMatch(/x509: certificate signed by unknown authority|IOM101/);
      const began = Date.now();
      await untilEvaluating();
      console.log(`an emptied caBundle: evaluated again after ${Math.round((Date.now() - began) / 1000)} s`);
      expect(await bundle()).toBe(before);
    },
    LONG,
  );

  it(
    'creates a deleted Secret again without a rejected change',
    async () => {
      const before = await bundle();
      const uid = (await cluster.expectStored('secret', SECRET, NAMESPACE)).metadata['uid'];
      expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
      const began = Date.now();
      const failed: string[] = [];
      let settled = false;
      while (!settled && Date.now() - began < WAIT.timeout) {
        const { code, stderr } = await cluster.dryRun(pool().cluster);
        if (code !== 0) failed.push(stderr);
        const secret = await cluster.get('secret', SECRET, NAMESPACE);
        settled = secret !== undefined && secret.metadata['uid'] !== uid && (await bundle()) !== before;
        await sleep(250);
      }
      expect(settled).toBe(true);
      expect(failed).toEqual([]);
      // Both CAs are trusted: the previous and the new one.
      expect(await bundle()).toContain(before.trim());
      await untilEvaluating();
    },
    LONG,
  );

  it(
    'removes a compromised CA with the documented commands',
    async () => {
      const before = (await bundle()).trim().split(/(?<=-----END CERTIFICATE-----)\s*/);
      const [scale = '', ...rest] = guide.next('The CA key may be compromised').text.split('\n');
      const { pods } = workloads;
      await type(scale);
      // The next command waits for the Pod objects, which the simulated workloads do not have.
      expect(rest[0]).toContain('wait --for=delete pod');
      await Promise.all(pods.map((pod) => pod.ended));
      // An old kubectl fails where it finds no Pod to wait for.
      await type(rest.slice(minorOf(kubernetes) < 25 ? 1 : 0).join('\n'));
      await type(STATUS);
      await untilEvaluating();
      const after = await bundle();
      for (const each of before) expect(after).not.toContain(each);
      expect(after.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    },
    LONG,
  );

  it(
    'rejects changes after the namespace was deleted, until the manifests are applied again',
    async () => {
      await type(`kubectl delete namespace ${NAMESPACE}`);
      const refused = await cluster.apply(overlapping);
      expect(refused.code).toBe(1);
      // Old releases try a kept connection first.
      expect(refused.stderr).toMatch(/service "iomesh-guard" not found|connection reset by peer/);
      await type(`${APPLY} && ${SET_HOLD} && ${STATUS}`);
      // The ledger was deleted as well.
      await expect.poll(async () => (await cluster.apply(overlapping)).stderr, WAIT).toMatch(LOST);
      await untilEvaluating();
      expectOk(await change('seven'));
      expectDenied(await cluster.apply(overlapping), 'IOM101');
    },
    LONG,
  );

  it.skipIf(minorOf(kubernetes) < 24)(
    'finds failures of the mutating webhook in the metrics of the apiserver, from Kubernetes 1.24 on',
    async () => {
      const { pods } = workloads;
      await type(`kubectl -n ${NAMESPACE} scale deployment/iomesh-guard --replicas=0`);
      // An old connection is answered until its pod has gone.
      await Promise.all(pods.map((pod) => pod.ended));
      expectOk(await cluster.delete('validatingwebhookconfiguration', 'iomesh-guard'));
      await expect.poll(async () => (await change('eight')).code, WAIT).toBe(0);
      const [name, label] = guide.inline('apiserver_admission_webhook_fail_open_count').split(/[{}]/) as [
        string,
        string,
      ];
      const lines = (await type(guide.inline('kubectl get --raw'))).split('\n');
      const counted = lines.find((line) => line.startsWith(`${name}{`) && line.includes(label));
      expect(Number(counted?.split(' ').at(-1))).toBeGreaterThan(0);
    },
    LONG,
  );
});
