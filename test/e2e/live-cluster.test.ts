/** `serve` and `audit` with a live cluster and the minimal permissions. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, type Run } from '../support/run-cli.ts';
import { Cluster, expectDenied, expectOk, warnings } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { onKubernetes } from './support/suite.ts';
import { registerWebhook, serveWebhook, type Webhook } from './support/webhook.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/two-clusters');
const pool = readFileSync(join(EXAMPLES, 'cluster-1/iomesh.yaml'), 'utf8');
/** The pool with a node of the management cluster. */
const overlapping = pool.replaceAll('k8s-worker-3', 'k8s-worker-2');
const ACCOUNT = 'iomesh-guard-system/iomesh-guard';
const READ = ['get', 'list', 'watch'];
const RIGHTS = [
  { apiGroups: ['iomesh.com'], resources: ['iomeshclusters'], verbs: READ },
  { apiGroups: ['zookeeper.pravega.io'], resources: ['zookeeperclusters'], verbs: READ },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: READ },
  { apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: READ },
];

onKubernetes('live cluster', (kubernetes) => {
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let webhook: Webhook | undefined;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-live-'));
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.createServiceAccount(ACCOUNT, RIGHTS);
    // The CRDs are not installed yet.
    webhook = await serveWebhook(await cluster.as(ACCOUNT), {});
    await cluster.installCrds();
    expectOk(
      await cluster.applyFiles(
        ['management', 'cluster-1'].map((each) => join(EXAMPLES, each, '0-namespace.yaml')),
      ),
    );
    await registerWebhook(cluster, webhook);
  });
  afterAll(async () => {
    await webhook?.stop('SIGKILL');
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('admits both clusters, whose CRDs were installed after the start', async () => {
    expectOk(await cluster.applyFiles([join(EXAMPLES, 'management')]));
    expectOk(await cluster.apply(pool));
    expectOk(await cluster.applyFiles([join(EXAMPLES, 'cluster-1')]));
    await cluster.expectStored('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1');
  });

  it('denies a pool on a node of another cluster', async () => {
    const words = ['k8s-worker-2', 'iomesh-system/iomesh', 'help: '];
    expectDenied(await cluster.apply(overlapping), 'IOM101', words);
  });

  it('sees a ConfigMap that was created just before its class', async () => {
    for (let each = 0; each < 10; each++) {
      const [connection, storageClass] = pair(`quick-${each}`);
      expectOk(await cluster.apply(connection!));
      const result = await cluster.apply(storageClass!);
      expectOk(result);
      expect(warnings(result).filter((line) => line.includes('IOM503'))).toEqual([]);
    }
  });

  it('logs once that it may not list nodes', () => {
    const lines = webhook?.log.filter((line) => line.includes('"kind":"Node"')) ?? [];
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('nodes is forbidden');
  });

  it('answers "cannot verify" while it may not read, and recovers without a restart', async () => {
    const binding = (await cluster.get('ClusterRoleBinding', 'iomesh-guard-system-iomesh-guard'))!;
    expectOk(await cluster.delete('ClusterRoleBinding', binding.metadata.name));
    await expect
      .poll(async () => (await cluster.dryRun(overlapping)).stderr, { timeout: 30_000 })
      .toContain('cannot verify');
    const { resourceVersion: _, uid: __, ...metadata } = binding.metadata;
    expectOk(await cluster.apply({ ...binding, metadata }));
    await expect.poll(async () => (await cluster.dryRun(pool)).code, { timeout: 30_000 }).toBe(0);
    expectDenied(await cluster.dryRun(overlapping), 'IOM101');
  });

  it('counts consistent reads and shows the age of the watches', async () => {
    const metrics = await (await fetch(`${webhook?.healthUrl}/metrics`)).text();
    const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1]);
    expect(value('iomesh_guard_consistent_reads_total\\{result="done"\\}')).toBeGreaterThan(20);
    expect(value('iomesh_guard_consistent_reads_total\\{result="failed"\\}')).toBeGreaterThan(0);
    expect(value('iomesh_guard_watch_connected\\{kind="IOMeshCluster"\\}')).toBe(1);
    expect(value('iomesh_guard_watch_objects\\{kind="IOMeshCluster"\\}')).toBe(2);
    expect(value('iomesh_guard_world_age_seconds')).toBeLessThan(90);
  });

  it('stops on SIGTERM', async () => {
    expect(await webhook?.stop()).toBe(0);
  });

  it('has the same findings in audit and lint for objects that were created without the webhook', async () => {
    const clean = await audit('--kubeconfig', cluster.kubeconfig, '--fail-on', 'error', '--quiet');
    expect(clean.stdout + clean.stderr).toMatch(/^0 errors|no findings/);
    expect(clean.code).toBe(0);
    for (const kind of ['validating', 'mutating'])
      expectOk(await cluster.delete(`${kind}webhookconfiguration`, 'iomesh-guard'));
    await sleep(500);
    expectOk(await cluster.apply(overlapping));
    const found = await audit('--kubeconfig', cluster.kubeconfig, '--format', 'json');
    expect(found.code).toBe(1);
    const kinds =
      'iomeshclusters,zookeeperclusters,configmaps,storageclasses,namespaces,nodes,persistentvolumeclaims,persistentvolumes';
    const exported = await cluster.kubectl(['get', kinds, '--all-namespaces', '-o', 'yaml']);
    expectOk(exported);
    const file = join(folder, 'exported.yaml');
    writeFileSync(file, exported.stdout);
    const lint = await run(['lint', '--format', 'json', file]);
    expect(comparable(found)).toContainEqual(expect.stringContaining('IOM101'));
    expect(comparable(found)).toEqual(comparable(lint));
  });

  it('fails in audit without permissions, with the reason', async () => {
    await cluster.createServiceAccount('people/nobody');
    const result = await audit('--kubeconfig', (await cluster.as('people/nobody')).kubeconfig);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain('storageclasses.storage.k8s.io is forbidden');
  });

  it('fails in audit if the apiserver is stopped', async () => {
    const { kubeconfig } = cluster;
    await plane?.stop();
    const result = await audit('--kubeconfig', kubeconfig);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
  });
});

function pair(name: string): [connection: object, storageClass: object] {
  const data = { clusterId: 'k8s-cluster', iscsiPortal: '127.0.0.1:3260' };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'iomesh-cluster-1' }, data },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'com.iomesh.csi-driver',
      parameters: {
        clusterConnection: `iomesh-cluster-1/${name}`,
        iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1',
      },
    },
  ];
}

function audit(...flags: string[]): Promise<Run> {
  return run(['audit', ...flags]);
}

function run(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Findings without their place. */
function comparable({ stdout }: Run): string[] {
  const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] };
  return findings
    .map(({ code, severity, message, object, path }) =>
      JSON.stringify({ code, severity, message, object, path }),
    )
    .sort();
}
