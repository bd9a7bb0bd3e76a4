/** `new pool` with a real apiserver: the webhook admits its files unchanged and without findings. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { folderOf, isCivil, type Run, runBeside } from '../support/run-cli.ts';
import { expectOk, warnings } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, node, pool } from './support/objects.ts';

const NAME = 'iomesh-cluster-2';
const NODES = 'k8s-worker-6,k8s-worker-7,k8s-worker-8';
const CLEANER = '--as=system:serviceaccount:kube-system:namespace-controller';

onKubernetes('new pool', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(async () => {
    const clear = ['delete', 'iomeshclusters,zookeeperclusters,configmaps', '--all', '-n', 'storage'];
    await installed().cluster.kubectl([...clear, '--ignore-not-found', '--wait=false', CLEANER]);
    await installed().clear();
  });

  const guard = async (cwd: string, ...args: string[]): Promise<Run> => {
    const result = await runBeside([...args, '--kubeconfig', installed().cluster.kubeconfig], { cwd });
    expect(isCivil(result), result.stderr).toBe(true);
    return result;
  };
  const nodes = (count: number) => Array.from({ length: count }, (_, index) => node(`k8s-worker-${index}`));

  it('writes files that kubectl applies without warnings', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply([...nodes(9), ...all(management(), pool())]));
    const cwd = folderOf({});
    const written = await guard(cwd, 'new', 'pool', NAME, '--nodes', NODES, '--namespace', 'storage');
    expect(written.code, written.stderr).toBe(0);
    const folder = join(cwd, NAME);
    expect(readdirSync(folder).sort()).toEqual([
      '0-namespace.yaml',
      '1-zookeeper.yaml',
      '2-iomesh.yaml',
      '3-connection.yaml',
      '4-storageclass.yaml',
    ]);
    const lint = await guard(cwd, 'lint', folder);
    expect(lint.stdout).toBe('no findings in 5 files (5 documents, 5 objects)\n');

    const decisions = (webhook: string, outcome: string) =>
      installed().metric('iomesh_guard_decisions_total', { webhook, outcome });
    const count = async () => [
      await decisions('validating', 'allowed'),
      await decisions('validating', 'warned'),
      await decisions('mutating', 'patched'),
    ];
    const before = await count();
    const applied = await cluster.kubectl(['apply', '-f', folder]);
    expectOk(applied);
    expect(warnings(applied)).toEqual([]);
    // ZooKeeper, cluster, connection and class were admitted; no default was needed.
    const after = await count();
    expect(after.map((each, index) => each - before[index]!)).toEqual([4, 0, 0]);

    const audit = await guard(cwd, 'audit');
    expect(audit.stdout).toMatch(/^no findings in /);
    // A second apply changes nothing.
    const diff = await cluster.kubectl(['diff', '-f', folder]);
    expect(diff.code, diff.stdout).toBe(0);
    await cluster.expectStored('iomeshcluster', NAME, 'storage');
  });

  it('rejects nodes of another cluster and lists the free ones', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply([...nodes(10), ...all(management(), pool())]));
    const cwd = folderOf({});
    const refused = await guard(
      cwd,
      'new',
      'pool',
      'late',
      '--nodes',
      'k8s-worker-0,k8s-worker-5,k8s-worker-66',
    );
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('"k8s-worker-0" is claimed by iomesh-system/iomesh (');
    expect(refused.stderr).toContain('"k8s-worker-5" is claimed by iomesh-cluster-1/iomesh-cluster-1 (');
    expect(refused.stderr).toContain('node "k8s-worker-66" not found');
    expect(refused.stderr).toContain('free nodes: k8s-worker-6,k8s-worker-7,k8s-worker-8,k8s-worker-9');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('prints a stream for kubectl with --dry-run', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply([...nodes(9), ...all(management())]));
    const cwd = folderOf({});
    const args = ['new', 'pool', NAME, '--nodes', NODES, '--namespace', 'iomesh-cluster-2'];
    const shown = await guard(cwd, ...args, '--dry-run');
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stderr).toContain('namespace iomesh-cluster-2 already exists');
    expect(readdirSync(cwd)).toEqual([]);
    const dry = await cluster.kubectl(['apply', '--dry-run=server', '-f', '-'], shown.stdout);
    expectOk(dry);
    const stream = await guard(cwd, ...args, '--output', '-');
    expectOk(await cluster.kubectl(['apply', '-f', '-'], stream.stdout));
    await cluster.expectStored('storageclass', NAME);
  });

  it('writes nothing without a management cluster', async () => {
    const cwd = folderOf({});
    const refused = await guard(cwd, 'new', 'pool', NAME, '--nodes', NODES);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('management cluster iomesh-system/iomesh not found');
    expect(readdirSync(cwd)).toEqual([]);
  });
});
