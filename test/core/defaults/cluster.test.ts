/** What an IOMeshCluster and a ZookeeperCluster may leave out besides their nodes. */
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../src/core/defaults/mutate.ts';
import { at, type Json } from '../../../src/core/base/json.ts';
import {
  edited,
  expectFilledTo,
  filled,
  given,
  MANAGEMENT,
  MANAGEMENT_ZOOKEEPER,
  names,
  POOL,
  POOL_ZOOKEEPER,
  pathOf,
  worldWith,
  written,
} from './world.ts';

const COMPONENTS = ['meta', 'chunk', 'redirector', 'probe', 'toolbox', 'chunk.devicemanager'];
const BLOCK = 'spec.chunk.devicemanager.blockDeviceNamespace';
const CHUNK_CIDR = 'spec.chunk.dataCIDR';
const REDIRECTOR_CIDR = 'spec.redirector.dataCIDR';

it('returns the same object when a pool is complete', () => {
  for (const key of [MANAGEMENT, MANAGEMENT_ZOOKEEPER, POOL, POOL_ZOOKEEPER]) {
    const mutation = mutate(given(key), worldWith(), 'UPDATE');
    expect(mutation).toEqual({ patch: [], resource: given(key), filled: [] });
    expect(mutation.resource).toBe(given(key));
  }
});

it('fills all defaults at once', () => {
  const bare = written(POOL, {
    'spec.diskDeploymentMode': undefined,
    'spec.storageClass': undefined,
    'spec.reclaimPolicy': undefined,
    'spec.meta.image': undefined,
    'spec.meta.podPolicy': undefined,
    'spec.chunk.image': undefined,
    'spec.chunk.devicemanager': undefined,
    'spec.redirector': undefined,
    'spec.probe': undefined,
    'spec.toolbox': undefined,
  });
  expectFilledTo(bare, worldWith(), given(POOL));
});

