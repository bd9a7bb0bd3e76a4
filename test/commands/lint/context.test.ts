/** `lint --context`: files as a change of a live cluster, with the findings that they introduce. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiServer, Obj } from '../../support/apiserver.ts';
import { configMap, example, startServer, storageClass } from '../../support/cluster.ts';
import { CLI, folderOf, isCivil, ROOT, runBeside as run, run as runAlone } from '../../support/run-cli.ts';

const PARTS = ['zookeeper', 'iomesh', 'connection', 'storageclass'] as const;

interface Told {
  readonly code: string;
  readonly severity: string;
  readonly object?: { kind: string; namespace?: string; name: string };
  readonly location?: { file: string; line: number };
  readonly related: readonly { message: string; location?: { file: string } }[];
}

async function lint(server: ApiServer, paths: readonly string[], input = '') {
  const result = await run(['lint', '--kubeconfig', server.kubeconfig, '--format', 'json', ...paths], {
    input,
  });
  expect(isCivil(result), result.stderr).toBe(true);
  expect(result.stdout, result.stderr).not.toBe('');
  return { ...result, findings: JSON.parse(result.stdout).findings as Told[] };
}

/** A server with the objects of these folders of the correct set. */
async function holding(...folders: readonly string[]): Promise<ApiServer> {
  const server = await startServer();
  for (const folder of folders)
    for (const part of PARTS) for (const object of example(`${folder}/${part}.yaml`)) server.put(object);
  return server;
}

/** The files of the pool; `change` edits the objects first. */
function poolFolder(change: (set: Record<(typeof PARTS)[number], Obj>) => void = () => {}): string {
  const set = Object.fromEntries(
    PARTS.map((part) => [part, example(`cluster-1/${part}.yaml`)[0]!]),
  ) as Record<(typeof PARTS)[number], Obj>;
  change(set);
  return folderOf(
    Object.fromEntries(PARTS.map((part) => [`${part}.json`, JSON.stringify(set[part], undefined, 2)])),
  );
}

function pinned(object: Obj, from: string, to: string): Obj {
  return JSON.parse(JSON.stringify(object).replaceAll(from, to));
}

