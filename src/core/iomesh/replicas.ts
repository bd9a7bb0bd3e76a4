/** The number of replicas that each component may have. */
import { clusterOf } from './cluster.ts';
import { readField } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

export type ReplicatedComponent = 'meta' | 'chunk' | 'zookeeper';

const FEWEST = 3;
const MOST_META = 5;
/** Limits the evidence of a number that is far too high or too low. */
const MAX_EVIDENCE = 32;

/** The components of an object that have replicas, and the path of the number. */
export function replicaFields({ kind, ref }: Resource): readonly (readonly [ReplicatedComponent, Path])[] {
  if (kind === 'IOMeshCluster')
    return [
      ['meta', ['spec', 'meta', 'replicas']],
      ['chunk', ['spec', 'chunk', 'replicas']],
    ];
  return kind === 'ZookeeperCluster' && clusterOf(ref) !== undefined
    ? [['zookeeper', ['spec', 'replicas']]]
    : [];
}

/** The number of replicas at a path; undefined if it is absent or a schema error. */
export function replicasAt(world: World, resource: Resource, path: Path): number | undefined {
  const { value } = readField(world, resource, path);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

export interface ReplicaCountError {
  /** Why the number is wrong: follows "but" in a message. */
  readonly reason: string;
  /** The number to set, as the help gives it. */
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
  if (count < FEWEST)
    return {
      reason: component === 'chunk' ? 'at least 3 are required' : '3 or 5 are required for a majority',
      wanted: '3',
      evidence: [...upTo(FEWEST - 1, Math.max(count, 0) - 1), ...(count < 0 ? ['negative'] : [])],
      transient: false,
    };
  if (component === 'meta' && count === 4)
    return {
      reason: '4 tolerate no more failures than 3 and are allowed only while scaling',
      wanted: '5 (to scale up) or 3 (to scale down)',
      evidence: ['even'],
      transient: true,
    };
  if (component === 'meta' && count > MOST_META)
    return {
      reason: 'only 3 or 5 are supported',
      wanted: '5',
      evidence: upTo(count, MOST_META),
      transient: false,
    };
  if (component === 'zookeeper' && count % 2 === 0)
    return {
      reason: `${count} tolerate no more failures than ${count - 1}`,
      wanted: String(count - 1),
      evidence: ['even'],
      transient: false,
    };
  return undefined;
}

/** One item for each number above `low`, up to `high`. */
function upTo(high: number, low: number): string[] {
  const length = Math.min(Math.ceil(high - low), MAX_EVIDENCE);
  return Array.from({ length }, (_, index) => `${low + index + 1}`);
}