describe('images', () => {
  it.each(COMPONENTS)(
    'fills tag and repository of %s from the management cluster, and the pull policy IfNotPresent',
    (component) => {
      const image = { repository: 'registry/image', tag: 'v9', pullPolicy: 'IfNotPresent' };
      const world = worldWith([written(MANAGEMENT, { [`spec.${component}.image`]: image })]);
      for (const left of [undefined, null, {}]) {
        const pool = written(POOL, { [`spec.${component}.image`]: left });
        expect(at(mutate(pool, world, 'CREATE').resource.json, pathOf(`spec.${component}.image`))).toEqual(
          image,
        );
      }
      for (const key of ['repository', 'tag', 'pullPolicy'] as const) {
        const pool = written(POOL, { [`spec.${component}.image.${key}`]: undefined });
        expect(filled(pool, world)).toEqual({ [`spec.${component}.image.${key}`]: image[key] });
      }
    },
  );

  it('fills those of ZooKeeper from the management ZooKeeper', () => {
    const image = { repository: 'registry/zk', tag: '3.9', pullPolicy: 'IfNotPresent' };
    const world = worldWith([written(MANAGEMENT_ZOOKEEPER, { 'spec.image': image })]);
    const bare = written(POOL_ZOOKEEPER, { 'spec.image': undefined });
    expect(at(mutate(bare, world, 'CREATE').resource.json, ['spec', 'image'])).toEqual(image);
  });

  it('fills the pull policy IfNotPresent whatever the management cluster has, so that no pool waits for it', () => {
    const bare = written(POOL, { 'spec.meta.image.pullPolicy': undefined });
    for (const policy of [undefined, 'Always', 'ifNotPresent', 7]) {
      const world = worldWith([written(MANAGEMENT, { 'spec.meta.image.pullPolicy': policy })]);
      expect(filled(bare, world)).toEqual({ 'spec.meta.image.pullPolicy': 'IfNotPresent' });
    }
    expect(filled(bare, worldWith([], { without: [MANAGEMENT] }))).toEqual({
      'spec.meta.image.pullPolicy': 'IfNotPresent',
    });
  });

  it('fills no tag when the management cluster has none', () => {
    const bare = written(POOL, { 'spec.meta.image.tag': undefined });
    for (const tag of [undefined, null, '', '<tag>', 5])
      expect(filled(bare, worldWith([written(MANAGEMENT, { 'spec.meta.image.tag': tag })]))).toEqual({});
    expect(filled(bare, worldWith([], { without: [MANAGEMENT] }))).toEqual({});
  });

  it('creates no image when the repository is unknown', () => {
    const world = worldWith([written(MANAGEMENT, { 'spec.meta.image.repository': undefined })]);
    for (const left of [undefined, null])
      expect(filled(written(POOL, { 'spec.meta.image': left }), world)).toEqual({});
    const tag = 'v5.3.0-rc13-enterprise';
    expect(filled(written(POOL, { 'spec.meta.image': {} }), world)).toEqual({
      'spec.meta.image.tag': tag,
      'spec.meta.image.pullPolicy': 'IfNotPresent',
    });
  });

  it('keeps what is set, also if it is empty or wrong', () => {
    const pool = written(POOL, {
      'spec.meta.image': { repository: '', tag: '', pullPolicy: 'ifNotPresent' },
    });
    expect(filled(pool, worldWith())).toEqual({});
    expect(filled(written(POOL, { 'spec.meta.image': 'iomesh/zbs-metad:v5' }), worldWith())).toEqual({});
  });

  it('fills no tag when one is in the wrong place', () => {
    const misplaced = written(POOL, {
      'spec.meta.image': { repository: 'iomesh/zbs-metad', tags: 'v1', pullPolicy: 'Always' },
    });
    expect(filled(misplaced, worldWith())).toEqual({});
  });

  it('does not fill the management cluster from itself', () => {
    const bare = written(MANAGEMENT, {
      'spec.meta.image': {},
      [CHUNK_CIDR]: undefined,
      [REDIRECTOR_CIDR]: undefined,
    });
    expect(filled(bare, worldWith(), 'UPDATE')).toEqual({ 'spec.meta.image.pullPolicy': 'IfNotPresent' });
    const zookeeper = written(MANAGEMENT_ZOOKEEPER, { 'spec.image': {} });
    expect(filled(zookeeper, worldWith(), 'UPDATE')).toEqual({ 'spec.image.pullPolicy': 'IfNotPresent' });
  });

  it('does not create meta and chunk, whose replicas a person must choose', () => {
    for (const section of ['meta', 'chunk'])
      expect(Object.keys(filled(written(POOL, { [`spec.${section}`]: undefined }), worldWith()))).toEqual([]);
  });

  it('creates no section that would be incomplete', () => {
    const noSource = worldWith([], { without: [MANAGEMENT] });
    for (const section of ['redirector', 'probe', 'toolbox', 'chunk.devicemanager'])
      expect(filled(written(POOL, { [`spec.${section}`]: undefined }), noSource)).toEqual({});
  });
});

describe('blockDeviceNamespace', () => {
  const bare = written(POOL, { [BLOCK]: undefined });

  it('is filled with the namespace of the management cluster, also if that is configured or does not exist yet', () => {
    expect(names(mutate(bare, worldWith(), 'CREATE'))).toEqual({ [BLOCK]: 'block-device-namespace' });
    expect(filled(bare, worldWith())).toEqual({ [BLOCK]: 'iomesh-system' });
    const config = { managementCluster: { namespace: 'storage', name: 'first' } };
    expect(filled(bare, worldWith([], { without: [MANAGEMENT], config }))).toEqual({ [BLOCK]: 'storage' });
  });

  it('is not filled on the management cluster', () => {
    expect(filled(written(MANAGEMENT, { [BLOCK]: undefined }), worldWith())).toEqual({});
  });

  it('is not filled when one is in the wrong place', () => {
    expect(filled(edited(bare, { 'spec.chunk.blockDeviceNamespace': 'iomesh-system' }), worldWith())).toEqual(
      {},
    );
  });
});

