/** `audit` as a process, with a test apiserver. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { CLI, folderOf, isCivil, type Run, run as runAlone } from '../support/run-cli.ts';
import type { ApiServer, Obj } from '../support/apiserver.ts';
import { configMap, example, startServer, storageClass } from '../support/cluster.ts';

const FILES = ['0-namespace', 'zookeeper', 'iomesh', 'connection', 'storageclass'].flatMap((file) => [
  `management/${file}.yaml`,
  `cluster-1/${file}.yaml`,
]);

/** Runs the built command line asynchronously: the server runs in this process. */
function run(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

async function audit(server: ApiServer, ...flags: string[]): Promise<Run> {
  const result = await run(['audit', '--kubeconfig', server.kubeconfig, ...flags]);
  expect(isCivil(result), result.stderr).toBe(true);
  return result;
}

async function twoClusters(): Promise<ApiServer> {
  const server = await startServer();
  for (const file of FILES) for (const object of example(file)) server.put(object);
  server.put(configMap('default', 'unrelated', { clusterID: 'x' }));
  return server;
}

/** Moves the pool to a node of the management cluster. */
function overlapping(server: ApiServer): void {
  const text = JSON.stringify(example('cluster-1/iomesh.yaml')[0]).replaceAll('k8s-worker-3', 'k8s-worker-2');
  server.put(JSON.parse(text));
}

describe('audit', () => {
  it('has no findings for a correct cluster and counts the objects', async () => {
    const server = await twoClusters();
    const result = await audit(server);
    expect(result.stdout).toBe('no findings in 10 objects\n');
    expect(result.stderr).toMatch(
      /^note: audited http:\S+ \(context testing\) at 20\S+Z: 2 IOMeshClusters, 2 ZookeeperClusters, 2 StorageClasses, 2 ConfigMaps, 2 Namespaces\n$/,
    );
    expect(result.code).toBe(0);
  });

  it('takes the release from the installed definition if no object shows it', async () => {
    const server = await startServer();
    server.definition = {
      spec: {
        versions: [
          {
            schema: {
              openAPIV3Schema: { properties: { spec: { properties: { meta: {}, clusterID: {} } } } },
            },
          },
        ],
      },
    };
    server.put(storageClass('gold', { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' }));
    const { stderr } = await audit(server, '--allow-empty');
    expect(stderr).toContain(
      'the rules of IOMesh 1.1 apply: the installed definition of IOMeshClusters has the field spec.clusterID',
    );
  });

  it('reports a conflict with the objects and fields of both sides', async () => {
    const server = await twoClusters();
    overlapping(server);
    const result = await audit(server);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('error[IOM101] affinity-overlap: node "k8s-worker-2"');
    expect(result.stdout).toMatch(/--> IOMeshCluster \S+, spec\.\S+nodeAffinity/);
    expect(result.stdout).toMatch(/\| +- "k8s-worker-2"/);
    expect(result.stdout).toMatch(/::: IOMeshCluster \S+, spec\.\S+/);
    expect(result.stdout).toContain('= help: ');
  });

  it('reports volumes whose cluster is gone', async () => {
    const server = await twoClusters();
    server.put({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pvc-1' },
      spec: {
        storageClassName: 'removed',
        claimRef: { namespace: 'default', name: 'db' },
        csi: {
          driver: 'com.iomesh.csi-driver',
          volumeHandle: 'v-1',
          volumeAttributes: { iomeshCluster: 'iomesh-cluster-9/iomesh-cluster-9' },
        },
      },
      status: { phase: 'Bound' },
    });
    const result = await audit(server);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain(
      'IOMeshCluster "iomesh-cluster-9/iomesh-cluster-9" does not exist, but is the cluster of 1 volume, 1 bound: default/db',
    );
  });

  it('has the same findings as lint for the same objects', async () => {
    const server = await twoClusters();
    overlapping(server);
    server.put(storageClass('odd', { clusterConnection: 'a/b', fstype: 'ext4' }));
    const live = JSON.parse((await audit(server, '--format', 'json')).stdout);
    const objects = [
      ...FILES.flatMap((file) => (file === 'cluster-1/iomesh.yaml' ? [] : example(file))),
      JSON.parse(
        JSON.stringify(example('cluster-1/iomesh.yaml')[0]).replaceAll('k8s-worker-3', 'k8s-worker-2'),
      ),
      storageClass('odd', { clusterConnection: 'a/b', fstype: 'ext4' }),
    ];
    const folder = folderOf({
      'all.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    });
    const files = JSON.parse(runAlone(['lint', folder, '--format', 'json']).stdout);
    const comparable = (report: { findings: Record<string, unknown>[] }) =>
      report.findings
        .map(({ code, severity, message, object, path }) =>
          JSON.stringify({ code, severity, message, object, path }),
        )
        .sort();
    expect(comparable(live).length).toBeGreaterThan(2);
    expect(comparable(live)).toEqual(comparable(files));
  });

  it('writes JSON that conforms to the schema, without locations', async () => {
    const server = await twoClusters();
    overlapping(server);
    const { stdout } = await audit(server, '--format', 'json');
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../schemas/findings.schema.json'), 'utf8'),
    );
    const validate = new Ajv({ strict: false }).compile(schema);
    const report = JSON.parse(stdout);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.summary).toMatchObject({
      files: 0,
      documents: 0,
      objects: 10,
      errors: 1,
    });
    expect(report.findings[0].location).toBeUndefined();
  });

  it('writes policy reports with --format openreports, one for each object', async () => {
    const server = await twoClusters();
    overlapping(server);
    const { stdout, code } = await audit(server, '--format', 'openreports');
    expect(code).toBe(1);
    const { kind, items } = JSON.parse(stdout);
    expect(kind).toBe('List');
    const [report] = items.filter((each: Obj) => each['scope'].name === 'iomesh-cluster-1');
    expect(report).toMatchObject({
      apiVersion: 'openreports.io/v1alpha1',
      kind: 'Report',
      metadata: { namespace: 'iomesh-cluster-1' },
    });
    expect(report.metadata.ownerReferences[0].uid).toBe(report.scope.uid);
    expect(report.results.map(({ rule }: Obj) => rule)).toContain('IOM101');
    expect((await run(['lint', '--format', 'openreports', '.'])).code).toBe(2);
  });

  it('supports --fail-on and --output as lint does', async () => {
    const server = await twoClusters();
    overlapping(server);
    expect((await audit(server, '--fail-on', 'never')).code).toBe(0);
    const folder = folderOf({});
    const file = join(folder, 'audit.json');
    const result = await audit(server, '--format', 'json', '--output', file);
    expect(result.code).toBe(1);
    expect(result.stdout).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8')).findings).not.toEqual([]);
  });

  it('reports kinds that it may not list, and evaluates the rest', async () => {
    const server = await twoClusters();
    server.forbidden.add('nodes');
    const result = await audit(server);
    expect(result.stderr).toContain('note: nodes were not read: nodes is forbidden');
    expect(result.code).toBe(0);
  });
});

describe('audit --watch', () => {
  it('prints what appears and what is resolved, and ends with the exit code of the last findings', async () => {
    const server = await twoClusters();
    const child = spawn(process.execPath, [CLI, 'audit', '--watch', '--kubeconfig', server.kubeconfig]);
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    const ended = new Promise((resolve) => child.on('close', resolve));
    const wait = { timeout: 30_000, interval: 100 };
    await expect.poll(() => server.openWatches, wait).toBeGreaterThan(5);
    overlapping(server);
    const line = (what: string) =>
      new RegExp(
        `^20\\S+Z ${what} error\\[IOM101\\] IOMeshCluster iomesh-cluster-1/iomesh-cluster-1, spec\\.`,
        'm',
      );
    await expect.poll(() => stdout, wait).toMatch(line('appeared'));
    for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
    await expect.poll(() => stdout, wait).toMatch(line('resolved'));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  }, 60_000);

  it('cannot be used with flags of one report', async () => {
    const result = await run(['audit', '--watch', '--format', 'json']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('--watch and --format cannot be used together');
  });
});

describe('a cluster that cannot be audited', () => {
  it('gives exit code 2 if nothing listens', async () => {
    const server = await twoClusters();
    const { kubeconfig } = server;
    await server.away(async () => {
      const result = await run(['audit', '--kubeconfig', kubeconfig]);
      expect(result.code).toBe(2);
      expect(result.stdout).toBe('');
      expect(result.stderr).toMatch(/cannot be read from http:\S+: connect ECONNREFUSED/);
      expect(result.stderr).toContain('nothing was checked');
      expect(isCivil(result)).toBe(true);
    });
  });

  it.each<[string, (server: ApiServer) => void, string]>([
    ['it is overloaded', (server) => (server.fault = () => ({ status: 503, message: 'not now' })), 'not now'],
    [
      'the credentials are rejected',
      (server) => (server.fault = () => ({ status: 401, message: 'Unauthorized' })),
      'Unauthorized',
    ],
    ['a kind is forbidden', (server) => server.forbidden.add('configmaps'), 'configmaps is forbidden'],
    [
      'a later page fails',
      (server) => {
        for (let each = 0; each < 600; each++) server.put(configMap('default', `map-${each}`));
        server.fault = ({ query }) =>
          query.has('continue') ? { status: 500, message: 'half way' } : undefined;
      },
      'half way',
    ],
  ])('gives exit code 2 with the reason if %s', async (_, prepare, reason) => {
    const server = await twoClusters();
    prepare(server);
    const result = await audit(server);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(reason);
  });

  it('gives exit code 2 if it has no IOMesh objects, unless --allow-empty is set', async () => {
    const server = await startServer();
    server.missing.add('iomeshclusters').add('zookeeperclusters');
    // The order in which the kinds are answered does not change the text.
    server.answerMs.set('iomeshclusters', 200);
    const result = await audit(server);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('no IOMesh objects found');
    expect(result.stderr).toContain('IOMeshCluster and ZookeeperCluster are not installed');
    expect((await audit(server, '--allow-empty')).code).toBe(0);
  });

  it('gives exit code 2 with the reason if the kubeconfig is invalid', async () => {
    const server = await twoClusters();
    const cases: [string[], string][] = [
      [['--kubeconfig', '/nonexistent/config'], 'no such file'],
      // A device has no end.
      [['--kubeconfig', '/dev/zero'], 'larger than 256 MiB'],
      [['--kubeconfig', server.kubeconfig, '--context', 'tesitng'], 'did you mean testing?'],
      [['--kubeconfig', server.kubeconfig, '--context', 'nowhere'], 'has no cluster'],
      [['--kubeconfig', join(folderOf({ config: 'clusters: [' }), 'config')], 'cannot use the kubeconfig'],
      [['--kubeconfig', join(folderOf({ config: '' }), 'config')], 'cannot use the kubeconfig'],
      [['some/path'], 'unexpected argument "some/path"'],
    ];
    for (const [flags, words] of cases) {
      const result = await run(['audit', ...flags]);
      expect(result.stderr).toContain(words);
      expect(result.code, result.stderr).toBe(2);
      expect(isCivil(result), result.stderr).toBe(true);
    }
  });
});
