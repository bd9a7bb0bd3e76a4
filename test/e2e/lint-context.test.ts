/** `lint --context` with a real apiserver: files as changes of the cluster. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { folderOf, isCivil, type Run, run } from '../support/run-cli.ts';
import { expectDenied, expectOk } from './support/cluster.ts';
import { kubeconfig } from './support/kubeconfig.ts';
import { onKubernetes } from './support/suite.ts';
import { useInstallation } from './support/installation.ts';
import { all, type ClusterSet, management, node, on, placed, pool, third } from './support/objects.ts';

const READ = ['get', 'list'];
/** The permissions in docs/audit.md, except for Nodes and volumes. */
const NEEDED = [
  { apiGroups: ['iomesh.com'], resources: ['iomeshclusters'], verbs: READ },
  { apiGroups: ['zookeeper.pravega.io'], resources: ['zookeeperclusters'], verbs: READ },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: READ },
  { apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: READ },
];

interface ContextFinding {
  readonly code: string;
  readonly object?: { kind: string; namespace?: string; name: string };
  readonly location?: { file: string; line: number };
  readonly related: readonly { message: string; location?: { file: string } }[];
}

/** Writes the objects of a set, one file each. */
function filesOf(set: Partial<ClusterSet>): string {
  return folderOf(
    Object.fromEntries(
      Object.entries(set).map(([name, object]) => [`${name}.json`, JSON.stringify(object, undefined, 2)]),
    ),
  );
}

function findingsOf(result: Run): readonly ContextFinding[] {
  expect(isCivil(result), result.stderr).toBe(true);
  expect(result.stdout, result.stderr).not.toBe('');
  return (JSON.parse(result.stdout) as { findings: ContextFinding[] }).findings;
}