describe('dataCIDR', () => {
  it('is filled from the other component', () => {
    expect(filled(written(POOL, { [CHUNK_CIDR]: undefined }), worldWith())).toEqual({
      [CHUNK_CIDR]: '10.234.2.0/24',
    });
    expect(filled(written(POOL, { [REDIRECTOR_CIDR]: null }), worldWith())).toEqual({
      [REDIRECTOR_CIDR]: '10.234.2.0/24',
    });
    expect(filled(written(MANAGEMENT, { [CHUNK_CIDR]: undefined }), worldWith())).toEqual({
      [CHUNK_CIDR]: '10.234.1.0/24',
    });
  });

  it('is filled from the management cluster when neither component has one', () => {
    const bare = written(POOL, { [CHUNK_CIDR]: undefined, [REDIRECTOR_CIDR]: undefined });
    const both = { [CHUNK_CIDR]: '10.234.1.0/24', [REDIRECTOR_CIDR]: '10.234.1.0/24' };
    expect(filled(bare, worldWith())).toEqual(both);
    expect(filled(bare, worldWith([written(MANAGEMENT, { [CHUNK_CIDR]: undefined })]))).toEqual(both);
    expect(filled(bare, worldWith([], { without: [MANAGEMENT] }))).toEqual({});
  });

  it.each<[Json]>([['<your-data-cidr-here>'], ['10.234.2.7/24'], ['10.234.2.0'], [''], [7]])(
    'is not taken from %j, nor from anywhere else beside it',
    (cidr) => {
      expect(
        filled(written(POOL, { [CHUNK_CIDR]: cidr, [REDIRECTOR_CIDR]: undefined }), worldWith()),
      ).toEqual({});
    },
  );
});

const MODE = 'spec.diskDeploymentMode';
const STORAGE_CLASS = 'spec.storageClass';

describe('mode and storage class', () => {
  const WITHOUT_MAP = { 'spec.chunk.deviceMap': undefined };

  it('are those of the management cluster', () => {
    const world = worldWith([
      written(MANAGEMENT, { ...WITHOUT_MAP, [MODE]: 'allFlash', [STORAGE_CLASS]: 'local-path' }),
    ]);
    const bare = written(POOL, { ...WITHOUT_MAP, [MODE]: undefined, [STORAGE_CLASS]: undefined });
    expect(filled(bare, world)).toEqual({ [MODE]: 'allFlash', [STORAGE_CLASS]: 'local-path' });
  });

  it('are the usual ones if the management cluster sets none, and not filled while it does not exist', () => {
    const bare = written(POOL, { ...WITHOUT_MAP, [MODE]: undefined, [STORAGE_CLASS]: undefined });
    const usual = { [MODE]: 'hybridFlash', [STORAGE_CLASS]: 'hostpath' };
    const none = written(MANAGEMENT, { [MODE]: undefined, [STORAGE_CLASS]: '' });
    expect(filled(bare, worldWith([none]))).toEqual(usual);
    expect(filled(bare, worldWith([], { without: [MANAGEMENT] }))).toEqual({});
    const first = written(MANAGEMENT, { ...WITHOUT_MAP, [MODE]: undefined, [STORAGE_CLASS]: undefined });
    expect(filled(first, worldWith([], { without: [MANAGEMENT] }))).toEqual(usual);
  });

  it.each<[readonly string[], string | undefined]>([
    [['dataStoreWithJournal'], 'allFlash'],
    [['cacheWithJournal', 'dataStore'], 'hybridFlash'],
    [['dataStore'], 'hybridFlash'],
    [['cacheWithJournal', 'dataStoreWithJournal'], undefined],
    [['unknown'], 'hybridFlash'],
  ])('fills the mode that fits the device map %j: %s', (types, mode) => {
    const map = Object.fromEntries(types.map((each) => [each, { selector: { matchLabels: { a: 'b' } } }]));
    const pool = written(POOL, { [MODE]: undefined, 'spec.chunk.deviceMap': map });
    expect(filled(pool, worldWith())).toEqual(mode === undefined ? {} : { [MODE]: mode });
  });
});

