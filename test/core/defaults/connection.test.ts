/** What a connection ConfigMap and a StorageClass may leave out. */
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../src/core/defaults/mutate.ts';
import type { Json } from '../../../src/core/base/json.ts';
import {
  edited,
  expectFilledTo,
  filled,
  given,
  MANAGEMENT_CONNECTION,
  MANAGEMENT,
  POOL,
  POOL_CLASS,
  POOL_CONNECTION,
  resourceOf,
  worldWith,
  written,
} from './world.ts';

describe('connection ConfigMap', () => {
  it('is filled with each of the three keys', () => {
    for (const key of ['clusterId', 'iscsiPortal', 'metaAddr'])
      for (const left of [undefined, null])
        expectFilledTo(
          written(POOL_CONNECTION, { [`data.${key}`]: left }),
          worldWith(),
          given(POOL_CONNECTION),
        );
  });

  it('is filled with all three keys when a StorageClass names it', () => {
    const bare = written(POOL_CONNECTION, { data: undefined });
    const { patch, resource } = mutate(bare, worldWith(), 'CREATE');
    expect(patch).toEqual([{ op: 'add', path: '/data', value: expect.anything() }]);
    expect(resource.json).toEqual(given(POOL_CONNECTION).json);
  });

  it('is not filled when it has nothing to do with IOMesh', () => {
    const bare = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'iomesh-cluster-1' },
    };
    for (const data of [undefined, {}, { a: 'b' }, { 'iscsi-portal': 'x' }])
      expect(filled(resourceOf({ ...bare, ...(data && { data }) }), worldWith())).toEqual({});
    const elsewhere = {
      ...bare,
      metadata: { name: 'settings', namespace: 'kafka' },
      data: { clusterId: 'k' },
    };
    expect(filled(resourceOf(elsewhere), worldWith())).toEqual({});
  });

  it('gets clusterId from the ConfigMap of the management cluster only', () => {
    const bare = written(POOL_CONNECTION, { 'data.clusterId': undefined });
    expect(filled(bare, worldWith([], { without: [MANAGEMENT_CONNECTION] }))).toEqual({});
    for (const id of [undefined, null, '', '<cluster-id>', 7])
      expect(filled(bare, worldWith([written(MANAGEMENT_CONNECTION, { 'data.clusterId': id })]))).toEqual({});
    const own = written(MANAGEMENT_CONNECTION, { 'data.clusterId': undefined });
    expect(filled(own, worldWith(), 'UPDATE')).toEqual({});
  });

  it('gets the metaAddr of the only IOMeshCluster in its namespace', () => {
    const bare = written(POOL_CONNECTION, { 'data.metaAddr': undefined });
    const config = { clusterDomain: 'k8s.example' };
    expect(filled(bare, worldWith([], { config }))).toEqual({
      'data.metaAddr': 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.k8s.example:10100',
    });
    expect(filled(bare, worldWith([], { without: [POOL] }))).toEqual({});
    const second = resourceOf({
      ...given(POOL).json,
      metadata: { name: 'second', namespace: 'iomesh-cluster-1' },
    });
    expect(filled(bare, worldWith([second]))).toEqual({});
  });

  it('gets no metaAddr when a class uses it for another cluster', () => {
    const bare = written(POOL_CONNECTION, { 'data.metaAddr': undefined });
    const other = written(POOL_CLASS, { 'parameters.iomeshCluster': 'iomesh-system/iomesh' });
    expect(filled(bare, worldWith([other]))).toEqual({});
    const silent = written(POOL_CLASS, { 'parameters.iomeshCluster': undefined });
    expect(Object.keys(filled(bare, worldWith([silent])))).toEqual(['data.metaAddr']);
  });

  it.each<[string, Record<string, Json | undefined>]>([
    ['a mistyped key', { 'data.iscsiPortal': undefined, 'data.iscsiportal': '127.0.0.1:3260' }],
    ['a key of binaryData', { 'data.iscsiPortal': undefined, 'binaryData.iscsiPortal': 'eA==' }],
    ['an empty value', { 'data.iscsiPortal': '' }],
    ['data that is no map', { data: ['iscsiPortal'] }],
  ])('is not filled when it has %s', (_name, edits) => {
    expect(filled(written(POOL_CONNECTION, edits), worldWith())).toEqual({});
  });

  it('is filled at creation only when it is immutable', () => {
    const bare = written(POOL_CONNECTION, { 'data.iscsiPortal': undefined, immutable: true });
    expect(Object.keys(filled(bare, worldWith(), 'CREATE'))).toEqual(['data.iscsiPortal']);
    expect(filled(bare, worldWith(), 'UPDATE')).toEqual({});
  });
});

