/**
 * Objects that leave fields out, in every order, as a GitOps tool applies them: what was refused is tried again,
 * what was stored is never sent again. SEED=n repeats a run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { mutate } from '../../../src/core/defaults/mutate.ts';
import { at } from '../../../src/core/base/json.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { describe as describeRef, type Resource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import {
  edited,
  given,
  hostnames,
  MANAGEMENT,
  MANAGEMENT_CLASS,
  MANAGEMENT_CONNECTION,
  MANAGEMENT_ZOOKEEPER,
  POOL,
  POOL_CLASS,
  POOL_CONNECTION,
  POOL_ZOOKEEPER,
  requiredOf,
  resourceOf,
  written,
} from './world.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const MANAGED = [MANAGEMENT, MANAGEMENT_ZOOKEEPER, MANAGEMENT_CONNECTION, MANAGEMENT_CLASS].map(given);

/** A pool as briefly as it can be written: each object names what no other one does. */
const CONNECTION = resourceOf({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'iomesh-cluster-1-csi-configmap', namespace: 'iomesh-cluster-1' },
  data: { clusterId: 'k8s-cluster' },
});
const CLUSTER = edited(
  resourceOf({
    apiVersion: 'iomesh.com/v1alpha1',
    kind: 'IOMeshCluster',
    metadata: { name: 'iomesh-cluster-1', namespace: 'iomesh-cluster-1' },
    spec: {
      meta: { replicas: 3 },
      chunk: { replicas: 3, devicemanager: {} },
      redirector: {},
      probe: {},
      toolbox: {},
    },
  }),
  { [requiredOf('spec.meta.podPolicy')]: hostnames('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5') },
);
const ZOOKEEPER = written(POOL_ZOOKEEPER, { 'spec.image': undefined, 'spec.pod': undefined });
const CLASS = written(POOL_CLASS, {
  parameters: { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' },
});
const SPARSE = [CONNECTION, CLUSTER, ZOOKEEPER, CLASS];

/** What is stored in the end, and what is still refused. */
interface End {
  readonly world: World;
  readonly stored: ReadonlyMap<string, unknown>;
  readonly refused: readonly string[];
}

function replayed(
  order: readonly Resource[],
  start: readonly Resource[] = [],
  config: Partial<Config> = {},
): End {
  const all = { ...DEFAULT_CONFIG, ...config };
  let world = World.of({ resources: start, today: '2026-11-23', config: all }).inMode('admission');
  let waiting = order;
  for (let moved = true; moved && waiting.length > 0; ) {
    const refused: Resource[] = [];
    for (const each of waiting) {
      const { resource: after } = mutate(each, world, 'CREATE');
      if (judgeChange(world, { after }).denied.length > 0) refused.push(each);
      else world = World.of({ ...world, resources: [...world.resources, after] });
    }
    moved = refused.length < waiting.length;
    waiting = refused;
  }
  const stored = new Map(world.resources.map(({ key, json }) => [key, json]));
  return { world, stored, refused: waiting.map(({ key }) => key).sort() };
}

/** Asserts that an order ends as the first one, and that `audit` then finds nothing. */
function expectSameEnd(order: readonly Resource[], wanted: End, start: readonly Resource[] = []): void {
  const end = replayed(order, start, wanted.world.config);
  const inOrder = order.map(({ ref }) => describeRef(ref)).join(', ');
  expect(end.refused, inOrder).toEqual(wanted.refused);
  expect(new Map([...end.stored].sort()), inOrder).toEqual(new Map([...wanted.stored].sort()));
  if (end.refused.length > 0) return;
  const { findings } = judge(end.world.inMode('lint'));
  expect(
    findings.map(({ code, message }) => `${code} ${message}`),
    inOrder,
  ).toEqual([]);
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, index) =>
    permutations(list.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

describe(`a pool of which only the decisions are written (SEED=${SEED})`, () => {
  it('is completed next to the management cluster', () => {
    const end = replayed([CLUSTER, ZOOKEEPER, CONNECTION, CLASS], MANAGED);
    expect(end.refused).toEqual([]);
    for (const key of [POOL_CONNECTION, POOL_CLASS])
      expect(end.stored.get(key)).toMatchObject(
        key === POOL_CLASS
          ? { parameters: given(key).json['parameters'] }
          : { data: given(key).json['data'] },
      );
    expect(end.stored.get(POOL_ZOOKEEPER)).toMatchObject({
      spec: {
        image: { tag: '3.5.9' },
        pod: { affinity: at(given(POOL_ZOOKEEPER).json, ['spec', 'pod', 'affinity']) },
      },
    });
  });

  it('ends with the same objects in all 24 orders', () => {
    const wanted = replayed([CLUSTER, ZOOKEEPER, CONNECTION, CLASS], MANAGED);
    for (const order of permutations(SPARSE)) expectSameEnd(order, wanted, MANAGED);
  });

  it('ends with the same objects if its directory comes before that of the management cluster', () => {
    const wanted = replayed([...MANAGED, CLUSTER, ZOOKEEPER, CONNECTION, CLASS]);
    expect(wanted.refused).toEqual([]);
    for (const order of permutations(SPARSE)) expectSameEnd([...order, ...MANAGED], wanted);
  });

  it('ends with the same objects in any mixture of the two directories', () => {
    const wanted = replayed([...MANAGED, CLUSTER, ZOOKEEPER, CONNECTION, CLASS]);
    const all = [...MANAGED, ...SPARSE];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) =>
        expectSameEnd(order, wanted),
      ),
      { numRuns: 20, seed: SEED },
    );
  });
});

