/** The world of a live cluster: it has every write that was acknowledged before the read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { judgeChange } from '../../src/core/judge/judge.ts';
import { toResource } from '../../src/core/base/model.ts';
import { knownNodes } from '../../src/core/iomesh/nodes.ts';
import { WorldUnreadable } from '../../src/admission/world-source.ts';
import { metric } from '../support/webhook.ts';
import type { ApiServer, Obj } from '../support/apiserver.ts';
import { configMap, example, startServer, storageClass, watchWorld } from '../support/cluster.ts';

/** The management cluster and a pool, correct except for the changes of a test. */
function fill(server: ApiServer): void {
  for (const file of [
    'management/0-namespace',
    'management/iomesh',
    'management/zookeeper',
    'cluster-1/0-namespace',
  ])
    for (const object of example(`${file}.yaml`)) server.put(object);
  for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
}

async function started(prepare: (server: ApiServer) => void = () => {}) {
  const server = await startServer();
  fill(server);
  prepare(server);
  const watched = watchWorld(server);
  await watched.read();
  return { server, ...watched };
}

function codesOf(
  world: Awaited<ReturnType<Awaited<ReturnType<typeof started>>['read']>>,
  object: Obj,
): string[] {
  const { denied, warned } = judgeChange(world, { after: toResource(object as never)! });
  return [...denied, ...warned].map(({ code }) => code);
}

const connection = () => example('cluster-1/connection.yaml')[0]!;
const poolClass = () => example('cluster-1/storageclass.yaml')[0]!;

describe('an object that was just written', () => {
  it('is in the world before the watch delivers it', async () => {
    const { server, read } = await started();
    // The connection of the class does not exist yet.
    expect(codesOf(await read(), poolClass())).toContain('IOM503');
    server.lagMs = 60_000;
    server.put(connection());
    expect(codesOf(await read(), poolClass())).toEqual([]);
  });

  it('has its newest state, and is absent after its deletion', async () => {
    const { server, read } = await started((server) => server.put(connection()));
    const { namespace, name } = connection()['metadata'];
    server.lagMs = 60_000;
    server.put({ ...connection(), data: { ...connection()['data'], clusterId: 'other' } });
    expect((await read()).get('ConfigMap', namespace, name)?.json['data']).toMatchObject({
      clusterId: 'other',
    });
    server.delete('ConfigMap', name, namespace);
    expect((await read()).get('ConfigMap', namespace, name)).toBeUndefined();
  });

  it('cannot be verified if its kind is no longer served when it is fetched', async () => {
    const { server, read } = await started();
    expect((await read()).count('IOMeshCluster')).toBe(2);
    server.lagMs = 60_000;
    server.put({ ...example('cluster-1/iomesh.yaml')[0]!, spec: {} });
    server.fault = ({ verb, plural }) =>
      verb === 'get' && plural === 'iomeshclusters' ? { status: 404 } : undefined;
    await expect(read()).rejects.toThrow('cannot verify');
    await expect(read()).rejects.toThrow('iomeshclusters are no longer served');
    server.fault = () => undefined;
    expect((await read()).count('IOMeshCluster')).toBe(2);
  });

  it('is in the world whatever its kind', async () => {
    const { server, read } = await started();
    server.lagMs = 60_000;
    server.put(storageClass('late', { iomeshCluster: 'a/b' }));
    server.put({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'late', labels: { team: 'a' } },
    });
    for (const object of example('cluster-1/zookeeper.yaml')) server.put(object);
    const world = await read();
    expect(world.get('StorageClass', undefined, 'late')?.json['provisioner']).toBe('com.iomesh.csi-driver');
    expect(world.get('Namespace', undefined, 'late')?.json['metadata']).toMatchObject({
      labels: { team: 'a' },
    });
    expect(world.count('ZookeeperCluster')).toBe(2);
  });

  it('is in the world without a list if it is a Node and the watch works', async () => {
    const { server, read } = await started();
    const node = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { a: 'b' } },
    });
    const lists = server.count('list', 'nodes');
    server.put(node('first'));
    await expect.poll(async () => (await read()).count('Node'), { timeout: 5000 }).toBe(1);
    const { json } = (await read()).get('Node', undefined, 'first')!;
    expect(json['metadata']).toMatchObject({ labels: { a: 'b' } });
    expect(server.count('list', 'nodes')).toBe(lists);

    server.fault = ({ verb, plural }) =>
      verb === 'watch' && plural === 'nodes' ? { status: 503, message: 'not now' } : undefined;
    server.breakWatches();
    server.put(node('second'));
    await expect.poll(async () => (await read()).count('Node'), { timeout: 5000 }).toBe(2);
  });

  it('leaves the objects of other kinds and their indexes as they are', async () => {
    const { server, read } = await started((server) => {
      server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node', labels: { a: 'b' } } });
    });
    const before = await read();
    server.put(storageClass('new'));
    const after = await read();
    expect(after.get('StorageClass', undefined, 'new')).toBeDefined();
    expect(after.all('Node')).toBe(before.all('Node'));
    expect(knownNodes(after)).toBe(knownNodes(before));
  });

  it('is in the world after a new list if many objects were written', async () => {
    const { server, read } = await started();
    server.lagMs = 60_000;
    for (let each = 0; each < 200; each++)
      server.put(configMap('default', `map-${each}`, { metaAddr: `m-${each}` }));
    const lists = server.count('get', 'configmaps');
    expect((await read()).count('ConfigMap')).toBe(200);
    expect(server.count('get', 'configmaps')).toBe(lists);
  });
});