describe('StorageClass', () => {
  const FSTYPE = 'parameters["csi.storage.k8s.io/fstype"]';
  const class_ = (parameters: Json | undefined, more: Record<string, Json> = {}) =>
    edited(given(POOL_CLASS), { parameters, ...more });
  const CLUSTER = 'iomesh-cluster-1/iomesh-cluster-1';
  const CONNECTION = 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
  const PLAIN = { [FSTYPE]: 'ext4', 'parameters.replicaFactor': '2', 'parameters.thinProvision': 'true' };

  it('is filled with either reference from the other', () => {
    expect(filled(class_({ iomeshCluster: CLUSTER }), worldWith())).toEqual({
      'parameters.clusterConnection': CONNECTION,
      ...PLAIN,
    });
    expect(filled(class_({ clusterConnection: CONNECTION }), worldWith())).toEqual({
      'parameters.iomeshCluster': CLUSTER,
      ...PLAIN,
    });
  });

  it('is filled with no reference when it has none', () => {
    for (const parameters of [undefined, null, {}])
      expect(filled(class_(parameters), worldWith())).toEqual(PLAIN);
    const { patch } = mutate(class_(undefined), worldWith(), 'CREATE');
    expect(patch).toEqual([
      {
        op: 'add',
        path: '/parameters',
        value: { 'csi.storage.k8s.io/fstype': 'ext4', replicaFactor: '2', thinProvision: 'true' },
      },
    ]);
  });

  it('is patched with escaped pointers', () => {
    const some = written(POOL_CLASS, {});
    const { 'csi.storage.k8s.io/fstype': _gone, ...parameters } = some.json['parameters'] as Record<
      string,
      Json
    >;
    expect(mutate(class_(parameters), worldWith(), 'CREATE').patch).toEqual([
      { op: 'add', path: '/parameters/csi.storage.k8s.io~1fstype', value: 'ext4' },
    ]);
  });

  it.each<[string, Json, Parameters<typeof worldWith>]>([
    ['no ConfigMap addresses the cluster', { iomeshCluster: CLUSTER }, [[], { without: [POOL_CONNECTION] }]],
    [
      'two ConfigMaps address the cluster',
      { iomeshCluster: CLUSTER },
      [[resourceOf({ ...given(POOL_CONNECTION).json, metadata: { name: 'second', namespace: 'x' } })]],
    ],
    ['the cluster is not named as it must be', { iomeshCluster: 'iomesh-cluster-1' }, []],
    ['the ConfigMap is not there', { clusterConnection: CONNECTION }, [[], { without: [POOL_CONNECTION] }]],
    ['the cluster is not there', { clusterConnection: CONNECTION }, [[], { without: [POOL] }]],
    [
      'the ConfigMap addresses nothing',
      { clusterConnection: CONNECTION },
      [[written(POOL_CONNECTION, { 'data.metaAddr': undefined })]],
    ],
    ['the other is mistyped', { iomeshCluster: CLUSTER, clusterconnection: CONNECTION }, []],
  ])('is filled with no reference when %s', (_name, parameters, world) => {
    expect(filled(class_(parameters), worldWith(...world))).toEqual(PLAIN);
  });

  it('is filled with no clusterConnection in IOMesh 1.2', () => {
    const config = { iomeshVersion: '1.2' } as const;
    expect(filled(class_({ iomeshCluster: CLUSTER }), worldWith([], { config }))).toEqual(PLAIN);
  });

  it('is filled with no replica factor when erasure coding is set', () => {
    const { 'parameters.replicaFactor': _, ...others } = PLAIN;
    for (const parameters of [{ ec_k: '4', ec_m: '2' }, { ec_k: '4' }, { ec_m: '2' }])
      expect(filled(class_(parameters), worldWith([], { config: { iomeshVersion: '1.2' } }))).toEqual(others);
  });

  it('is not filled over mistyped parameters and wrong values', () => {
    const parameters = { fstype: 'xfs', replicaFactor: '1', thinprovision: 'false' };
    expect(filled(class_(parameters), worldWith())).toEqual({});
    expect(filled(class_('none'), worldWith())).toEqual({});
  });

  it('is filled at creation only, and only for the IOMesh driver', () => {
    expect(filled(class_({ iomeshCluster: CLUSTER }), worldWith(), 'UPDATE')).toEqual({});
    expect(
      filled(class_({ iomeshCluster: CLUSTER }, { provisioner: 'rbd.csi.ceph.com' }), worldWith()),
    ).toEqual({});
  });
});

it('changes no object that is being deleted', () => {
  for (const key of [POOL, POOL_CONNECTION, MANAGEMENT]) {
    const edits = { data: {}, 'spec.storageClass': undefined };
    const dying = written(key, { ...edits, 'metadata.deletionTimestamp': '2026-11-23T00:00:00Z' });
    expect(mutate(dying, worldWith(), 'UPDATE')).toEqual({ patch: [], resource: dying, filled: [] });
    expect(mutate(dying, worldWith(), 'UPDATE').resource).toBe(dying);
  }
});
