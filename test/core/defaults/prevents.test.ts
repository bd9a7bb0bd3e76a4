/** What is filled passes the rules: mutation and validation are one law. SEED=n repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../src/core/defaults/mutate.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { at, isObject, type Json } from '../../../src/core/base/json.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { describe as describeObject, type Resource } from '../../../src/core/base/model.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import type { World } from '../../../src/core/world.ts';
import {
  edited,
  given,
  MANAGEMENT,
  MANAGEMENT_ZOOKEEPER,
  node,
  POOL,
  POOL_CLASS,
  POOL_CONNECTION,
  POOL_ZOOKEEPER,
  resourceOf,
  worldWith,
} from './world.ts';
import { runsOf } from '../../support/runs.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const RUN = { numRuns: runsOf(200), seed: SEED };

const IMAGES = ['meta', 'chunk', 'redirector', 'probe', 'toolbox', 'chunk.devicemanager'].map(
  (each) => `spec.${each}.image`,
);
const PLACES = ['meta', 'chunk', 'redirector'].map((each) => `spec.${each}.podPolicy`);
const OWN = [
  'spec.diskDeploymentMode',
  'spec.storageClass',
  'spec.reclaimPolicy',
  'spec.reclaimPolicy.volume',
  'spec.reclaimPolicy.blockdevice',
  'spec.chunk.devicemanager.blockDeviceNamespace',
  ...PLACES.flatMap((each) => [each, `${each}.affinity`, `${each}.affinity.nodeAffinity`]),
];

/** What can be left out of each object of the set while something tells what it must be. */
const FILLABLE: Readonly<Record<string, readonly string[]>> = {
  [MANAGEMENT]: [...OWN, 'spec.redirector.dataCIDR', ...IMAGES.map((each) => `${each}.pullPolicy`)],
  [POOL]: [
    ...OWN,
    'spec.redirector.dataCIDR',
    'spec.chunk.dataCIDR',
    'spec.redirector',
    'spec.probe',
    'spec.toolbox',
    'spec.chunk.devicemanager',
    ...IMAGES.flatMap((each) => [each, `${each}.tag`, `${each}.repository`, `${each}.pullPolicy`]),
  ],
  [POOL_ZOOKEEPER]: [
    'spec.pod',
    'spec.pod.affinity',
    'spec.pod.affinity.nodeAffinity',
    'spec.pod.affinity.podAntiAffinity',
    'spec.image',
    'spec.image.tag',
    'spec.image.pullPolicy',
  ],
  [POOL_CONNECTION]: ['data', 'data.iscsiPortal', 'data.clusterId', 'data.metaAddr'],
  [POOL_CLASS]: ['parameters.clusterConnection', 'parameters.replicaFactor', 'parameters.thinProvision'],
};

/** An object of the set that lacks some of what defaults fill. */
const incomplete: fc.Arbitrary<Resource> = fc
  .constantFrom(...Object.keys(FILLABLE))
  .chain((key) =>
    fc.subarray([...FILLABLE[key]!], { minLength: 1 }).map((paths) => lacking(given(key), paths)),
  );

/** An object without the fields at these paths; a field of a field that is left out is gone with it. */
function lacking(resource: Resource, paths: readonly string[]): Resource {
  const outermost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
  return edited(resource, Object.fromEntries(outermost.map((path) => [path, undefined])));
}

function shown(findings: readonly Finding[]): string[] {
  return findings.map((each) => `${each.code} ${formatPath(each.path)}: ${each.message}`);
}

/** What an admission answers to an object, mutated or not. */
function answer(world: World, after: Resource) {
  const before = world.getByKey(after.key);
  const { denied, warned } = judgeChange(world, before === undefined ? { after } : { before, after });
  return { denied: shown(denied), warned: shown(warned) };
}

