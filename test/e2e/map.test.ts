/** The map of a live cluster. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, type Run } from '../support/run-cli.ts';
import { Cluster, expectOk } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { onKubernetes } from './support/suite.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/two-clusters');
const READ = ['get', 'list'];
const RIGHTS = [
  { apiGroups: ['iomesh.com'], resources: ['iomeshclusters'], verbs: READ },
  { apiGroups: ['zookeeper.pravega.io'], resources: ['zookeeperclusters'], verbs: READ },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: READ },
  { apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: READ },
];

function map(args: readonly string[], input?: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, 'map', ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

onKubernetes('the map of a live cluster', (kubernetes) => {
  let plane: ControlPlane | undefined;
  let cluster: Cluster;

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    for (const each of ['management', 'cluster-1']) {
      expectOk(await cluster.applyFiles([join(EXAMPLES, each, '0-namespace.yaml')]));
      expectOk(await cluster.applyFiles([join(EXAMPLES, each)]));
    }
  });
  afterAll(async () => {
    await plane?.stop();
  });

  it('shows the nodes in selectors if the cluster has no Nodes', async () => {
    const { code, stdout } = await map(['--kubeconfig', cluster.kubeconfig]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^k8s-worker-0 +CMRZ +·$/m);
    expect(stdout).toContain('note: The nodes of the Kubernetes cluster are unknown');
    expect(stdout).toContain('2 clusters, 6 nodes: 6 claimed');
  });

  it('shows the Nodes of the cluster with overlaps and free nodes', async () => {
    for (let each = 0; each <= 6; each++) expectOk(await cluster.apply(node(`k8s-worker-${each}`)));
    expectOk(await cluster.apply(node('cp-0', { 'node-role.kubernetes.io/control-plane': '' })));
    const pool = readFileSync(join(EXAMPLES, 'cluster-1/iomesh.yaml'), 'utf8');
    expectOk(await cluster.apply(pool.replaceAll('k8s-worker-3', 'k8s-worker-2')));
    const { code, stdout } = await map(['--kubeconfig', cluster.kubeconfig]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cp-0 .*control plane$/m);
    expect(stdout).toMatch(/^k8s-worker-2 +CMRZ +CMR· +OVERLAP$/m);
    expect(stdout).toMatch(/^k8s-worker-3 +· +···Z$/m);
    expect(stdout).toMatch(/^k8s-worker-6 .*unclaimed$/m);
    expect(stdout).toContain('8 nodes: 5 claimed, 1 overlapping, 1 unclaimed, 1 control plane');
  });

  it('is the same for exported files, except for its source', async () => {
    const kinds = 'iomeshclusters,zookeeperclusters,nodes';
    const exported = await cluster.kubectl(['get', kinds, '--all-namespaces', '-o', 'yaml']);
    expectOk(exported);
    const files = JSON.parse((await map(['--format', 'json', '-'], exported.stdout)).stdout);
    const live = JSON.parse((await map(['--kubeconfig', cluster.kubeconfig, '--format', 'json'])).stdout);
    expect(live.source).toMatchObject({ kind: 'cluster', server: expect.stringMatching(/^https:/) });
    expect({ ...files, source: live.source }).toEqual(live);
  });

  it('reports that it may not list Nodes', async () => {
    const account = 'default/reader';
    await cluster.createServiceAccount(account, RIGHTS);
    const { code, stdout, stderr } = await map(['--kubeconfig', (await cluster.as(account)).kubeconfig]);
    expect(stdout).toContain('note: Nodes could not be listed, because this user has no permission.');
    expect(stdout).toMatch(/^k8s-worker-2 .*OVERLAP$/m);
    expect(stderr).toMatch(/^note: nodes were not read: /m);
    expect(code).toBe(0);
  });

  it('fails if the cluster cannot be reached', async () => {
    const text = readFileSync(cluster.kubeconfig, 'utf8');
    const dead = `${cluster.kubeconfig}.dead`;
    writeFileSync(dead, text.replace(/https:[^"\s]+/, 'https://127.0.0.1:9'));
    const { code, stdout, stderr } = await map(['--kubeconfig', dead]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('127.0.0.1:9');
  });
});

function node(name: string, labels: Record<string, string> = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  };
}
