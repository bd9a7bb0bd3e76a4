/** Random worlds grown from the correct two-cluster set, and random changes of them. */
import fc from 'fast-check';
import { type Config, DEFAULT_CONFIG, type RuleSetting } from '../../../src/core/base/config.ts';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { type Change, KINDS, type Resource, toResource } from '../../../src/core/base/model.ts';
import { rules } from '../../../src/core/judge/catalogue.ts';
import { World } from '../../../src/core/world.ts';
import { clusterLike } from '../../cases/clusters.ts';
import { caseText, readWorld } from '../../cases/harness.ts';
import { nodes } from '../../cases/placement.ts';
import { EDIT_RANGE, editObject } from './edits.ts';

/** Every resource of a world. */
export function resourcesOf(world: World): Resource[] {
  return KINDS.flatMap((kind) => [...world.all(kind)]);
}

function read(text: string): JsonObject[] {
  return resourcesOf(readWorld(text, { name: 'documents' })).map(({ json }) => json);
}

const BASE = read(caseText({ name: 'base' }));

const plain = (kind: string, name: string, more: JsonObject): JsonObject => ({
  apiVersion: kind === 'StorageClass' ? 'storage.k8s.io/v1' : 'v1',
  kind,
  metadata: {
    name,
    ...(kind === 'ConfigMap' || kind === 'PersistentVolumeClaim' ? { namespace: 'apps' } : {}),
  },
  ...more,
});