/** Makes sure that the tests below can fail: without mutation these findings are there. */
describe('without mutation', () => {
  it.each<[string, string, string]>([
    ['IOM102', POOL, 'spec.meta.podPolicy'],
    ['IOM102', POOL_ZOOKEEPER, 'spec.pod.affinity.nodeAffinity'],
    ['IOM205', POOL_CONNECTION, 'data.clusterId'],
    ['IOM301', POOL, 'spec.chunk.devicemanager.blockDeviceNamespace'],
    ['IOM401', POOL, 'spec.meta.image.tag'],
    ['IOM501', POOL_CLASS, 'parameters.clusterConnection'],
    ['IOM702', POOL_ZOOKEEPER, 'spec.pod.affinity.podAntiAffinity'],
  ])('reports %s', (code, key, path) => {
    const world = worldWith([], { without: [key] });
    const bare = lacking(given(key), [path]);
    const { denied, warned } = answer(world, bare);
    expect([...denied, ...warned].join('\n')).toContain(code);
    expect(answer(world, mutate(bare, world, 'CREATE').resource)).toEqual({ denied: [], warned: [] });
  });
});

describe(`after mutation (SEED=${SEED})`, () => {
  it('reports nothing about an object that lacks only what defaults fill', () => {
    fc.assert(
      fc.property(incomplete, (resource) => {
        const world = worldWith([], { without: [resource.key] });
        const { resource: after } = mutate(resource, world, 'CREATE');
        expect(answer(world, after)).toEqual({ denied: [], warned: [] });
      }),
      RUN,
    );
  });

  it('introduces no finding when that object replaces the complete one', () => {
    fc.assert(
      fc.property(incomplete, (resource) => {
        if (resource.kind === 'StorageClass') return;
        const world = worldWith();
        const { resource: after } = mutate(resource, world, 'UPDATE');
        const { denied, warned } = answer(world, after);
        expect(denied).toEqual([]);
        // Without either dataCIDR it takes the management cluster's, which is said to be a change.
        expect(warned.filter((each) => !each.startsWith('IOM605'))).toEqual([]);
        expect(shown(judge(world.with({ before: given(resource.key), after })).findings)).toEqual([]);
      }),
      RUN,
    );
  });

  it('reports no field that a default could have filled, whatever else is missing', () => {
    const anyField = fc
      .constantFrom(POOL, POOL_ZOOKEEPER, POOL_CONNECTION, POOL_CLASS)
      .chain((key) =>
        fc.subarray(fieldsOf(given(key).json), { minLength: 1 }).map((gone) => ({ key, gone })),
      );
    fc.assert(
      fc.property(anyField, ({ key, gone }) => {
        const world = worldWith([], { without: [key] });
        const bare = lacking(given(key), gone);
        const { resource: after } = mutate(bare, world, 'CREATE');
        const { denied, warned } = answer(world, after);
        // Both references of a class gone: nothing tells either. An emptied anti-affinity is a choice.
        const unbound = key === POOL_CLASS && !isThere(after, 'parameters.iomeshCluster');
        const emptied = isThere(bare, 'spec.pod.affinity.podAntiAffinity');
        const never = [
          /^IOM(102|205|301|401|404) /,
          ...(unbound ? [] : [/^IOM501 /]),
          ...(emptied ? [] : [/^IOM702 /]),
        ];
        const found = [...denied, ...warned];
        expect(found.filter((each) => never.some((code) => code.test(each)))).toEqual([]);
        const needed = found.filter((each) => each.startsWith('IOM006'));
        expect(needed.filter((each) => !UNFILLABLE.test(each))).toEqual([]);
      }),
      RUN,
    );
  });

  it.each<[string, () => World]>([
    ['the configuration', configured],
    ['labels of nodes', labelled],
  ])(
    'a pool of which only the decisions are written is placed by %s and comes up right, in any order',
    (_from, start) => {
      for (const order of permutations(DECISIONS)) {
        let world = start();
        let waiting = order;
        // As a GitOps controller does: what is refused is tried again once the others are there.
        for (let round = 0; round < 4 && waiting.length > 0; round += 1) {
          const refused: Resource[] = [];
          for (const each of waiting) {
            const { resource: after } = mutate(each, world, 'CREATE');
            if (answer(world, after).denied.length > 0) refused.push(each);
            else world = world.with({ after });
          }
          waiting = refused;
        }
        const told = order.map(({ ref }) => describeObject(ref)).join(', ');
        expect(waiting, told).toEqual([]);
        expect(shown(judge(world).findings), told).toEqual([]);
      }
    },
  );
});

