/** Where a component goes that nobody placed. */
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../src/core/defaults/mutate.ts';
import { at, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import type { Resource } from '../../../src/core/base/model.ts';
import {
  edited,
  expectFilledTo,
  filled,
  given,
  hostnames,
  MANAGEMENT,
  names,
  node,
  POOL,
  POOL_ZOOKEEPER,
  pathOf,
  requiredOf,
  resourceOf,
  worldWith,
  written,
} from './world.ts';

const META = requiredOf('spec.meta.podPolicy');
const CHUNK = requiredOf('spec.chunk.podPolicy');
const REDIRECTOR = requiredOf('spec.redirector.podPolicy');
const ZOOKEEPER = requiredOf('spec.pod');
const ANTI = 'spec.pod.affinity.podAntiAffinity';
const HERE = hostnames('k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5');
const NO_POLICY = {
  'spec.meta.podPolicy': undefined,
  'spec.chunk.podPolicy': undefined,
  'spec.redirector.podPolicy': undefined,
};
const ALONE = { without: [POOL, POOL_ZOOKEEPER] };
const POOLS = { 'iomesh-cluster-1/iomesh-cluster-1': { 'kubernetes.io/hostname': ['n7', 'n8', 'n9'] } };
const LABELLED = ['n7', 'n8', 'n9'].map((name) => node(name, { 'iomesh-guard.io/pool': 'iomesh-cluster-1' }));

describe('affinity from a sibling', () => {
  it('fills a component with the affinity of the others', () => {
    for (const component of ['meta', 'chunk', 'redirector'])
      expectFilledTo(written(POOL, { [`spec.${component}.podPolicy`]: undefined }), worldWith(), given(POOL));
  });

  it('takes the first of chunk, meta, redirector, zookeeper', () => {
    const apart = written(POOL, {
      [CHUNK]: hostnames('c'),
      [META]: hostnames('m'),
      [REDIRECTOR]: hostnames('r'),
    });
    const zookeeper = written(POOL_ZOOKEEPER, { [ZOOKEEPER]: hostnames('z') });
    const world = worldWith([zookeeper]);
    const fill = (gone: readonly string[], wanted: string) => {
      const some = edited(
        apart,
        Object.fromEntries(gone.map((each) => [`spec.${each}.podPolicy`, undefined])),
      );
      const got = filled(some, world);
      expect(Object.values(got), gone.join()).toEqual(gone.map(() => hostnames(wanted)));
    };
    fill(['meta'], 'c');
    fill(['redirector'], 'c');
    fill(['chunk'], 'm');
    fill(['chunk', 'meta'], 'r');
    fill(['chunk', 'meta', 'redirector'], 'z');
    const bare = written(POOL_ZOOKEEPER, { [ZOOKEEPER]: undefined });
    expect(filled(bare, worldWith([apart]))).toEqual({ [ZOOKEEPER]: hostnames('c') });
  });

  it('fills either object of a cluster from the other, whichever is created first', () => {
    const cluster = written(POOL, NO_POLICY);
    expectFilledTo(cluster, worldWith([], { without: [POOL] }), given(POOL));
    const zookeeper = written(POOL_ZOOKEEPER, { 'spec.pod.affinity': undefined });
    expectFilledTo(zookeeper, worldWith([], { without: [POOL_ZOOKEEPER] }), given(POOL_ZOOKEEPER));
  });

  it('fills equivalent terms when the sibling has a node selector', () => {
    const pool = written(POOL, {
      ...NO_POLICY,
      'spec.chunk.podPolicy': { nodeSelector: { rack: 'r1', disk: 'ssd' } },
    });
    const terms = (filled(pool, worldWith())[META] as JsonObject)['nodeSelectorTerms'] as JsonObject[];
    expect(terms).toHaveLength(1);
    expect(terms[0]!['matchExpressions']).toHaveLength(2);
    expect(terms[0]!['matchExpressions']).toEqual(
      expect.arrayContaining([
        { key: 'rack', operator: 'In', values: ['r1'] },
        { key: 'disk', operator: 'In', values: ['ssd'] },
      ]),
    );
  });

  it('joins the node selector of the sibling to each of its terms', () => {
    const pool = written(POOL, {
      'spec.meta.podPolicy': undefined,
      'spec.chunk.podPolicy.nodeSelector': { rack: 'r1' },
      [CHUNK]: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] },
        ],
      },
    });
    const rack = { key: 'rack', operator: 'In', values: ['r1'] };
    const terms = (filled(pool, worldWith())[META] as JsonObject)['nodeSelectorTerms'] as JsonObject[];
    expect(terms[0]!['matchExpressions']).toEqual(
      expect.arrayContaining([rack, { key: 'a', operator: 'Exists' }]),
    );
    expect(terms[1]).toEqual({
      matchExpressions: [rack],
      matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
    });
  });

  it.each<[string, Json]>([
    ['no terms', { nodeSelectorTerms: [] }],
    ['an empty term', { nodeSelectorTerms: [{}] }],
    [
      'a sound term beside an empty one',
      { nodeSelectorTerms: [...(HERE['nodeSelectorTerms'] as Json[]), {}] },
    ],
    [
      'an unknown operator',
      { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'in', values: ['x'] }] }] },
    ],
    [
      'a contradiction',
      {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'a', operator: 'Exists' },
              { key: 'a', operator: 'DoesNotExist' },
            ],
          },
        ],
      },
    ],
  ])('takes the next sibling when the first has %s', (_name, invalid) => {
    const pool = written(POOL, { [CHUNK]: invalid, 'spec.redirector.podPolicy': undefined });
    expect(filled(pool, worldWith())).toEqual({ [REDIRECTOR]: HERE });
    const alone = edited(pool, { [META]: invalid });
    expect(filled(alone, worldWith([], { without: [POOL_ZOOKEEPER] }))).toEqual({});
  });

  it('fills copies that share nothing with each other or with the sibling', () => {
    const pool = written(POOL, { 'spec.meta.podPolicy': undefined, 'spec.redirector.podPolicy': undefined });
    const { json } = mutate(pool, worldWith(), 'CREATE').resource;
    const lists = [CHUNK, META, REDIRECTOR].map((each) => at(json, pathOf(each)));
    const deep = lists.map((each) => at(each, ['nodeSelectorTerms', 0, 'matchExpressions', 0, 'values']));
    for (const group of [lists, deep]) {
      expect(group[1]).toEqual(group[0]);
      expect(new Set(group).size).toBe(3);
    }
  });
});