describe('an update', () => {
  const TAG = 'spec.chunk.image.tag';
  const BARE = {
    [TAG]: undefined,
    [MODE]: undefined,
    [BLOCK]: undefined,
    'spec.redirector.podPolicy': undefined,
  };

  it('fills nothing that was absent and stays absent', () => {
    for (const status of [undefined, { readyReplicas: 3 }]) {
      const stored = written(POOL, { ...BARE, 'spec.meta.image.repository': undefined, status });
      const labelled = edited(stored, { 'metadata.labels': { team: 'a' } });
      expect(filled(labelled, worldWith([stored]), 'UPDATE')).toEqual({});
    }
    const zookeeper = written(POOL_ZOOKEEPER, { 'spec.image.tag': undefined });
    expect(filled(zookeeper, worldWith([zookeeper]), 'UPDATE')).toEqual({});
  });

  it('keeps what runs if the request leaves it out, whatever the management cluster has by now', () => {
    const older = { [TAG]: 'v5.1.2-rc14', [MODE]: 'allFlash', [BLOCK]: 'elsewhere' };
    const stored = written(POOL, { ...older, 'spec.reclaimPolicy.volume': 'Retain' });
    const replaced = edited(stored, { ...BARE, 'spec.reclaimPolicy': undefined });
    expect(filled(replaced, worldWith([stored]), 'UPDATE')).toMatchObject({
      ...older,
      'spec.reclaimPolicy.volume': 'Retain',
      'spec.reclaimPolicy.blockdevice': 'Delete',
    });
    expect(filled(edited(stored, { 'spec.probe': undefined }), worldWith([stored]), 'UPDATE')).toEqual({
      'spec.probe.image.repository': 'iomesh/operator-probe',
      'spec.probe.image.tag': 'v1.0.1',
      'spec.probe.image.pullPolicy': 'IfNotPresent',
    });
  });

  it('fills what belongs to a section that the request adds', () => {
    const stored = written(POOL, { 'spec.probe': undefined });
    expect(Object.keys(filled(edited(stored, { 'spec.probe': {} }), worldWith([stored]), 'UPDATE'))).toEqual([
      'spec.probe.image.repository',
      'spec.probe.image.tag',
      'spec.probe.image.pullPolicy',
    ]);
  });
});

describe('fixed values', () => {
  it.each([
    ['spec.reclaimPolicy.volume', 'Delete'],
    ['spec.reclaimPolicy.blockdevice', 'Delete'],
  ])('fills %s with %s on every cluster', (path, value) => {
    for (const key of [MANAGEMENT, POOL])
      for (const left of [undefined, null])
        expect(filled(written(key, { [path]: left }), worldWith(), 'CREATE')).toEqual({ [path]: value });
    expect(filled(written(POOL, { [path]: 'delete' }), worldWith())).toEqual({});
  });

  it('replaces a null reclaimPolicy in one step', () => {
    const { patch } = mutate(written(POOL, { 'spec.reclaimPolicy': null }), worldWith(), 'CREATE');
    const value = { volume: 'Delete', blockdevice: 'Delete' };
    expect(patch).toEqual([{ op: 'replace', path: '/spec/reclaimPolicy', value }]);
    expect(filled(written(POOL, { 'spec.reclaimPolicy': 'Delete' }), worldWith())).toEqual({});
  });

  it('fills nothing in a cluster without spec', () => {
    for (const spec of [undefined, null, [], 'x'])
      expect(filled(written(POOL, { spec }), worldWith())).toEqual({});
  });
});
