import { clusterText } from '../../core/iomesh/cluster-id.ts';
import type { MapCluster, MapConflict, MapNode, NodeMap } from '../../core/map/index.ts';
import { type MapSource, stateCounts } from './words.ts';

/** The map as JSON, by `schemas/map.schema.json`. Ends with a newline. */
export function mapJson(map: NodeMap, source: MapSource): string {
  const summary = {
    clusters: map.clusters.length,
    nodes: map.nodes.length,
    ...{ claimed: 0, overlap: 0, free: 0, undecided: 0, 'control-plane': 0 },
    ...Object.fromEntries(stateCounts(map.nodes)),
  };
  const value = {
    version: 1,
    source: source.from,
    missing: source.missing,
    known: map.known,
    managementCluster: clusterText(map.managementCluster),
    summary,
    nodes: map.nodes.map(nodeJson),
    clusters: map.clusters.map(clusterJson),
    conflicts: map.conflicts.map(conflictJson),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function nodeJson({ name, state, labels, claims }: MapNode): object {
  return {
    name,
    state,
    labels,
    claims: claims.map(({ cluster, components, conditional }) => ({
      cluster: clusterText(cluster),
      components,
      conditional: conditional.length === 0 ? undefined : conditional,
    })),
  };
}

function clusterJson({ id, management, nodes, components }: MapCluster): object {
  return {
    cluster: clusterText(id),
    management,
    nodes,
    components: components.map(({ unknownNodes, ...rest }) => ({
      ...rest,
      unknownNodes: unknownNodes.length === 0 ? undefined : unknownNodes,
    })),
  };
}

function conflictJson({ clusters, certain, components, nodes, more, exampleNode }: MapConflict): object {
  return {
    kind: certain ? 'overlap' : 'undecided',
    between: clusters.map((id, index) => ({ cluster: clusterText(id), components: components[index] })),
    nodes,
    more,
    witness: exampleNode,
  };
}
