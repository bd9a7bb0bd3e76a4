import { type ClusterId, type Component, clusterText } from '../iomesh/cluster.ts';
import type { MapNode } from './types.ts';

/** How many nodes of a map each cluster and each component of it claims. */
export class Counts {
  readonly #counts = new Map<string, number>();

  constructor(nodes: readonly MapNode[]) {
    for (const { claims } of nodes) {
      for (const { cluster, components } of claims) {
        const key = clusterText(cluster);
        this.#add(key);
        for (const component of components) this.#add(`${key} ${component}`);
      }
    }
  }

  of(cluster: ClusterId, component?: Component): number {
    const key = clusterText(cluster);
    return this.#counts.get(component === undefined ? key : `${key} ${component}`) ?? 0;
  }

  #add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}