describe('affinity from 1.1 on', () => {
  const config = { iomeshVersion: '1.1' } as const;

  it('fills meta and chunk, and never the redirector', () => {
    const meta = written(POOL, { 'spec.meta.podPolicy': undefined });
    expect(filled(meta, worldWith([], { config }))).toEqual({ [META]: HERE });
    const redirector = written(POOL, { 'spec.redirector.podPolicy': undefined });
    expect(filled(redirector, worldWith([], { config }))).toEqual({});
    const pools = { config: { ...config, pools: POOLS }, ...ALONE };
    expect(Object.keys(filled(written(POOL, NO_POLICY), worldWith([], pools)))).toEqual([CHUNK, META]);
  });

  it('does not take the affinity of the redirector', () => {
    const pool = written(POOL, { 'spec.meta.podPolicy': undefined, 'spec.chunk.podPolicy': undefined });
    expect(filled(pool, worldWith([], { without: [POOL_ZOOKEEPER], config }))).toEqual({});
  });
});

describe('affinity from the configuration and from labels', () => {
  const bare = written(POOL, NO_POLICY);

  it('fills the configured pool when no sibling has an affinity', () => {
    const mutation = mutate(bare, worldWith(LABELLED, { ...ALONE, config: { pools: POOLS } }), 'CREATE');
    expect(new Set(Object.values(names(mutation)))).toEqual(new Set(['affinity-from-pool']));
    for (const each of [CHUNK, META, REDIRECTOR])
      expect(at(mutation.resource.json, pathOf(each))).toEqual(hostnames('n7', 'n8', 'n9'));
  });

  it('requires all labels of a pool together', () => {
    const pools = { 'iomesh-cluster-1/iomesh-cluster-1': { zone: ['a', 'b'], rack: ['r1'] } };
    expect(filled(bare, worldWith([], { ...ALONE, config: { pools } }))[CHUNK]).toEqual({
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: 'zone', operator: 'In', values: ['a', 'b'] },
            { key: 'rack', operator: 'In', values: ['r1'] },
          ],
        },
      ],
    });
  });

  it('prefers the sibling to the pool and the pool to the label', () => {
    const one = written(POOL, { 'spec.meta.podPolicy': undefined });
    const config = { pools: POOLS };
    expect(names(mutate(one, worldWith(LABELLED, { config }), 'CREATE'))).toEqual({
      [META]: 'affinity-from-sibling',
    });
    const label = mutate(bare, worldWith(LABELLED, ALONE), 'CREATE');
    expect(names(label)[CHUNK]).toBe('affinity-from-pool-label');
    expect(at(label.resource.json, pathOf(CHUNK))).toEqual({
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'iomesh-guard.io/pool', operator: 'In', values: ['iomesh-cluster-1'] }] },
      ],
    });
  });

  it('fills the pool label when a node of the configuration has it', () => {
    const nodes = [{ name: 'n7', labels: { 'iomesh-guard.io/pool': 'iomesh-cluster-1' } }];
    expect(filled(bare, worldWith([], { ...ALONE, config: { nodes } }))).toHaveProperty([CHUNK]);
  });

  it.each<[string, Parameters<typeof worldWith>]>([
    ['nobody knows a node', [[], ALONE]],
    ['no node carries the label', [[node('n7')], ALONE]],
    [
      "nodes carry another pool's label",
      [[node('n7', { 'iomesh-guard.io/pool': 'iomesh-cluster-2' })], ALONE],
    ],
    [
      'the pool is of another cluster',
      [[], { ...ALONE, config: { pools: { 'iomesh-cluster-1/other': { a: ['b'] } } } }],
    ],
    [
      'the pool lists nothing',
      [[], { ...ALONE, config: { pools: { 'iomesh-cluster-1/iomesh-cluster-1': { a: [] } } } }],
    ],
    [
      'the pool has no label',
      [[], { ...ALONE, config: { pools: { 'iomesh-cluster-1/iomesh-cluster-1': {} } } }],
    ],
    [
      'a second cluster of the namespace would get the same nodes',
      [
        [
          ...LABELLED,
          resourceOf({ ...given(POOL).json, metadata: { name: 'second', namespace: 'iomesh-cluster-1' } }),
        ],
        ALONE,
      ],
    ],
  ])('fills nothing when %s', (_name, [resources, options]) => {
    expect(filled(bare, worldWith(resources, options))).toEqual({});
  });

  it('fills both objects of a cluster alike, the ZookeeperCluster after its IOMeshCluster', () => {
    const zookeeper = written(POOL_ZOOKEEPER, { 'spec.pod.affinity': undefined });
    for (const [resources, config] of [
      [LABELLED, {}],
      [[], { pools: POOLS }],
    ] as const) {
      const empty = worldWith(resources, { ...ALONE, config });
      const run = (order: readonly Resource[]) => {
        const stored: Resource[] = [];
        for (const each of order)
          stored.push(
            mutate(each, worldWith([...resources, ...stored], { ...ALONE, config }), 'CREATE').resource,
          );
        return new Map(stored.map((each) => [each.key, each.json]));
      };
      const one = run([bare, zookeeper]);
      // The IOMeshCluster may have other nodes: a ZookeeperCluster that comes first is not filled.
      expect(at(run([zookeeper, bare]).get(POOL_ZOOKEEPER), pathOf(ZOOKEEPER))).toBeUndefined();
      expect(at(one.get(POOL_ZOOKEEPER), pathOf(ZOOKEEPER))).toEqual(filled(bare, empty)[CHUNK]);
    }
  });

  it('fills the pool of the management cluster like any other', () => {
    const management = written(MANAGEMENT, NO_POLICY);
    const pools = { 'iomesh-system/iomesh': { zone: ['m'] } };
    const world = worldWith([], {
      without: ['ZookeeperCluster/iomesh-system/iomesh-zookeeper'],
      config: { pools },
    });
    expect(Object.keys(filled(management, world))).toEqual([CHUNK, META, REDIRECTOR]);
  });
});

