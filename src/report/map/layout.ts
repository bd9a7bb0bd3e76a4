import { clusterText, COMPONENTS, type Component } from '../../core/iomesh/cluster-id.ts';
import type { MapClaim, MapNode, NodeMap } from '../../core/map/index.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { COMPONENT_LETTERS } from './words.ts';

/** With more columns the table is unreadable. */
const MAX_COLUMNS = 60;
const MAX_CELLS = 100_000;

/** True if the table has a column for each cluster. */
export function fitsMatrix({ nodes, clusters }: NodeMap): boolean {
  return clusters.length <= MAX_COLUMNS && clusters.length * nodes.length <= MAX_CELLS;
}

/** With more nodes, those of a cluster are shown together. */
const MAX_BY_NAME = 100;

/** The map with the nodes of each cluster together, in the order of its clusters, if there are many; overlaps first. */
export function groupNodes(map: NodeMap): NodeMap {
  if (map.nodes.length <= MAX_BY_NAME) return map;
  const columns = new ClusterColumns(map);
  const group = ({ state, claims }: MapNode): number => {
    if (state === 'overlap') return -1;
    return claims[0] === undefined ? map.clusters.length : columns.of(claims[0]);
  };
  // The sort is stable: within a group by name, as before.
  const nodes = map.nodes
    .map((node) => ({ node, at: group(node) }))
    .sort((a, b) => a.at - b.at)
    .map(({ node }) => node);
  return { ...map, nodes };
}

/** The columns of a table with one column for each cluster, in the order of the map. */
export class ClusterColumns {
  readonly #index: ReadonlyMap<string, number>;
  readonly #management: ReadonlySet<string>;

  constructor({ clusters }: NodeMap) {
    this.#index = new Map(clusters.map(({ id }, index) => [clusterText(id), index]));
    this.#management = new Set(clusters.filter((each) => each.management).map(({ id }) => clusterText(id)));
  }

  /** True if a claim is that of the management cluster. */
  isManagement({ cluster }: MapClaim): boolean {
    return this.#management.has(clusterText(cluster));
  }

  /** The column of a claim. */
  of({ cluster }: MapClaim): number {
    return this.#index.get(clusterText(cluster)) ?? 0;
  }

  /** The claim of each cluster on a node; undefined if a cluster has none. */
  row(node: MapNode): (MapClaim | undefined)[] {
    const row = Array.from({ length: this.#index.size }, (): MapClaim | undefined => undefined);
    for (const claim of node.claims) row[this.of(claim)] = claim;
    return row;
  }
}

/** The four letters of a claim: a dot for each component that is not in it, a small letter if it depends on labels. */
export function claimLetters({ components, conditional }: MapClaim): string {
  return COMPONENTS.map((component) => {
    if (!components.includes(component)) return '·';
    const letter = COMPONENT_LETTERS[component];
    return conditional.includes(component) ? letter.toLowerCase() : letter;
  }).join('');
}

/** A claim in words: `chunk, meta`, or `all components`. */
export function claimText({ components, conditional }: MapClaim): string {
  const text = components.length === COMPONENTS.length ? 'all components' : components.join(', ');
  return conditional.length === 0 ? text : `${text} (${conditional.join(', ')} if labels match)`;
}

/** The meaning of letters and signs under a table. */
export function legend({ nodes, clusters }: NodeMap): string {
  const letter = (component: Component) => `${COMPONENT_LETTERS[component]} ${component}`;
  const conditional = nodes.some(({ claims }) => claims.some((claim) => claim.conditional.length > 0));
  return [
    COMPONENTS.map(letter).join(', '),
    ...(conditional ? ['small letter: if the unknown labels of the node match'] : []),
    ...(clusters.some(({ management }) => management) ? ['* management cluster'] : []),
  ].join('; ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Untrusted text for HTML or XML, in an element or a quoted attribute, without characters that XML does not allow. */
export function escapeMarkup(text: string): string {
  return sanitize(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