describe('lint against a live cluster', () => {
  it('finds referenced objects in the cluster', async () => {
    const folder = poolFolder();
    const alone = runAlone(['lint', '--format', 'json', folder]);
    expect(JSON.parse(alone.stdout).findings.map(({ code }: Told) => code)).toContain('IOM705');

    const { findings, code, stderr } = await lint(await holding('management'), [folder]);
    expect(findings).toEqual([]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^note: checked together with 4 objects of http:\S+ \(context testing\)$/m);
  });

  it('reports conflicts between files and cluster at the position in the file', async () => {
    const folder = poolFolder((set) => {
      set.iomesh = pinned(set.iomesh, 'k8s-worker-3', 'k8s-worker-2');
      set.zookeeper = pinned(set.zookeeper, 'k8s-worker-3', 'k8s-worker-2');
      set.connection['data'].clusterId = 'another';
    });
    const { findings, code } = await lint(await holding('management'), [folder]);
    expect(code).toBe(1);
    expect(findings.map((each) => each.code).sort()).toEqual(['IOM101', 'IOM201']);
    for (const finding of findings) expect(finding.location?.file).toContain(folder);
  });

  it('reports a conflict of two pools on the object in the file', async () => {
    const server = await holding('management', 'cluster-1');
    // By name alone the pool in the cluster would come first.
    const file = folderOf({
      'late.json': JSON.stringify(
        pinned(example('cluster-1/iomesh.yaml')[0]!, 'iomesh-cluster-1', 'zz-last'),
      ),
    });
    const { findings } = await lint(server, [file]);
    const [overlap] = findings.filter(({ code }) => code === 'IOM101');
    expect(overlap?.object?.name).toBe('zz-last');
    expect(overlap?.location?.file).toContain('late.json');
    expect(overlap?.related[0]?.message).toContain('iomesh-cluster-1/iomesh-cluster-1');
  });

  it('replaces an object of the cluster by the one in the file', async () => {
    const server = await holding('management', 'cluster-1');
    server.put(pinned(example('cluster-1/iomesh.yaml')[0]!, 'k8s-worker-3', 'k8s-worker-2'));
    expect((await lint(server, [join(poolFolder(), 'storageclass.json')])).findings).toEqual([]);
    // The fixed file removes the finding, the broken one introduces it again.
    expect((await lint(server, [join(poolFolder(), 'iomesh.json')])).findings).toEqual([]);
    const broken = poolFolder((set) => {
      set.iomesh = pinned(set.iomesh, 'k8s-worker-3', 'k8s-worker-1');
    });
    const { findings } = await lint(server, [join(broken, 'iomesh.json')]);
    expect(findings.map(({ code }) => code)).toContain('IOM101');
  });

  it('does not report findings that only concern existing objects', async () => {
    const server = await holding('management');
    server.put(storageClass('odd', { clusterConnection: 'a/b', iomeshCluster: 'a/b', fstype: 'ext9' }));
    server.put(configMap('elsewhere', 'stray', { clusterId: 'k8s-cluster', iscsiPortal: 'wrong' }));
    expect((await lint(server, [poolFolder()])).findings).toEqual([]);
  });

  it('reports all findings of an object in the files, even if the cluster already has them', async () => {
    const server = await holding('management', 'cluster-1');
    const bad = pinned(example('cluster-1/storageclass.yaml')[0]!, 'ext4', 'ext9');
    server.put(bad);
    const folder = folderOf({ 'class.json': JSON.stringify(bad) });
    const { findings } = await lint(server, [folder]);
    expect(findings.map(({ code }) => code)).toEqual(['IOM506']);
  });

  it('reports findings that the files introduce on an object of the cluster, and names the file', async () => {
    const server = await holding('management');
    const management = example('management/iomesh.yaml')[0]!;
    delete management['spec'].meta.podPolicy;
    server.put(management);
    // A management cluster alone may run on any node; the second cluster makes this an error.
    const { findings, code } = await lint(server, [poolFolder()]);
    expect(code).toBe(1);
    const [missing] = findings.filter((each) => each.code === 'IOM102');
    expect(missing?.object).toMatchObject({ kind: 'IOMeshCluster', name: 'iomesh' });
    expect(missing?.location).toBeUndefined();
    const cause = missing?.related.find(({ location }) => location !== undefined);
    expect(cause?.message).toMatch(/^introduced by (IOMesh|Zookeeper)Cluster iomesh-cluster-1\//);

    const text = await run(['lint', '--kubeconfig', server.kubeconfig, poolFolder()]);
    expect(text.stdout).toMatch(/error\[IOM102\][^\n]+\n +--> IOMeshCluster iomesh-system\/iomesh, /);
    expect(text.stdout).toMatch(/::: \S+\.json:\d+:\d+\n/);

    // Formats that need a file show the file that introduces the finding.
    const file = cause!.location!.file;
    const as = async (format: string) =>
      (await run(['lint', '--kubeconfig', server.kubeconfig, '--format', format, dirname(file)])).stdout;
    const annotation = (await as('github')).split('\n').find((line) => line.includes('IOM102'));
    expect(annotation).toContain(`file=${file.replaceAll(':', '%3A')},`);
    expect(annotation).toContain('::IOMeshCluster iomesh-system/iomesh, ');
    const issue = JSON.parse(await as('gitlab')).find((each: Obj) => each['check_name'] === 'IOM102');
    expect(issue.location.path).toBe(file);
    const result = JSON.parse(await as('sarif')).runs[0].results.find(
      (each: Obj) => each['ruleId'] === 'IOM102',
    );
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toContain(basename(file));
    expect(result.locations[0].logicalLocations[0].name).toBe('iomesh-system/iomesh');
  });

  it('reports pools of the cluster that no longer match the management cluster in the files', async () => {
    const server = await holding('management', 'cluster-1');
    const folder = folderOf({
      'iomesh.json': JSON.stringify(
        pinned(example('management/iomesh.yaml')[0]!, 'v5.3.0-rc13-enterprise', 'v5.4.0-enterprise'),
      ),
    });
    const { findings } = await lint(server, [folder]);
    const lagging = findings.filter(({ code }) => code === 'IOM401' || code === 'IOM403');
    expect(lagging.length).toBeGreaterThan(0);
    for (const { object, related } of lagging) {
      expect(object?.name).toBe('iomesh-cluster-1');
      expect(related.some(({ location }) => location?.file.endsWith('iomesh.json'))).toBe(true);
    }
  });

  it('puts an object without a namespace into the namespace of the context', async () => {
    const server = await holding('management');
    const folder = poolFolder((set) => {
      for (const part of ['zookeeper', 'iomesh', 'connection'] as const)
        delete set[part]['metadata'].namespace;
    });
    const lost = await lint(server, [folder]);
    expect(lost.findings.map(({ code }) => code)).toContain('IOM504');
    server.namespace = 'iomesh-cluster-1';
    expect((await lint(server, [folder])).findings).toEqual([]);
  });

  it('reads standard input together with the cluster', async () => {
    const server = await holding('management', 'cluster-1');
    const text = JSON.stringify(pinned(example('cluster-1/storageclass.yaml')[0]!, 'ext4', 'ext9'));
    const { findings } = await lint(server, ['-'], text);
    expect(findings.map(({ code }) => code)).toEqual(['IOM506']);
  });

  it('checks Helm values as a change of the cluster', async () => {
    const server = await holding('management', 'cluster-1');
    const text = readFileSync(join(ROOT, 'examples/helm/iomesh.yaml'), 'utf8');
    const folder = folderOf({ 'values.yaml': text.replaceAll('k8s-worker-2', 'k8s-worker-3') });
    const flags = ['--values', `${join(folder, 'values.yaml')}=iomesh/iomesh-system`, '--allow-empty'];
    const { findings } = await lint(server, [...flags, join(poolFolder(), 'storageclass.json')]);
    const [overlap] = findings.filter(({ code }) => code === 'IOM101');
    expect(overlap?.location?.file).toContain('values.yaml');
    expect(overlap?.related[0]?.message).toContain('iomesh-cluster-1/iomesh-cluster-1');
  });

  it('fixes files to match the cluster', async () => {
    const server = await holding('management', 'cluster-1');
    const folder = poolFolder((set) => {
      set.connection['data'].clusterId = 'another';
    });
    const file = join(folder, 'connection.json');
    const result = await run(['lint', '--kubeconfig', server.kubeconfig, '--fix', '--unsafe-fixes', file]);
    expect(result.code, result.stderr).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(example('cluster-1/connection.yaml')[0]);
  });

  it('uses the nodes of the cluster', async () => {
    const server = await holding('management');
    for (const each of [0, 1, 2, 3, 4, 6]) server.put(node(`k8s-worker-${each}`));
    const { findings } = await lint(server, [poolFolder()]);
    expect(new Set(findings.map(({ code }) => code))).toContain('IOM107');
    server.put(node('k8s-worker-5'));
    expect((await lint(server, [poolFolder()])).findings).toEqual([]);
  });

  it('notes that nodes cannot be listed, and checks the rest', async () => {
    const server = await holding('management');
    server.forbidden.add('nodes');
    const { code, stderr } = await lint(server, [poolFolder()]);
    expect(stderr).toContain('note: nodes were not read: nodes is forbidden');
    expect(code).toBe(0);
  });

  it('notes that the cluster has no IOMesh objects', async () => {
    const server = await startServer();
    server.missing.add('iomeshclusters').add('zookeeperclusters');
    const { stderr, findings, code } = await lint(server, [poolFolder()]);
    expect(stderr).toMatch(
      /no IOMesh objects found in http:\S+ \(context testing, IOMeshCluster and ZookeeperCluster are not installed\)/,
    );
    expect(findings.map((each) => each.code)).toContain('IOM705');
    expect(code).toBe(1);
  });

  it('fails when the files have no IOMesh objects', async () => {
    const server = await holding('management');
    const result = await run(['lint', '--kubeconfig', server.kubeconfig, folderOf({ 'a.yaml': 'a: 1' })]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(
      'no IOMesh objects found in 1 file; check the path, or add --allow-empty',
    );
  });
});

describe('the client of the cluster', () => {
  it('is not loaded when only files are checked', async () => {
    const folder = folderOf({});
    for (const file of ['cli.js', 'main.js']) copyFileSync(join(dirname(CLI), file), join(folder, file));
    const alone = (...flags: string[]) =>
      spawnSync(process.execPath, [
        join(folder, 'cli.js'),
        'lint',
        ...flags,
        join(ROOT, 'examples/two-clusters'),
      ]);
    expect(alone().status).toBe(0);
    expect(alone('--context', 'any').status).toBe(3);
  });
});

describe('lint with an unreadable cluster', () => {
  it.each<[string, (server: ApiServer) => void, string]>([
    ['is busy', (server) => (server.fault = () => ({ status: 503, message: 'not now' })), 'not now'],
    ['rejects the user', (server) => (server.fault = () => ({ status: 401 })), 'simulated failure'],
    ['forbids ConfigMaps', (server) => server.forbidden.add('configmaps'), 'configmaps is forbidden'],
    ['forbids clusters', (server) => server.forbidden.add('iomeshclusters'), 'iomeshclusters is forbidden'],
  ])('exits with 2 and no report when the cluster %s', async (_, prepare, reason) => {
    const server = await holding('management');
    prepare(server);
    const result = await run(['lint', '--kubeconfig', server.kubeconfig, poolFolder()]);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(reason);
    expect(result.stderr).toContain('nothing was checked');
  });

  it('exits with 2 when nothing listens', async () => {
    const server = await holding('management');
    const { kubeconfig } = server;
    await server.away(async () => {
      const result = await run(['lint', '--kubeconfig', kubeconfig, poolFolder()]);
      expect(result.code).toBe(2);
      expect(result.stdout).toBe('');
      expect(result.stderr).toMatch(/cannot be read from http:\S+: connect ECONNREFUSED/);
    });
  });

  it.each([
    [['--kubeconfig', '/nonexistent/config'], 'no such file'],
    [['--kubeconfig', ''], '--kubeconfig needs a file name'],
    [['--context', ''], '--context needs a name'],
  ])('exits with 2 for %j', async (flags, words) => {
    const result = await run(['lint', ...flags, poolFolder()]);
    expect(result.stderr).toContain(words);
    expect(result.code).toBe(2);
    expect(isCivil(result)).toBe(true);
  });

  it('suggests a context for a misspelt one', async () => {
    const server = await holding('management');
    const flags = ['--kubeconfig', server.kubeconfig, '--context', 'tesitng'];
    const result = await run(['lint', ...flags, poolFolder()]);
    expect(result.stderr).toContain('did you mean testing?');
    expect(result.code).toBe(2);
  });
});

function node(name: string): Obj {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  };
}
