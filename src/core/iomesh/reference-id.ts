/** Which clusterId is the right one in a world. */
import { isBlankText } from '../base/text.ts';
import { allConnections, managementConnection } from './connection.ts';
import { readField, readString } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import type { World } from '../world.ts';

export const CLUSTER_ID = ['data', 'clusterId'] as const;

/** The clusterId the others are held against, and the ConfigMap that says it. */
export interface ReferenceId {
  readonly value: string;
  readonly holder: Resource;
  readonly isManagement: boolean;
  /** Another value that just as many ConfigMaps hold, where there is no telling which is right. */
  readonly tied: boolean;
  /** How many ConfigMaps hold another value. */
  readonly deviating: number;
}

/** A ConfigMap's own clusterId, if it can be relied on. */
export function clusterIdOf(world: World, connection: Resource): string | undefined {
  const { value } = readString(world, connection, CLUSTER_ID);
  return value === undefined || isBlankText(value) ? undefined : value;
}

/**
 * The management cluster's clusterId; where no ConfigMap of it says one, the value most ConfigMaps hold, of
 * equally frequent ones that of the first ConfigMap by name. Undefined where nothing can be said.
 */
export function referenceId(world: World): ReferenceId | undefined {
  return world.memoize(referenceId, () => {
    const truth = managementConnection(world);
    if (truth !== undefined) {
      const value = clusterIdOf(world, truth);
      if (value !== undefined) return { value, holder: truth, isManagement: true, tied: false, deviating: 0 };
      if (readField(world, truth, CLUSTER_ID).state === 'invalid') return undefined;
    }
    // The management cluster's ConfigMap may be the very document that could not be read.
    return world.mayHoldUnread('ConfigMap') ? undefined : mostFrequent(world);
  });
}

function mostFrequent(world: World): ReferenceId | undefined {
  const holders = new Map<string, { first: Resource; count: number }>();
  let all = 0;
  for (const each of allConnections(world)) {
    const value = clusterIdOf(world, each);
    if (value === undefined) continue;
    all++;
    const known = holders.get(value);
    if (known === undefined) holders.set(value, { first: each, count: 1 });
    else {
      known.count++;
      if (each.key < known.first.key) known.first = each;
    }
  }
  const ranked = [...holders].sort(
    ([, a], [, b]) => b.count - a.count || (a.first.key < b.first.key ? -1 : 1),
  );
  const [best, next] = ranked;
  if (best === undefined) return undefined;
  const [value, { first: holder, count }] = best;
  const tied = next?.[1].count === count;
  return { value, holder, isManagement: false, tied, deviating: all - count };
}

/** True where two worlds hold ConfigMaps against the same value. */
export function sameReference(a: ReferenceId | undefined, b: ReferenceId | undefined): boolean {
  return (
    a?.value === b?.value &&
    a?.holder.key === b?.holder.key &&
    a?.tied === b?.tied &&
    (a?.deviating === 1) === (b?.deviating === 1)
  );
}
