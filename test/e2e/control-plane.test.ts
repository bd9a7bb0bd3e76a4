/** The environment of the other suites: a real kube-apiserver, our CustomResourceDefinitions, kubectl. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster, expectOk } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { minorOf } from './support/kubernetes.ts';
import { onKubernetes } from './support/suite.ts';

const HERE = import.meta.dirname;
const EXAMPLES = join(HERE, '../../examples/two-clusters');
const POOL = readFileSync(join(EXAMPLES, 'cluster-1/iomesh.yaml'), 'utf8');
const NAMESPACES = ['management', 'cluster-1'].map((each) => join(EXAMPLES, each, '0-namespace.yaml'));

describe('the CustomResourceDefinitions', () => {
  it('are derived from the schemas', () => {
    const checked = spawnSync(process.execPath, [join(HERE, 'crds/derive.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
  });
});

onKubernetes('a control plane', (kubernetes) => {
  let plane: ControlPlane;
  let cluster: Cluster;

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    expectOk(await cluster.applyFiles(NAMESPACES));
  });
  afterAll(() => plane?.stop());

  it('has the requested release, also of kubectl', async () => {
    const result = await cluster.kubectl(['version', '-o', 'json']);
    const { clientVersion, serverVersion } = JSON.parse(result.stdout);
    expect(serverVersion.gitVersion).toBe(`v${kubernetes.release}`);
    expect(clientVersion.gitVersion).toBe(`v${kubernetes.release}`);
  });

  it('stores every object of the example completely', async () => {
    expectOk(await cluster.applyFiles([EXAMPLES]));
    const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yaml'),
    );
    expect(files).toHaveLength(10);
    for (const file of files) {
      const { kind, metadata, ...rest } = load(readFileSync(join(EXAMPLES, file), 'utf8')) as {
        kind: string;
        metadata: { name: string; namespace?: string };
      };
      const stored = await cluster.expectStored(kind, metadata.name, metadata.namespace);
      expect(stored, file).toMatchObject(rest);
    }
  });

  it('rejects an unknown field', async () => {
    const result = await cluster.apply(named('typo').replace('tag:', 'tags:'));
    expect(result.code).toBe(1);
    // Before 1.25 kubectl validates by the OpenAPI of the server.
    expect(result.stderr).toMatch(
      minorOf(kubernetes) < 25
        ? /IOMeshCluster\.spec\.meta\.image\): unknown field "tags"/
        : /strict decoding error: unknown field "spec\.meta\.image\.tags"/,
    );
    await cluster.expectNotStored('IOMeshCluster', 'typo', 'iomesh-cluster-1');
  });

  it('drops an unknown field without validation', async () => {
    expectOk(await cluster.apply(named('pruned').replace('tag:', 'tags:'), '--validate=false'));
    const stored = await cluster.expectStored('IOMeshCluster', 'pruned', 'iomesh-cluster-1');
    expect(stored['spec'].meta.image).toEqual({ repository: 'iomesh/zbs-metad', pullPolicy: 'IfNotPresent' });
  });

  it('rejects an object without a required field', async () => {
    const result = await cluster.apply(named('incomplete').replace(/^ +dataCIDR:.*\n/m, ''));
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      minorOf(kubernetes) < 25
        ? /IOMeshCluster\.spec\.chunk\): missing required field "dataCIDR"/
        : /spec\.chunk\.dataCIDR: Required value/,
    );
    await cluster.expectNotStored('IOMeshCluster', 'incomplete', 'iomesh-cluster-1');
  });

  it('writes nothing in a dry run', async () => {
    const result = await cluster.dryRun(named('dry'));
    expectOk(result);
    expect(JSON.parse(result.stdout).spec.chunk.dataCIDR).toBe('10.234.2.0/24');
    await cluster.expectNotStored('IOMeshCluster', 'dry', 'iomesh-cluster-1');
    const difference = await cluster.diff(named('dry'));
    expect(difference.code).toBe(1);
    expect(difference.stdout).toContain('+  name: dry');
    await cluster.expectNotStored('IOMeshCluster', 'dry', 'iomesh-cluster-1');
  });

  it('scales a ZookeeperCluster, and has a status subresource', async () => {
    expectOk(await cluster.applyFiles([EXAMPLES]));
    const zookeeper = ['zookeepercluster', 'iomesh-zookeeper', '-n', 'iomesh-system'];
    expectOk(await cluster.kubectl(['scale', '--replicas=5', ...zookeeper]));
    const path =
      '/apis/zookeeper.pravega.io/v1beta1/namespaces/iomesh-system/zookeeperclusters/iomesh-zookeeper';
    await cluster.patchStatus(path, { replicas: 4 });
    const stored = await cluster.expectStored('ZookeeperCluster', 'iomesh-zookeeper', 'iomesh-system');
    expect(stored['spec'].replicas).toBe(5);
    expect(stored['status']).toEqual({ replicas: 4 });
  });

  it('grants a ServiceAccount only its permissions', async () => {
    const rights = { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch'] };
    await cluster.createServiceAccount('people/anna', [rights]);
    const configMap = (name: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data: { a: 'b' },
    });
    expectOk(await cluster.applyAs('people/anna', configMap('hers')));
    expect((await cluster.expectStored('ConfigMap', 'hers', 'default'))['data']).toEqual({ a: 'b' });
    const anna = await cluster.as('people/anna');
    const refused = await anna.delete('ConfigMap', 'hers', 'default');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'User "system:serviceaccount:people:anna" cannot delete resource "configmaps"',
    );
    await cluster.expectStored('ConfigMap', 'hers', 'default');
    expectOk(await cluster.delete('ConfigMap', 'hers', 'default'));
    await cluster.expectNotStored('ConfigMap', 'hers', 'default');
  });

  it('runs next to another one, each with its own objects', async () => {
    const other = await startControlPlane({ kubernetes });
    try {
      expect(other.block.cidr).not.toBe(plane.block.cidr);
      const beside = new Cluster(other);
      expectOk(await beside.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'there' } }));
      await beside.expectStored('Namespace', 'there');
      await cluster.expectNotStored('Namespace', 'there');
      await beside.expectNotStored('Namespace', 'iomesh-system');
    } finally {
      await other.stop();
    }
    expect(isRunning(other.pid)).toBe(false);
    await cluster.expectStored('Namespace', 'iomesh-system');
  });

  it('starts empty in the same folder', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'iomesh-guard-restart-'));
    try {
      const first = await startControlPlane({ kubernetes, dir });
      const before = new Cluster(first);
      expectOk(await before.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } }));
      await first.stop();
      const second = await startControlPlane({ kubernetes, dir });
      await new Cluster(second).expectNotStored('Namespace', 'gone');
      await second.stop();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('reports why it did not start', async () => {
    await expect(startControlPlane({ kubernetes, flags: ['--no-such-flag'] })).rejects.toThrow(
      /did not start: it ended with 1.*unknown flag: --no-such-flag/s,
    );
  });

  it('ends with the process that started it, also if that is killed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'iomesh-guard-orphan-'));
    try {
      const starter = await startElsewhere(dir, kubernetes);
      expect(isRunning(starter.controlPlane)).toBe(true);
      starter.kill();
      for (let tries = 0; isRunning(starter.controlPlane) && tries < 100; tries++) await sleep(50);
      expect(isRunning(starter.controlPlane)).toBe(false);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

/** The example's pool under another name. */
function named(name: string): string {
  return POOL.replace('name: iomesh-cluster-1', `name: ${name}`);
}

/** Starts a control plane from a process of its own. */
async function startElsewhere(dir: string, kubernetes: object) {
  const support = join(HERE, 'support');
  const script = join(dir, 'start.mjs');
  await build({
    stdin: {
      contents: `import { startControlPlane } from './control-plane.ts';
        const { pid } = await startControlPlane(${JSON.stringify({ kubernetes, dir })});
        console.log(pid);
        setInterval(() => {}, 1000);`,
      resolveDir: support,
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    define: { 'import.meta.dirname': JSON.stringify(support) },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout))
    return { controlPlane: Number(line), kill: () => child.kill('SIGKILL') };
  throw new Error('the process that was to start a control plane ended');
}

/** Whether the process is there and has not ended; an ended one stays listed until its parent asks for it. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/^\d+ \(.*\) Z/.test(readFileSync(stat, 'utf8'));
}