it('takes the release from the installed definition if no object shows it', async () => {
  const server = await startServer();
  server.definition = {
    spec: {
      versions: [{ schema: { openAPIV3Schema: { properties: { spec: { properties: { edition: {} } } } } } }],
    },
  };
  const later = server.definition;
  server.definition = undefined;
  const { read } = watchWorld(server);
  expect((await read()).evidence).toBeUndefined();
  // IOMesh is upgraded.
  server.definition = later;
  expect((await read()).iomeshVersion).toBe('1.1');
});

describe('ConfigMaps', () => {
  it('without connection keys are kept by name only', async () => {
    const { server, world, read, metrics } = await started((server) => {
      for (let each = 0; each < 20; each++)
        server.put(configMap('default', `map-${each}`, { large: 'x'.repeat(10_000) }));
      server.put(connection());
    });
    const current = await read();
    expect(current.get('ConfigMap', 'default', 'map-7')?.json['data']).toBeUndefined();
    expect(JSON.stringify([...world.cachedObjects('ConfigMap')]).length).toBeLessThan(15_000);
    expect(await metric(metrics, 'iomesh_guard_watch_objects', { kind: 'ConfigMap' })).toBe(1);
    expect(server.count('get', 'configmaps')).toBe(0);
  });

  it('are fetched completely when a class begins to refer to them', async () => {
    const { server, read } = await started((server) =>
      server.put(configMap('default', 'odd', { clusterID: 'typo' })),
    );
    expect((await read()).get('ConfigMap', 'default', 'odd')?.json['data']).toBeUndefined();
    server.put(storageClass('names-it', { clusterConnection: 'default/odd' }));
    expect((await read()).get('ConfigMap', 'default', 'odd')?.json['data']).toEqual({ clusterID: 'typo' });
    // Fetched once; the watch then keeps it up to date.
    expect(server.count('get', 'configmaps')).toBe(1);
    await read();
    expect(server.count('get', 'configmaps')).toBe(1);
    server.put(configMap('default', 'odd', { clusterID: 'other' }));
    expect((await read()).get('ConfigMap', 'default', 'odd')?.json['data']).toEqual({ clusterID: 'other' });
  });
});