onKubernetes('lint with a live cluster', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  const lint = (folder: string, file = installed().cluster.kubeconfig, ...flags: string[]) =>
    run(['lint', '--kubeconfig', file, '--format', 'json', ...flags, folder]);

  it('finds conflicts between files and the cluster, as the webhook does', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const clean = lint(filesOf(pool()), cluster.kubeconfig, '--context', 'test');
    expect(findingsOf(clean)).toEqual([]);
    expect(clean.code).toBe(0);
    expect(clean.stderr).toMatch(/note: checked together with \d+ objects of https:\S+ \(context test\)/);

    const bad = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') });
    bad.connection['data'].clusterId = 'its-own';
    const found = lint(filesOf(bad));
    expect(found.code).toBe(1);
    expect(findingsOf(found).map(({ code }) => code)).toEqual(['IOM101', 'IOM201']);
    for (const { location } of findingsOf(found))
      expect(location?.file).toMatch(/(cluster|connection|zookeeper)\.json$/);
    expectDenied(await cluster.apply(bad.cluster), 'IOM101');
    // Before Kubernetes 1.28 ConfigMaps are sent only from namespaces with a cluster.
    expectOk(await cluster.apply(pool().cluster));
    expectDenied(await cluster.apply(bad.connection), 'IOM201');

    // What was found clean is let in as it is, and clean it stays once it is stored with all its defaults.
    expectOk(await cluster.apply(all(pool())));
    expect(findingsOf(lint(filesOf(pool())))).toEqual([]);
  });

  it('reports findings that the files introduce, and no others', async () => {
    const { cluster } = installed();
    await installed().unregister();
    const stray = third();
    stray.connection['data'].iscsiPortal = 'wrong';
    stray.storageClass['parameters'].iomeshCluster = 'iomesh-cluster-2/gone';
    expectOk(await cluster.apply(all(management(), stray)));
    await installed().register();
    expect(run(['audit', '--kubeconfig', cluster.kubeconfig]).code).toBe(1);
    expect(findingsOf(lint(filesOf(pool())))).toEqual([]);

    // With the files of the faulty objects their findings are reported.
    const codes = findingsOf(lint(filesOf(stray))).map(({ code }) => code);
    expect(codes).toContain('IOM202');
    expect(codes).toContain('IOM504');
  });

  it('reports pools in the cluster that an upgraded management cluster leaves behind', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management(), pool())));
    const upgraded = management();
    for (const name of ['meta', 'chunk', 'redirector'])
      upgraded.cluster['spec'][name].image.tag = 'v5.4.0-enterprise';
    const lagging = findingsOf(lint(filesOf({ cluster: upgraded.cluster })));
    expect(lagging.length).toBeGreaterThan(0);
    for (const { object, location, related } of lagging) {
      expect(object).toMatchObject({ kind: 'IOMeshCluster', name: 'iomesh-cluster-1' });
      expect(location).toBeUndefined();
      expect(related.some((each) => each.location?.file.endsWith('cluster.json'))).toBe(true);
    }
  });

  it('reads the nodes of the cluster', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply([0, 1, 2, 3, 4, 6].map((each) => node(`k8s-worker-${each}`))));
    expectOk(await cluster.apply(all(management())));
    const codes = new Set(findingsOf(lint(filesOf(pool()))).map(({ code }) => code));
    expect(codes).toContain('IOM107');
    expectOk(await cluster.apply(node('k8s-worker-5')));
    expect(findingsOf(lint(filesOf(pool())))).toEqual([]);
  });

  it('uses the namespace of the context for an object without a namespace', async () => {
    const { cluster, plane } = installed();
    expectOk(await cluster.apply(all(management())));
    const set = pool();
    for (const object of [set.cluster, set.zookeeper, set.connection]) delete object['metadata'].namespace;
    const token = await cluster.token('iomesh-guard-system/iomesh-guard');
    const file = join(plane.dir, 'in-the-pool.kubeconfig');
    const inside = { url: plane.url, ca: plane.ca, user: { token }, namespace: 'iomesh-cluster-1' };
    writeFileSync(file, kubeconfig(inside));
    expect(findingsOf(lint(filesOf(set), file))).toEqual([]);
    expect(findingsOf(lint(filesOf(set))).map(({ code }) => code)).toContain('IOM504');
    expectOk(await cluster.kubectl(['apply', '-n', 'iomesh-cluster-1', '-f', filesOf(set)]));
    await cluster.expectStored('iomeshcluster', 'iomesh-cluster-1', 'iomesh-cluster-1');
  });

  it('needs the permissions of audit, of which only those for nodes are optional', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    await cluster.createServiceAccount('default/reader', NEEDED);
    const reader = lint(filesOf(pool()), (await cluster.as('default/reader')).kubeconfig);
    expect(findingsOf(reader)).toEqual([]);
    expect(reader.stderr).toContain('note: nodes were not read: nodes is forbidden');
    expect(reader.code).toBe(0);

    await cluster.createServiceAccount('default/half', NEEDED.slice(0, 3));
    const half = run([
      'lint',
      '--kubeconfig',
      (await cluster.as('default/half')).kubeconfig,
      filesOf(pool()),
    ]);
    expect(half.code).toBe(2);
    expect(half.stdout).toBe('');
    expect(half.stderr).toMatch(/(configmaps|namespaces) cannot be read from https:\S+: \1 is forbidden/);
    expect(half.stderr).toContain('nothing was checked');
  });

  it('fails if the cluster cannot be read', async () => {
    const { plane } = installed();
    const gone = join(plane.dir, 'gone');
    mkdirSync(gone, { recursive: true });
    const file = join(gone, 'kubeconfig');
    // An address in the block of this control plane without a server.
    const url = `https://${plane.block.address(200)}:6443`;
    writeFileSync(file, kubeconfig({ url, ca: plane.ca, user: { token: 'x' } }));
    const unreachable = run(['lint', '--kubeconfig', file, filesOf(pool())]);
    expect(unreachable.stderr).toMatch(/cannot be read from https:\S+: connect ECONNREFUSED/);
    writeFileSync(file, kubeconfig({ url: plane.url, ca: plane.ca, user: { token: 'x' } }));
    const stranger = run(['lint', '--kubeconfig', file, filesOf(pool())]);
    expect(stranger.stderr).toContain('Unauthorized');
    const unknown = run(['lint', '--kubeconfig', file, '--context', 'tset', filesOf(pool())]);
    expect(unknown.stderr).toContain('has no context "tset"');
    for (const result of [unreachable, stranger, unknown]) {
      expect(isCivil(result), result.stderr).toBe(true);
      expect(result.stdout).toBe('');
      expect(result.code).toBe(2);
    }
  });
});
