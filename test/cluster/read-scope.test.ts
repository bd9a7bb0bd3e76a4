/** Which ConfigMaps a review reads: those that can lead to a volume, also if they have just begun to. */
import { describe, expect, it } from 'vitest';
import { toResource } from '../../src/core/base/model.ts';
import type { ApiServer, Obj } from '../support/apiserver.ts';
import { configMap, example, QUICK, startServer, watchWorld } from '../support/cluster.ts';
import { appFor, ask, reviewOf } from '../support/webhook.ts';

const FILES = ['0-namespace', 'iomesh', 'zookeeper', 'connection'].flatMap((each) => [
  `management/${each}`,
  `cluster-1/${each}`,
]);
const HOME = 'iomesh-cluster-1';
const resource = (object: Obj) => toResource(object as never)!;

/** Two clusters beside many ConfigMaps of others. */
async function started(prepare: (server: ApiServer) => void = () => {}) {
  const server = await startServer();
  for (const file of FILES) for (const object of example(`${file}.yaml`)) server.put(object);
  for (let each = 0; each < 500; each++) server.put(configMap('others', `other-${each}`, { text: 'x' }));
  prepare(server);
  const watched = watchWorld(server, { timings: { ...QUICK, pageSize: 500, timeoutSeconds: 60 } });
  await watched.read();
  const { app } = appFor(watched.world);
  const admit = async (change: { before?: Obj; after?: Obj }) => {
    const { response } = await ask(
      app,
      '/validate',
      reviewOf({
        ...(change.before && { before: resource(change.before) }),
        ...(change.after && { after: resource(change.after) }),
      }),
    );
    return [response.status?.message ?? '', ...(response.warnings ?? [])].join('\n');
  };
  const lists = () =>
    server.requests.filter(({ verb, plural }) => verb === 'list' && plural === 'configmaps');
  return { server, ...watched, admit, lists };
}

const poolClass = (connection: string) => {
  const [object] = example('cluster-1/storageclass.yaml') as [Obj];
  return { ...object, parameters: { ...object['parameters'], clusterConnection: connection } };
};

describe('a review beside many ConfigMaps of others', () => {
  it('lists those in the namespaces of the clusters only', async () => {
    const { server, read, lists } = await started();
    server.requests.length = 0;
    const world = await read();
    expect(lists().map(({ namespace }) => namespace)).toEqual(
      expect.arrayContaining([HOME, 'iomesh-system']),
    );
    expect(lists()).toHaveLength(2);
    // Those of others are in no world.
    expect(world.count('ConfigMap')).toBe(2);
  });

  it('returns the same world after others change', async () => {
    const { server, read, world: live } = await started();
    const world = await read();
    for (let each = 0; each < 20; each++) server.put(configMap('others', `new-${each}`, { text: 'y' }));
    server.delete('ConfigMap', 'other-1', 'others');
    await expect.poll(() => [...live.cachedObjects('ConfigMap')].length, { timeout: 5000 }).toBe(521);
    expect(await read()).toBe(world);
  });

  it('has a ConfigMap in the namespace of a cluster before the watch delivers it', async () => {
    const { server, read } = await started();
    server.lagMs = 60_000;
    server.put(configMap(HOME, 'late', { clusterId: 'a', metaAddr: 'b' }));
    server.delete('ConfigMap', 'iomesh-cluster-1-csi-configmap', HOME);
    const world = await read();
    expect(world.get('ConfigMap', HOME, 'late')).toBeDefined();
    expect(world.get('ConfigMap', HOME, 'iomesh-cluster-1-csi-configmap')).toBeUndefined();
  });

  it('has a ConfigMap in the namespace of a cluster that the watch has not delivered either', async () => {
    const { server, read } = await started();
    server.lagMs = 60_000;
    const [pool] = example('cluster-1/iomesh.yaml') as [Obj];
    server.put({ ...pool, metadata: { name: 'late', namespace: 'late' } });
    server.put(configMap('late', 'connection', { clusterId: 'a', metaAddr: 'b' }));
    expect((await read()).get('ConfigMap', 'late', 'connection')).toBeDefined();
  });

  it('has a ConfigMap in another namespace that a class names which the watch has not delivered either', async () => {
    const { server, read } = await started((server) =>
      server.put(configMap('default', 'named', { text: 'x' })),
    );
    server.lagMs = 60_000;
    server.put(poolClass('default/named'));
    server.put(configMap('default', 'named', { clusterid: 'a', text: 'y' }));
    expect((await read()).get('ConfigMap', 'default', 'named')?.json['data']).toEqual({
      clusterid: 'a',
      text: 'y',
    });
    server.delete('ConfigMap', 'named', 'default');
    expect((await read()).get('ConfigMap', 'default', 'named')).toBeUndefined();
  });

  it('knows the content of a ConfigMap that the class under review is the first to name', async () => {
    const { admit } = await started((server) =>
      server.put(
        configMap('default', 'unnamed', { 'cluster-id': 'a', 'iscsi-portal': 'b', 'meta-addr': 'c' }),
      ),
    );
    const text = await admit({ after: poolClass('default/unnamed') });
    expect(text).not.toContain('IOM503');
    expect(text).toContain('IOM205');
    expect(text).toContain('"cluster-id"');
  });

  it('finds an owner that is no connection ConfigMap', async () => {
    const { server, admit } = await started();
    const owner = server.put(configMap(HOME, 'owner', { text: 'x' }));
    const before = server.put(example('cluster-1/connection.yaml')[0]!);
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner['metadata'].uid };
    const owned = (ownerReferences: unknown) => ({
      ...before,
      metadata: { ...before['metadata'], ownerReferences },
    });
    expect(await admit({ before, after: owned([{ ...reference, uid: 'other' }]) })).toContain('owner');
    expect(await admit({ before, after: owned([reference]) })).not.toContain('does not exist');
  });

  it('has the stored state of a changed ConfigMap without the keys of a connection', async () => {
    const { world: live, read } = await started((server) =>
      server.put(configMap('default', 'plain', { text: 'x' })),
    );
    expect((await read()).get('ConfigMap', 'default', 'plain')).toBeUndefined();
    const after = resource(configMap('default', 'plain', { clusterId: 'a', metaAddr: 'b' }));
    live.use([{ before: resource(configMap('default', 'plain', { text: 'x' })), after }]);
    expect((await read()).get('ConfigMap', 'default', 'plain')?.json['data']).toEqual({ text: 'x' });
  });
});
