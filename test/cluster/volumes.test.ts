/** The PersistentVolumes that a deletion would lose: when they are listed, and what follows if they cannot be. */
import { describe, expect, it } from 'vitest';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import type { ApiServer, Obj } from '../support/apiserver.ts';
import { example, QUICK, startServer, watchWorld } from '../support/cluster.ts';
import { appFor, ask, reviewOf } from '../support/webhook.ts';

const SET = ['management/iomesh', 'management/zookeeper', 'cluster-1/iomesh', 'cluster-1/zookeeper'].concat(
  ['management', 'cluster-1'].flatMap((each) => [`${each}/0-namespace`, `${each}/connection`]),
  'cluster-1/storageclass',
);

function persistentVolume(name: string, more: Obj = {}): Obj {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': 'com.iomesh.csi-driver' } },
    spec: {
      capacity: { storage: '2Gi' },
      storageClassName: 'iomesh-cluster-1',
      claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: `claim-of-${name}`, uid: 'u' },
      csi: { driver: 'com.iomesh.csi-driver', volumeHandle: name, volumeAttributes: { replicaFactor: '2' } },
    },
    status: { phase: 'Bound' },
    ...more,
  };
}

async function serving(prepare: (server: ApiServer) => void = () => {}, readMs = 20_000) {
  const server = await startServer();
  for (const file of SET) for (const object of example(`${file}.yaml`)) server.put(object);
  prepare(server);
  const watched = watchWorld(server, { timings: { ...QUICK, readMs, listMs: 20_000, provenMs: 60_000 } });
  const world = await watched.read(20_000);
  const { app } = appFor(watched.world);
  const remove = async (kind: Resource['kind'], namespace: string, name: string) => {
    const before = world.get(kind, namespace, name)!;
    const { response } = await ask(app, '/validate?timeout=25s', reviewOf({ before }));
    return {
      allowed: response.allowed,
      text: response.status?.message ?? (response.warnings ?? []).join('\n'),
    };
  };
  return {
    server,
    watched,
    removeCluster: () => remove('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1'),
    removeConnection: () => remove('ConfigMap', 'iomesh-cluster-1', 'iomesh-cluster-1-csi-configmap'),
    create: async (name: string, like = 'iomesh-cluster-1') => {
      const { json } = world.get('IOMeshCluster', 'iomesh-cluster-1', like)!;
      server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      const metadata = { ...(json['metadata'] as Obj), name, namespace: name, uid: name };
      const after = toResource({ ...json, metadata } as never)!;
      return (await ask(app, '/validate', reviewOf({ after }))).response;
    },
    change: async () => {
      const before = world.get('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1')!;
      return await ask(app, '/validate', reviewOf({ before, after: before }));
    },
  };
}

describe('PersistentVolumes', { timeout: 60_000 }, () => {
  it('are listed before the deletion of a cluster, and a volume that was created moments ago counts', async () => {
    const { server, removeCluster } = await serving();
    expect(await removeCluster()).toMatchObject({ allowed: true });
    server.put(persistentVolume('pv-1'));
    const refused = await removeCluster();
    expect(refused).toMatchObject({ allowed: false });
    expect(refused.text).toContain('holds the data of 1 volume, 1 bound: default/claim-of-pv-1');
    server.delete('PersistentVolume', 'pv-1');
    expect(await removeCluster()).toMatchObject({ allowed: true });
  });

  it('are not listed for any other change, and never watched', async () => {
    const { server, change, removeCluster } = await serving((each) => each.put(persistentVolume('pv-1')));
    await change();
    expect(server.count('list', 'persistentvolumes')).toBe(0);
    await removeCluster();
    expect(server.count('list', 'persistentvolumes')).toBe(1);
    expect(server.count('watch', 'persistentvolumes')).toBe(0);
  });

  it('of the last seconds are used for a new cluster, unless it is denied', async () => {
    const { server, watched, create } = await serving();
    const lists = () => server.count('list', 'persistentvolumes');
    // Its nodes are those of the cluster that it copies.
    expect((await create('second')).allowed).toBe(false);
    expect(lists()).toBe(1);
    expect((await create('third')).allowed).toBe(false);
    expect(lists()).toBe(1);
    server.put(persistentVolume('pv-1'));
    await watched.world.volumes(AbortSignal.timeout(20_000), false);
    expect(lists()).toBe(2);
    expect((await create('fourth')).allowed).toBe(false);
    expect(lists()).toBe(3);
  });

  it('are listed page by page, consistently', async () => {
    const { server, removeCluster } = await serving((each) => {
      for (let index = 0; index < 1200; index += 1) each.put(persistentVolume(`pv-${index}`));
    });
    expect((await removeCluster()).text).toContain('holds the data of 1200 volumes, 1200 bound');
    const lists = server.requests.filter(({ plural }) => plural === 'persistentvolumes');
    expect(lists).toHaveLength(3);
    for (const { query } of lists) {
      expect(query.get('limit')).toBe('500');
      expect(query.get('resourceVersion')).toBeNull();
    }
  });

  it('are kept with the fields that rules read', async () => {
    const { watched } = await serving((each) => each.put(persistentVolume('pv-1')));
    const { objects } = await watched.world.volumes(AbortSignal.timeout(2000), false);
    expect(objects.all('PersistentVolume').map(({ json }) => json)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'pv-1', uid: expect.any(String), resourceVersion: expect.any(String) },
        spec: {
          storageClassName: 'iomesh-cluster-1',
          claimRef: { namespace: 'default', name: 'claim-of-pv-1' },
          csi: { driver: 'com.iomesh.csi-driver', volumeAttributes: {} },
        },
        status: { phase: 'Bound' },
      },
    ]);
  });

  it('that may not be listed deny the deletion, with the reason', async () => {
    const { server, removeCluster, removeConnection, change } = await serving();
    server.forbidden.add('persistentvolumes');
    for (const refused of [await removeCluster(), await removeConnection()]) {
      expect(refused.allowed).toBe(false);
      expect(refused.text).toMatch(
        /IOM606 .*cannot verify .*: persistentvolumes cannot be read from http\S+: .*forbidden/,
      );
    }
    expect((await change()).response.allowed).toBe(true);
  });

  it('that are not listed in time deny the deletion before the timeout of the apiserver', async () => {
    const { server, removeCluster } = await serving(() => {}, 8000);
    server.fault = ({ plural }) => (plural === 'persistentvolumes' ? 'hang' : undefined);
    const began = performance.now();
    const refused = await removeCluster();
    expect(performance.now() - began).toBeLessThan(25_000);
    expect(refused.allowed).toBe(false);
    expect(refused.text).toMatch(/IOM606 .*cannot verify .*: no answer in time/);
  });

  it('are listed again after a temporary failure', async () => {
    const { server, removeCluster } = await serving((each) => each.put(persistentVolume('pv-1')));
    let failures = 2;
    server.fault = ({ plural }) =>
      plural === 'persistentvolumes' && failures-- > 0 ? { status: 503 } : undefined;
    expect((await removeCluster()).text).toContain('1 volume, 1 bound');
  });
});