describe('reads', () => {
  it('are shared by concurrent callers, and never begin before the call', async () => {
    const { server, read } = await started();
    const before = server.count('list', 'storageclasses');
    const worlds = await Promise.all(Array.from({ length: 50 }, () => read()));
    expect(new Set(worlds).size).toBe(1);
    expect(server.count('list', 'storageclasses') - before).toBe(1);
    server.lagMs = 60_000;
    const early = read();
    await sleep(2);
    server.put(storageClass('between'));
    const late = read();
    await early;
    expect((await late).get('StorageClass', undefined, 'between')).toBeDefined();
  });

  it('return the same world until an object changes', async () => {
    const { server, read } = await started();
    const first = await read();
    server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels: {} } });
    await sleep(50);
    const second = await read();
    expect(second).not.toBe(first);
    // The status of a Node and a ConfigMap without connection keys: no rule sees a difference.
    server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels: {} }, status: { x: 1 } });
    server.put(configMap('default', 'leader'));
    await sleep(50);
    const third = await read();
    server.put(configMap('default', 'leader', { holder: 'x' }));
    await sleep(50);
    expect(await read()).toBe(third);
  });

  it('are counted', async () => {
    const { read, metrics } = await started();
    await read();
    expect(await metric(metrics, 'iomesh_guard_consistent_reads_total', { result: 'done' })).toBe(2);
  });

  it('keep uid and resourceVersion, and omit managed fields', async () => {
    const { server, read } = await started();
    const stored = server.put(connection());
    const { namespace, name } = connection()['metadata'];
    const metadata = (await read()).get('ConfigMap', namespace, name)?.json['metadata'] as Obj;
    expect(metadata['uid']).toBe(stored['metadata'].uid);
    expect(metadata['resourceVersion']).toBe(stored['metadata'].resourceVersion);
    expect(metadata['managedFields']).toBeUndefined();
  });
});

describe('a cluster that cannot be read', () => {
  it.each<[string, (server: ApiServer) => void, RegExp]>([
    [
      'answers 503',
      (server) => (server.fault = () => ({ status: 503, message: 'etcd is gone' })),
      /etcd is gone/,
    ],
    ['forbids it', (server) => server.forbidden.add('iomeshclusters'), /iomeshclusters is forbidden/],
    ['breaks connections', (server) => (server.fault = () => 'reset'), /cannot be read/],
    ['never answers', (server) => (server.fault = () => 'hang'), /did not answer in time|no answer/],
  ])('gives an error with the reason and recovers if it %s', async (_, breakIt, reason) => {
    const { server, read, metrics } = await started();
    breakIt(server);
    const failure = await read().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorldUnreadable);
    expect((failure as Error).message).toMatch(/^cannot verify: /);
    expect((failure as Error).message).toMatch(reason);
    expect(await metric(metrics, 'iomesh_guard_consistent_reads_total', { result: 'failed' })).toBe(1);
    server.fault = () => undefined;
    server.forbidden.clear();
    server.put(storageClass('afterwards'));
    expect((await read()).get('StorageClass', undefined, 'afterwards')).toBeDefined();
  });

  it('is not ready at the start and becomes ready without a restart', async () => {
    const server = await startServer();
    fill(server);
    const { world, read, lines } = await server.away(async () => {
      const watched = watchWorld(server);
      expect(watched.world.ready).toBe(false);
      await expect(watched.read(500)).rejects.toThrow(
        /^cannot verify: .* cannot be read from http.*: connect ECONNREFUSED/,
      );
      return watched;
    });
    await expect.poll(() => world.ready, { timeout: 5000 }).toBe(true);
    expect((await read()).count('IOMeshCluster')).toBe(2);
    expect(lines.some(({ msg }) => msg === 'list failed; retrying')).toBe(true);
  });

  it('gives an error when the signal of the caller aborts', async () => {
    const { server, read } = await started();
    server.fault = () => 'hang';
    const began = Date.now();
    await expect(read(200)).rejects.toThrow(/cannot verify: .*did not answer in time/);
    expect(Date.now() - began).toBeLessThan(1000);
  });

  it('is read again after a temporary failure', async () => {
    const { server, read } = await started();
    let left = 4;
    server.fault = () => (left-- > 0 ? { status: 503 } : undefined);
    expect((await read()).count('IOMeshCluster')).toBe(2);
  });
});