/** What only a person can say: numbers of replicas and whom a term selects. */
const UNFILLABLE =
  /^IOM006 (spec|spec\.(meta|chunk)(\.replicas)?|.*\.nodeSelectorTerms|.*podAntiAffinity.*): /;

/** The paths below an object's content, as far as they lead through no list. */
function fieldsOf(json: Json, path: readonly string[] = []): string[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, child]) => {
    if (path.length === 0 && !['spec', 'data', 'parameters'].includes(key)) return [];
    const here = [...path, key];
    const own = path.length === 0 || key.includes('.') ? [] : [here.join('.')];
    return [...own, ...fieldsOf(child, here)];
  });
}

/** A pool as briefly as it can be written: how many, which disks, and where the class leads. */
const disks = (type: string): Json => ({ selector: { matchLabels: { 'iomesh.com/bd-driverType': type } } });
/** `iomesh` in the name: otherwise a ZookeeperCluster without an image is not of IOMesh before its cluster exists. */
const DECISIONS = [
  resourceOf({
    apiVersion: 'iomesh.com/v1alpha1',
    kind: 'IOMeshCluster',
    metadata: { name: 'iomesh-pool-b', namespace: 'iomesh-pool-b' },
    spec: {
      meta: { replicas: 3 },
      chunk: { replicas: 3, deviceMap: { cacheWithJournal: disks('SSD'), dataStore: disks('HDD') } },
    },
  }),
  resourceOf({
    apiVersion: 'zookeeper.pravega.io/v1beta1',
    kind: 'ZookeeperCluster',
    metadata: { name: 'iomesh-pool-b-zookeeper', namespace: 'iomesh-pool-b' },
    spec: { replicas: 3 },
  }),
  resourceOf({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'iomesh-pool-b', namespace: 'iomesh-pool-b' },
    data: { iscsiPortal: '127.0.0.1:3260' },
  }),
  resourceOf({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'iomesh-pool-b' },
    provisioner: 'com.iomesh.csi-driver',
    reclaimPolicy: 'Delete',
    parameters: { clusterConnection: 'iomesh-pool-b/iomesh-pool-b' },
  }),
];

/** The set beside a configuration that says where the new pool belongs. */
function configured(): World {
  const nodes = Array.from({ length: 9 }, (_, index) => node(`k8s-worker-${index}`));
  const hostnames = ['k8s-worker-6', 'k8s-worker-7', 'k8s-worker-8'];
  return worldWith(nodes, {
    config: { pools: { 'iomesh-pool-b/iomesh-pool-b': { 'kubernetes.io/hostname': hostnames } } },
  });
}

/** The set with nothing placed by hand: every node carries the label of its pool. */
function labelled(): World {
  const nodes = ['iomesh-system', 'iomesh-cluster-1', 'iomesh-pool-b'].flatMap((pool) =>
    [1, 2, 3].map((index) => node(`${pool}-${index}`, { 'iomesh-guard.io/pool': pool })),
  );
  const keys = [MANAGEMENT, MANAGEMENT_ZOOKEEPER, POOL, POOL_ZOOKEEPER];
  return keys.reduce(
    (world, key) => {
      const bare = lacking(
        given(key),
        [...PLACES, 'spec.pod'].filter((path) => isThere(given(key), path)),
      );
      return world.with({ after: mutate(bare, world, 'CREATE').resource });
    },
    worldWith(nodes, { without: keys }),
  );
}

function isThere({ json }: Resource, path: string): boolean {
  return at(json, path.split('.')) !== undefined;
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, index) =>
    permutations(list.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}
