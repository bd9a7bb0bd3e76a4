/** The clusterId that the connection ConfigMaps of a world must have. */
import { isBlankText } from '../base/text.ts';
import {
  allConnections,
  managementConnection,
  stayingConnections,
  stayingManagementConnection,
} from './connection.ts';
import { isLeaving } from './leaving.ts';
import { readField, readString } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import { asksForWaiver } from '../base/waivers.ts';
import type { World } from '../world.ts';

export const CLUSTER_ID = ['data', 'clusterId'] as const;
/** The rule that compares the ConfigMaps. */
export const CLUSTER_ID_RULE = { code: 'IOM201', name: 'cluster-id-mismatch' } as const;

/** The clusterId that others are compared with, and the ConfigMap that has it. */
export interface ReferenceId {
  readonly value: string;
  readonly holder: Resource;
  readonly isManagement: boolean;
  /** True if another value is equally frequent, so that it is unknown which is right. */
  readonly tied: boolean;
  /** The number of ConfigMaps with another value. */
  readonly deviating: number;
}

/** The clusterId of a ConfigMap, if it is valid. */
export function clusterIdOf(world: World, connection: Resource): string | undefined {
  const { value } = readString(world, connection, CLUSTER_ID);
  return value === undefined || isBlankText(value) ? undefined : value;
}

/** The ConfigMaps that are compared with each other. */
export interface ComparedConnections {
  readonly all: (world: World) => readonly Resource[];
  readonly has: (world: World, connection: Resource) => boolean;
  readonly ofManagement: (world: World) => Resource | undefined;
}

const PRESENT: ComparedConnections = {
  all: allConnections,
  has: () => true,
  ofManagement: managementConnection,
};
const STAYING: ComparedConnections = {
  all: stayingConnections,
  has: (world, connection) => !isLeaving(world, connection),
  ofManagement: stayingManagementConnection,
};

/**
 * What must agree in worlds: all that are present, and those that are left when the deletions under way have
 * ended, unless both have the same reference.
 */
export function comparedConnections(...worlds: readonly World[]): readonly ComparedConnections[] {
  return worlds.every(hasLastingReference) ? [PRESENT] : [PRESENT, STAYING];
}

function hasLastingReference(world: World): boolean {
  const management = managementConnection(world);
  // Only then all ConfigMaps must be looked at.
  if (management === undefined || clusterIdOf(world, management) === undefined)
    return allConnections(world).length === stayingConnections(world).length;
  return !isLeaving(world, management);
}

/**
 * The clusterId of the management cluster; if no ConfigMap of it has one, the most frequent value, and of
 * equally frequent ones that of the first ConfigMap by name. Undefined if there is none.
 */
export function referenceId(world: World, compared = PRESENT): ReferenceId | undefined {
  return world.memoize(compared, () => {
    const management = compared.ofManagement(world);
    if (management !== undefined) {
      const value = clusterIdOf(world, management);
      if (value !== undefined)
        return { value, holder: management, isManagement: true, tied: false, deviating: 0 };
      if (readField(world, management, CLUSTER_ID).state === 'invalid') return undefined;
    }
    // The ConfigMap of the management cluster may be the document that could not be read.
    return world.mayHoldUnread('ConfigMap') ? undefined : mostFrequent(world, compared.all(world));
  });
}

function mostFrequent(world: World, connections: readonly Resource[]): ReferenceId | undefined {
  const holders = new Map<string, { first: Resource; count: number }>();
  let all = 0;
  for (const each of connections) {
    const value = clusterIdOf(world, each);
    // A waived value is an exception, and no example for others.
    if (value === undefined || asksForWaiver(each, CLUSTER_ID_RULE, world.config)) continue;
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

/** True if two worlds compare their ConfigMaps with the same value. */
export function sameReferenceId(a: ReferenceId | undefined, b: ReferenceId | undefined): boolean {
  return (
    a?.value === b?.value &&
    a?.holder.key === b?.holder.key &&
    a?.tied === b?.tied &&
    (a?.deviating === 1) === (b?.deviating === 1)
  );
}