/** Objects that may be added to a world. Some share a name with each other or with those of the base. */
const POOL: readonly JsonObject[] = [
  ...BASE,
  ...read(clusterLike('pool-b', 6)),
  ...read(clusterLike('pool-c', 3)),
  ...read(clusterLike('second', 9, { namespace: 'iomesh-cluster-1' })),
  ...read(clusterLike('extra', 12, { namespace: 'iomesh-system' })),
  ...read(clusterLike('iomesh', 6, { namespace: 'pool-b' })),
  plain('ConfigMap', 'app-settings', { data: { clusterId: 'not ours' } }),
  plain('ConfigMap', 'link', {
    data: { metaAddr: 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100' },
  }),
  plain('StorageClass', 'iomesh-csi-driver', { provisioner: 'com.iomesh.csi-driver', parameters: {} }),
  plain('StorageClass', 'through-link', {
    provisioner: 'com.iomesh.csi-driver',
    parameters: { clusterConnection: 'apps/link', iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' },
  }),
  plain('StorageClass', 'elsewhere', { provisioner: 'other.example' }),
  plain('PersistentVolumeClaim', 'data', {
    spec: { storageClassName: 'iomesh-cluster-1', accessModes: ['ReadWriteOnce'] },
  }),
  plain('PersistentVolume', 'of-class', {
    spec: { storageClassName: 'iomesh-cluster-1', csi: { driver: 'com.iomesh.csi-driver' } },
    status: { phase: 'Bound' },
  }),
  plain('PersistentVolume', 'of-cluster', {
    spec: {
      csi: { driver: 'com.iomesh.csi-driver', volumeAttributes: { iomeshCluster: 'pool-b/pool-b' } },
    },
  }),
  ...[0, 1, 2, 3, 4, 5, 6].map((each) =>
    plain('Node', `k8s-worker-${each}`, {
      metadata: { name: `k8s-worker-${each}`, labels: { pool: each < 3 ? 'a' : 'b' } },
    }),
  ),
];

const number = fc.nat(EDIT_RANGE);
/** One of many objects: by kind first, as the important kinds have few objects. */
const pick = fc.record({
  kind: fc.constantFrom(
    ...KINDS,
    'IOMeshCluster' as const,
    'IOMeshCluster' as const,
    'ZookeeperCluster' as const,
  ),
  index: number,
});
type Pick = typeof pick extends fc.Arbitrary<infer T> ? T : never;
const edit = fc.record({ do: fc.constant('edit' as const), pick, field: number, value: number });
const step = fc.oneof(
  { weight: 3, arbitrary: edit },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), pick }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const key = (json: JsonObject) => toResource(json)!.key;

function choose({ kind, index }: Pick, from: Iterable<JsonObject>): JsonObject | undefined {
  const all = [...from].filter((each) => each['kind'] === kind);
  return all[index % Math.max(1, all.length)];
}

function apply(objects: Map<string, JsonObject>, each: Step): void {
  const picked = choose(each.pick, each.do === 'add' ? POOL : objects.values());
  if (picked === undefined) return;
  if (each.do === 'drop') objects.delete(key(picked));
  else objects.set(key(picked), each.do === 'add' ? picked : editObject(picked, each.field, each.value));
}

/** The objects that a world starts with: the correct set, one cluster of it, or none. */
const SEEDS: readonly (readonly JsonObject[])[] = [
  BASE,
  BASE,
  BASE,
  BASE.filter((json) => key(json).includes('iomesh-cluster-1')),
  BASE.filter((json) => !key(json).includes('iomesh-cluster-1')),
  [],
];

const settings = fc.dictionary(
  fc.constantFrom(...rules.map((rule) => rule.code)),
  fc.constantFrom<RuleSetting>('error', 'warning', 'off'),
  { maxKeys: 3 },
);

/**
 * Configurations with both versions, known or unknown nodes, another management cluster, and severities of
 * rules.
 */
export const configs: fc.Arbitrary<Config> = fc
  .record({
    iomeshVersion: fc.constantFrom('1.0' as const, '1.0' as const, '1.1' as const, '1.2' as const),
    nodes: fc.constantFrom(undefined, undefined, nodes(0, 1, 2, 3, 4, 5), nodes(0, 1, 2, 3)),
    managementCluster: fc.constantFrom(DEFAULT_CONFIG.managementCluster, DEFAULT_CONFIG.managementCluster, {
      namespace: 'pool-b',
      name: 'pool-b',
    }),
    rules: fc.oneof(fc.constant({}), settings),
  })
  .map((each) => ({ ...DEFAULT_CONFIG, ...each }));

/** A world and a change of one of its objects. */
export interface Scenario {
  readonly world: World;
  readonly change: Change;
}

export const worlds: fc.Arbitrary<World> = fc
  .record({
    steps: fc.array(step, { maxLength: 8 }),
    config: configs,
    seed: fc.constantFrom(...SEEDS),
  })
  .map(({ steps, config, seed }) => {
    const objects = new Map(seed.map((json) => [key(json), json]));
    for (const each of steps) apply(objects, each);
    const resources = [...objects.values()].map((json) => toResource(json)!);
    return World.of({ resources, config, today: '2026-11-23' });
  });

export const changeSteps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      pick,
      edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('add' as const), pick, edits: fc.array(edit, { maxLength: 1 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), pick, edits: fc.constant([]) }) },
);
export type ChangeStep = typeof changeSteps extends fc.Arbitrary<infer T> ? T : never;

export const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(worlds, changeSteps)
  .map(([world, each]) => ({ world, change: changeOf(world, each) }))
  .filter((each): each is Scenario => each.change !== undefined);

/** The change that a step makes in a world; undefined if there is no object to change. */
export function changeOf(world: World, each: ChangeStep): Change | undefined {
  const present = resourcesOf(world);
  let json = choose(each.pick, each.do === 'add' ? POOL : present.map((resource) => resource.json));
  if (json === undefined) return undefined;
  const before = world.getByKey(key(json));
  if (each.do === 'drop') return before === undefined ? undefined : { before };
  for (const { field, value } of each.edits) json = editObject(json, field, value);
  const after = toResource(json)!;
  return before === undefined ? { after } : { before, after };
}

/** The text of a change, for the report of a failure. */
export function changeText({ before, after }: Change): string {
  const what = before === undefined ? 'CREATE' : after === undefined ? 'DELETE' : 'UPDATE';
  return `${what} ${(after ?? before)!.key}`;
}