/** What each object of the pool may leave out. The nodes of meta, and the cluster of the class, only it names. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  [POOL]: [
    'spec.diskDeploymentMode',
    'spec.storageClass',
    'spec.reclaimPolicy',
    'spec.meta.image',
    'spec.chunk.image.tag',
    'spec.chunk.podPolicy',
    'spec.chunk.dataCIDR',
    'spec.chunk.devicemanager',
    'spec.redirector.image.pullPolicy',
    'spec.redirector.podPolicy',
    'spec.probe',
    'spec.toolbox.image',
  ],
  [POOL_ZOOKEEPER]: ['spec.pod.affinity', 'spec.image', 'spec.image.tag', 'spec.image.pullPolicy'],
  [POOL_CONNECTION]: ['data.clusterId', 'data.metaAddr'],
  [POOL_CLASS]: ['parameters.clusterConnection', 'parameters.replicaFactor', 'parameters.thinProvision'],
};

describe(`a pool that leaves out anything (SEED=${SEED})`, () => {
  it('ends with the same objects in any order', () => {
    const sparse = fc.tuple(
      ...Object.entries(OPTIONAL).map(([key, paths]) =>
        fc
          .subarray([...paths])
          .map((gone) =>
            edited(given(key), Object.fromEntries(outermost(gone).map((path) => [path, undefined]))),
          ),
      ),
    );
    const cases = sparse.chain((objects) => {
      const all = [...MANAGED, ...objects];
      return fc.tuple(fc.constant(objects), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    fc.assert(
      fc.property(cases, ([objects, order]) => {
        // In files without a cluster, a class with iomeshCluster alone may be a complete one of 1.1.
        const wanted = replayed([...MANAGED, ...objects], [], { iomeshVersion: '1.0', pools: POOLS });
        expect(wanted.refused).toEqual([]);
        expectSameEnd(order, wanted);
      }),
      { numRuns: 30, seed: SEED },
    );
  });
});

/** Where the configuration sends the pool, other than its IOMeshCluster does. */
const POOLS = { 'iomesh-cluster-1/iomesh-cluster-1': { rack: ['r1'] } };

function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
}