describe('affinity that a person chose', () => {
  const preferred = [{ weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }];

  it.each<[string, Json]>([
    ['a node selector', { nodeSelector: { a: 'b' } }],
    [
      'terms',
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: hostnames('x') } } },
    ],
    [
      'terms that match nothing',
      {
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
        },
      },
    ],
    [
      'a preference',
      { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } },
    ],
    ['an affinity that is no object', { affinity: 'k8s-worker-3' }],
    ['a pod policy that is no object', ['k8s-worker-3']],
    ['a node selector that is no object', { nodeSelector: 'k8s-worker-3' }],
  ])('is kept: %s', (_name, podPolicy) => {
    expect(filled(written(POOL, { 'spec.meta.podPolicy': podPolicy }), worldWith())).toEqual({});
  });

  it('is kept: a node selector in the wrong place', () => {
    const pool = written(POOL, { 'spec.meta.podPolicy': undefined, 'spec.meta.nodeSelector': { a: 'b' } });
    expect(filled(pool, worldWith())).toEqual({});
  });

  it.each<[string, Json]>([
    ['a pod policy without placement', { tolerations: [{ operator: 'Exists' }] }],
    ['an empty node selector', { nodeSelector: {} }],
    ['an empty affinity', { affinity: {} }],
    ['a null affinity', { affinity: null }],
    ['a null pod policy', null],
    [
      'a null required affinity',
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: null } } },
    ],
    [
      'pod anti-affinity',
      { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [] } } },
    ],
  ])('is kept next to the filled one if it selects no nodes: %s', (_name, podPolicy) => {
    const pool = written(POOL, { 'spec.meta.podPolicy': podPolicy });
    expect(filled(pool, worldWith())).toEqual({ [META]: HERE });
  });

  it('is not filled for pods that run without one, but stays filled for those that had it', () => {
    const bare = written(POOL, { 'spec.meta.podPolicy': undefined, 'spec.redirector.podPolicy': undefined });
    const running = (resource: Resource) => edited(resource, { 'status.readyReplicas': 3 });
    expect(filled(bare, worldWith([running(bare)]), 'UPDATE')).toEqual({});
    // Nor where nothing runs yet: the request does not concern the field.
    expect(filled(bare, worldWith([bare]), 'UPDATE')).toEqual({});
    expect(filled(bare, worldWith([running(given(POOL))]), 'UPDATE')).toEqual({
      [META]: HERE,
      [REDIRECTOR]: HERE,
    });
  });

  it('is not filled for a ZookeeperCluster of no IOMesh cluster', () => {
    const foreign = resourceOf({
      ...(written(POOL_ZOOKEEPER, { 'spec.pod.affinity.podAntiAffinity': undefined, 'spec.image': {} })
        .json as JsonObject),
      metadata: { name: 'kafka', namespace: 'iomesh-cluster-1' },
    });
    const config = { pools: { 'iomesh-cluster-1/kafka': { a: ['b'] } } };
    expect(filled(foreign, worldWith(LABELLED, { config }))).toEqual({});
  });
});

