import { clusterText, COMPONENTS, type Component } from '../../core/iomesh/cluster-id.ts';
import type { MapNode, MapClaim, NodeMap } from '../../core/map/index.ts';
import { LETTERS } from './words.ts';

/** Beyond, a column for each cluster helps nobody. */
const MAX_COLUMNS = 60;
const MAX_CELLS = 100_000;

/** True where a table may have a column for each cluster. */
export function fitsMatrix({ nodes, clusters }: NodeMap): boolean {
  return clusters.length <= MAX_COLUMNS && clusters.length * nodes.length <= MAX_CELLS;
}

/** The claims of a node by the place of their cluster in the map's list. */
export class Columns {
  readonly #index: ReadonlyMap<string, number>;

  constructor({ clusters }: NodeMap) {
    this.#index = new Map(clusters.map(({ id }, index) => [clusterText(id), index]));
  }

  of({ cluster }: MapClaim): number {
    return this.#index.get(clusterText(cluster)) ?? 0;
  }

  /** A claim for each cluster of the map, undefined where it has none. */
  row(node: MapNode): (MapClaim | undefined)[] {
    const row = Array.from({ length: this.#index.size }, (): MapClaim | undefined => undefined);
    for (const claim of node.claims) row[this.of(claim)] = claim;
    return row;
  }
}

/** How one component stands in a claim: its letter, small where it depends on labels; undefined where it is not in it. */
export function letterOf({ components, conditional }: MapClaim, component: Component): string | undefined {
  if (!components.includes(component)) return undefined;
  return conditional.includes(component) ? LETTERS[component].toLowerCase() : LETTERS[component];
}

/** The four letters of a claim, a dot for each component that is not in it. */
export function lettersOf(claim: MapClaim): string {
  return COMPONENTS.map((component) => letterOf(claim, component) ?? '·').join('');
}

/** A claim in words: `chunk, meta`, or `all components`. */
export function claimText({ components, conditional }: MapClaim): string {
  const all = components.length === COMPONENTS.length;
  const said = all ? 'all components' : components.join(', ');
  return conditional.length === 0 ? said : `${said} (${conditional.join(', ')} if labels fit)`;
}
