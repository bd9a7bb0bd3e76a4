/** The number of replicas that each component may have, and how the number can change. */
import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { clusterOf } from './cluster.ts';
import { at, isArray } from '../base/json.ts';
import { readField } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

export type ReplicatedComponent = 'meta' | 'chunk' | 'zookeeper';

/** The smallest number of replicas of every component. */
export const FEWEST_REPLICAS = 3;
const MOST_META = 5;
/** Limits the evidence of a number that is far too high or too low. */
const MAX_EVIDENCE = 32;

/** The components of an object that have replicas, and the path of the number. */
export function replicaFields({ kind, ref }: Resource): readonly (readonly [ReplicatedComponent, Path])[] {
  if (kind === 'IOMeshCluster') return CLUSTER_REPLICAS;
  return kind === 'ZookeeperCluster' && clusterOf(ref) !== undefined ? ZOOKEEPER_REPLICAS : [];
}

const CLUSTER_REPLICAS: readonly (readonly [ReplicatedComponent, Path])[] = [
  ['meta', ['spec', 'meta', 'replicas']],
  ['chunk', ['spec', 'chunk', 'replicas']],
];
const ZOOKEEPER_REPLICAS: readonly (readonly [ReplicatedComponent, Path])[] = [
  ['zookeeper', ['spec', 'replicas']],
];

/** The number of replicas at a path; undefined if it is absent or a schema error. */
export function replicasAt(world: World, resource: Resource, path: Path): number | undefined {
  const { value } = readField(world, resource, path);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** The number of replicas that runs: the ZooKeeper operator uses 3 if none is set. */
export function effectiveReplicas(
  world: World,
  resource: Resource,
  component: ReplicatedComponent,
  path: Path,
): number | undefined {
  if (component === 'zookeeper' && readField(world, resource, path).state === 'absent')
    return FEWEST_REPLICAS;
  return replicasAt(world, resource, path);
}

export interface ReplicaCountError {
  /** Why the number is wrong: follows "but" in a message. */
  readonly reason: string;
  /** The numbers that are allowed, in the words of a help. */
  readonly wanted: string;
  /** One item for each missing or excess replica: fewer items are an improvement. */
  readonly evidence: readonly string[];
  /** Allowed while a cluster is scaled. */
  readonly transient: boolean;
}

/** The error of a number of replicas, or undefined. */
export function replicaCountError(
  component: ReplicatedComponent,
  count: number,
): ReplicaCountError | undefined {
  if (count < FEWEST_REPLICAS)
    return {
      reason: component === 'chunk' ? 'at least 3 are required' : '3 or 5 are required for a majority',
      wanted: '3',
      evidence: [...upTo(FEWEST_REPLICAS - 1, Math.max(count, 0) - 1), ...(count < 0 ? ['negative'] : [])],
      transient: false,
    };
  if (component === 'meta' && count === 4)
    return {
      reason: '4 tolerate no more failures than 3 and are allowed only while scaling',
      wanted: '3 or 5',
      evidence: ['even'],
      transient: true,
    };
  if (component === 'meta' && count > MOST_META)
    return {
      reason: 'only 3 or 5 are supported',
      wanted: '3 or 5',
      evidence: upTo(count, MOST_META),
      transient: false,
    };
  if (component === 'zookeeper' && count % 2 === 0)
    return {
      reason: `${count} tolerate no more failures than ${count - 1}`,
      wanted: `${count - 1} or ${count + 1}`,
      evidence: ['even'],
      transient: false,
    };
  return undefined;
}

/**
 * The number of replicas of a component that run, by the status of the object; undefined if the status does not
 * show it. It is larger than the number in the spec while replicas are removed.
 */
export function runningReplicas(resource: Resource, component: ReplicatedComponent): number | undefined {
  const status = (...path: string[]) => at(resource.json, ['status', ...path]);
  const lists = [
    component === 'chunk' ? status('summary', 'chunkSummary', 'chunks') : undefined,
    component === 'meta' ? status('summary', 'metaSummary', 'aliveHost') : undefined,
  ];
  const counts = [
    status('readyReplicas', component),
    ...lists.map((list) => (isArray(list) ? list.length : undefined)),
  ].flatMap((count) => (typeof count === 'number' || typeof count === 'bigint' ? [Number(count)] : []));
  return counts.length === 0 ? undefined : Math.max(...counts);
}

/** True for an IOMeshCluster or a ZookeeperCluster whose status shows pods that are ready. */
export function hasReadyPods(resource: Resource): boolean {
  const ready = at(resource.json, ['status', 'readyReplicas']) ?? undefined;
  return ready !== undefined && ready !== 0;
}

/** True if a number of replicas is wrong in a way in which the previous number was not. */
export function worsensReplicaCount(component: ReplicatedComponent, from: number, to: number): boolean {
  const error = replicaCountError(component, to);
  if (error === undefined || error.transient) return false;
  const before = replicaCountError(component, from)?.evidence ?? [];
  return error.evidence.some((each) => !before.includes(each));
}

/** The largest supported number of replicas that is not above a limit; undefined if none is that small. */
export function supportedReplicas(component: ReplicatedComponent, limit: number): number | undefined {
  if (limit < FEWEST_REPLICAS) return undefined;
  if (component === 'chunk') return limit;
  if (component === 'meta') return limit < MOST_META ? FEWEST_REPLICAS : MOST_META;
  return limit % 2 === 0 ? limit - 1 : limit;
}

/** True if the vendor documents how to remove a replica of the component from a running cluster. */
export function isRemovable(component: ReplicatedComponent, version: IomeshVersion): boolean {
  return component === 'chunk' || (component === 'meta' && atLeast(version, '1.2'));
}

/** How to remove the last chunk from a running cluster: follows "run" in a help. */
export const UNREGISTER_CHUNK =
  '/opt/iomesh/iomeshctl chunk unregister <chunk ID> in the pod of the meta leader';

/** The condition under which a help may tell to lower a number of replicas. */
export function loweringCondition(component: ReplicatedComponent, version: IomeshVersion): string {
  if (component === 'chunk')
    return 'in a running cluster one at a time, each after its chunk is unregistered, see IOM604';
  return isRemovable(component, version)
    ? 'in a running cluster one at a time'
    : `only if no more pods have ever run, because ${component} pods cannot be removed`;
}

/** One item for each number above `low`, up to `high`. */
function upTo(high: number, low: number): string[] {
  const length = Math.min(Math.ceil(high - low), MAX_EVIDENCE);
  return Array.from({ length }, (_, index) => `${low + index + 1}`);
}
