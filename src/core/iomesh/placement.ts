/** The node selection of each component of a cluster. */
import { Derived } from '../base/derived.ts';
import { atLeast } from '../base/iomesh-version.ts';
import {
  type ClusterId,
  type Component,
  CLUSTER_KINDS,
  clusterOf,
  existingObjectsOf,
  isOfIomesh,
  sameCluster,
} from './cluster.ts';
import { readField } from '../schema/read-field.ts';
import { at, isObject } from '../base/json.ts';
import { changedObject, type ObjectRef, type Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { type Placement, parsePlacement, type Selection, satisfiable } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** Pods do not move with their selection: part of a help about nodes of a running cluster. */
export const KEEP_NODES = 'keep every node that runs a pod of this cluster in the selection';

/** The placement of one component of a cluster. */
export interface ComponentPlacement {
  readonly component: Component;
  readonly resource: Resource;
  /** The path of the pod policy: `spec.chunk.podPolicy`, or `spec.pod` of a ZookeeperCluster. */
  readonly path: Path;
  /** The path of the component, as a label shows it: `spec.chunk`. */
  readonly owner: Path;
  readonly placement: Placement;
}

/** The path of a component's pod policy in its object. */
export function podPolicyPath(component: Component): Path {
  return component === 'zookeeper' ? ['spec', 'pod'] : ['spec', component, 'podPolicy'];
}

/**
 * The placements of an object's components: chunk, meta and redirector of an IOMeshCluster, zookeeper of a
 * ZookeeperCluster that belongs to one. A component is left out if its section is missing or its placement is
 * misplaced or of a wrong type: schema rules report that.
 */
export function placementsOf(world: World, resource: Resource): readonly ComponentPlacement[] {
  if (!isOfIomesh(world, resource)) return [];
  const cached = CACHE.get(resource);
  if (cached?.schemaKey === world.schemaKey) return cached.placements;
  const placements = readPlacements(world, resource);
  CACHE.set(resource, { schemaKey: world.schemaKey, placements });
  return placements;
}

// Objects outlive worlds: in serve, every review evaluates the same ones.
const CACHE = new Derived<Resource, { schemaKey: string; placements: readonly ComponentPlacement[] }>();

function readPlacements(world: World, resource: Resource): readonly ComponentPlacement[] {
  const components: readonly Component[] =
    resource.kind === 'ZookeeperCluster' ? ['zookeeper'] : ['chunk', 'meta', 'redirector'];
  const placements: ComponentPlacement[] = [];
  for (const component of components) {
    const path = podPolicyPath(component);
    const owner = component === 'zookeeper' ? ['spec'] : ['spec', component];
    if (!isObject(at(resource.json, owner))) continue;
    const isInvalid = (field: Path) => readField(world, resource, [...path, ...field]).state === 'invalid';
    if (isInvalid(['nodeSelector']) || isInvalid(['affinity', 'nodeAffinity'])) continue;
    const placement = parsePlacement(at(resource.json, path), path);
    placements.push({ component, resource, path, owner, placement });
  }
  return placements;
}

/** The placements by which an object claims nodes for its cluster: see {@link claimsNodes}. */
export function claimingPlacements(world: World, resource: Resource): readonly ComponentPlacement[] {
  return placementsOf(world, resource).filter(({ component }) => claimsNodes(world, component));
}

/**
 * True for a component whose nodes belong to its cluster alone. The redirector is one at 1.0 only. From 1.1
 * on the guide never places it, so redirectors of several clusters may share a node.
 */
export function claimsNodes(world: World, component: Component): boolean {
  return component !== 'redirector' || requiresNodeSelection(world);
}

/** True if several clusters need node selections: at 1.0. From 1.1 on they are optional. */
export function requiresNodeSelection(world: World): boolean {
  return !atLeast(world.iomeshVersion, '1.1');
}

/** The node selection that a component requires, if a node can satisfy it. */
export function usableSelection({ placement }: ComponentPlacement): Selection | undefined {
  const { selection } = placement;
  return selection !== undefined && satisfiable(selection) ? selection : undefined;
}

/** The components of an object that should claim nodes, but require none: their pods can run on any node. */
export function unplacedComponents(world: World, resource: Resource): readonly ComponentPlacement[] {
  return claimingPlacements(world, resource).filter(
    ({ placement }) => placement.selection === undefined && placement.errors.length === 0,
  );
}

/** Every object whose components are placed on nodes as those of a cluster. */
export function placedObjects(world: World): readonly Resource[] {
  return world.memoize(placedObjects, () =>
    CLUSTER_KINDS.flatMap((kind) => world.all(kind).filter(({ ref }) => clusterOf(ref) !== undefined)),
  );
}

/** A property of a placed object that depends on nothing but the objects of its cluster. Define each once, as a constant. */
type PlacedProperty = (world: World, resource: Resource) => boolean;

/**
 * The placed objects with a property. A world after a change takes those of other clusters from its base: with 1 000
 * clusters, two rules that looked at each of them took a third of a review (a CPU profile of bench/webhook.mjs).
 */
export function placedObjectsWith(world: World, property: PlacedProperty): readonly Resource[] {
  const { base, change = {} } = world;
  if (base === undefined)
    return world.memoize(property, () => placedObjects(world).filter((each) => property(world, each)));
  const known = placedObjectsWith(base, property);
  const changed = changedObject(change);
  const id = changed === undefined ? undefined : clusterOf(changed.ref);
  if (id === undefined) return known;
  const others = known.filter(({ ref }) => !isOfCluster(ref, id));
  const own = [...existingObjectsOf(world, id), change.after].filter(
    (each, index, all) => each !== undefined && all.indexOf(each) === index && property(world, each),
  );
  return own.length === 0 ? others : [...others, ...(own as Resource[])];
}

function isOfCluster(ref: ObjectRef, id: ClusterId): boolean {
  const other = clusterOf(ref);
  return other !== undefined && sameCluster(other, id);
}