describe('anti-affinity of ZooKeeper', () => {
  const SPREAD = at(given(POOL_ZOOKEEPER).json, pathOf(ANTI));

  it('is filled together with the node affinity, as one affinity', () => {
    const bare = written(POOL_ZOOKEEPER, { 'spec.pod': undefined });
    const mutation = mutate(bare, worldWith(), 'CREATE');
    expect(mutation.patch).toHaveLength(1);
    expect(mutation.patch[0]).toMatchObject({ op: 'add', path: '/spec/pod' });
    expect(at(mutation.resource.json, pathOf(ANTI))).toEqual(SPREAD);
  });

  it('is filled next to a node affinity that is set', () => {
    expect(filled(written(POOL_ZOOKEEPER, { [ANTI]: undefined }), worldWith())).toEqual({ [ANTI]: SPREAD });
    expect(filled(written(POOL_ZOOKEEPER, { [ANTI]: null }), worldWith())).toEqual({ [ANTI]: SPREAD });
  });

  it('is left to the operator when no affinity is set', () => {
    const alone = worldWith([], { without: [POOL, POOL_ZOOKEEPER] });
    for (const affinity of [undefined, null])
      expect(filled(written(POOL_ZOOKEEPER, { 'spec.pod.affinity': affinity }), alone)).toEqual({});
    // An empty one is set, and takes the operator's away.
    const empty = written(POOL_ZOOKEEPER, { 'spec.pod.affinity': {} });
    expect(filled(empty, alone)).toEqual({ [ANTI]: SPREAD });
  });

  it('is not filled when one is set', () => {
    for (const affinity of [{}, { requiredDuringSchedulingIgnoredDuringExecution: [] }])
      expect(filled(written(POOL_ZOOKEEPER, { [ANTI]: affinity }), worldWith())).toEqual({});
  });
});
