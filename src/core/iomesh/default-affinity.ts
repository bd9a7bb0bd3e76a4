import { claimingPlacements, type ComponentPlacement } from './placement.ts';
import { type ClusterId, clusterText, objectsOf } from './cluster.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { knownNodes } from './nodes.ts';
import { type Requirement, type Selection, satisfiable } from '../node-selector/index.ts';
import type { World } from '../world.ts';

/** The label with a node's pool. A node has one value of it, so two pools never overlap. */
const POOL_LABEL = 'iomesh-guard.io/pool';

const REQUIRED: Path = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'];

/** The path of a component's required node affinity in its object. */
export function requiredAffinityPath(placement: Pick<ComponentPlacement, 'path'>): Path {
  return [...placement.path, ...REQUIRED];
}

/** A value for a missing required node affinity, and where it was taken from. */
export interface DefaultAffinity {
  readonly value: JsonObject;
  readonly selection: Selection;
  readonly source: 'sibling' | 'pool' | 'label';
  readonly from: string;
}

/**
 * The required node affinity for a component that has none. Taken from the first other component of the
 * cluster that has a valid one; else from the configured pool of the cluster; else the pool label with the
 * name of the namespace, if a known node has it and no second cluster is in the namespace. Undefined if there
 * is none of these. `objects` are those of the cluster if they differ from the world's. The value is a copy.
 */
export function defaultAffinity(
  world: World,
  id: ClusterId,
  { cluster, zookeeper } = objectsOf(world, id),
): DefaultAffinity | undefined {
  for (const resource of [cluster, zookeeper]) {
    for (const each of resource === undefined ? [] : claimingPlacements(world, resource)) {
      const { selection, errors } = each.placement;
      if (selection === undefined || errors.length > 0 || !satisfiable(selection)) continue;
      const from = `as ${each.component} has it`;
      return { value: affinityFrom(selection), selection, source: 'sibling', from };
    }
  }
  const pools = world.config.pools;
  const pool = Object.hasOwn(pools, clusterText(id)) ? pools[clusterText(id)] : undefined;
  const configured = labelSelection(pool ?? {});
  if (configured !== undefined && satisfiable(configured)) {
    const from = 'the configured pool';
    return { value: affinityFrom(configured), selection: configured, source: 'pool', from };
  }
  const labelled = labelSelection({ [POOL_LABEL]: [id.namespace] });
  if (labelled === undefined || (knownNodes(world)?.matching(labelled).length ?? 0) === 0) return undefined;
  if (world.inNamespace('IOMeshCluster', id.namespace).some(({ ref }) => ref.name !== id.name))
    return undefined;
  const from = 'a node carries that label';
  return { value: affinityFrom(labelled), selection: labelled, source: 'label', from };
}

/** The selection of nodes that have one of the values for each label; undefined without labels. */
export function labelSelection(labels: Readonly<Record<string, readonly string[]>>): Selection | undefined {
  const requirements = Object.entries(labels).map(
    ([key, values]): Requirement => ({ kind: 'label', key, operator: 'In', values, path: [] }),
  );
  return requirements.length === 0 ? undefined : { terms: [{ requirements, path: [] }] };
}

/** A selection as the value of a required node affinity. */
function affinityFrom(selection: Selection): JsonObject {
  return {
    nodeSelectorTerms: selection.terms.map(({ requirements }) => ({
      ...requirementsOf('matchExpressions', requirements, 'label'),
      ...requirementsOf('matchFields', requirements, 'field'),
    })),
  };
}

function requirementsOf(
  name: string,
  requirements: readonly Requirement[],
  wanted: Requirement['kind'],
): JsonObject {
  const list = requirements
    .filter(({ kind }) => kind === wanted)
    .map(
      ({ key, operator, values }): Json =>
        values.length === 0 ? { key, operator } : { key, operator, values: [...values] },
    );
  return list.length === 0 ? {} : { [name]: list };
}
