/** How many replicas each component may have. */
import { clusterOf } from './cluster.ts';
import { readField } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

export type Replicated = 'meta' | 'chunk' | 'zookeeper';

const FEWEST = 3;
const MOST_META = 5;
/** Numbers further off than this count as equally wrong. */
const MAX_PIECES = 32;

/** The components with replicas that an object brings, and where their number stands. */
export function replicated({ kind, ref }: Resource): readonly (readonly [Replicated, Path])[] {
  if (kind === 'IOMeshCluster')
    return [
      ['meta', ['spec', 'meta', 'replicas']],
      ['chunk', ['spec', 'chunk', 'replicas']],
    ];
  return kind === 'ZookeeperCluster' && clusterOf(ref) !== undefined
    ? [['zookeeper', ['spec', 'replicas']]]
    : [];
}

/** The number of replicas at a path; undefined where it is absent or reported as faulty. */
export function replicasAt(world: World, resource: Resource, path: Path): number | undefined {
  const { value } = readField(world, resource, path);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

export interface ReplicaFault {
  /** What would be right, for a sentence. */
  readonly due: string;
  readonly instead: string;
  /** What is wrong, piece by piece: fewer pieces are an improvement. */
  readonly pieces: readonly string[];
  /** Passed through while a cluster is scaled. */
  readonly transient: boolean;
}

/** What is wrong with a number of replicas, if anything. */
export function replicaFault(component: Replicated, count: number): ReplicaFault | undefined {
  if (count < FEWEST)
    return {
      due: component === 'chunk' ? 'at least 3 are needed' : '3 or 5 are needed for a majority',
      instead: '3',
      pieces: [...upTo(FEWEST - 1, Math.max(count, 0) - 1), ...(count < 0 ? ['negative'] : [])],
      transient: false,
    };
  if (component === 'meta' && count === 4)
    return {
      due: '4 have no better majority than 3 and are only passed through while scaling',
      instead: '5 when growing, 3 when shrinking',
      pieces: ['even'],
      transient: true,
    };
  if (component === 'meta' && count > MOST_META)
    return { due: '3 or 5 are supported', instead: '5', pieces: upTo(count, MOST_META), transient: false };
  if (component === 'zookeeper' && count % 2 === 0)
    return {
      due: `an even number has no better majority than ${count - 1}`,
      instead: String(count - 1),
      pieces: ['even'],
      transient: false,
    };
  return undefined;
}

/** One piece for each number from `high` down to, but without, `low`. */
function upTo(high: number, low: number): string[] {
  const length = Math.min(Math.ceil(high - low), MAX_PIECES);
  return Array.from({ length }, (_, index) => `${low + index + 1}`);
}
