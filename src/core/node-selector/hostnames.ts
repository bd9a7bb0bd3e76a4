import { ABSENT } from './constraint.ts';
import { NAME_KEY, normalize } from './normal.ts';
import type { Selection } from './types.ts';

/** The label that carries a node's host name, in practice the node's name. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/**
 * The finite set of nodes a selection can land on, sorted; undefined where it is not finite. Finite
 * means that every term which a node can satisfy lists host names or names the node. A selection no
 * node satisfies has none: the empty list.
 */
export function hostnames(selection: Selection): readonly string[] | undefined {
  const found = new Set<string>();
  for (const term of selection.terms) {
    const normal = normalize(term);
    if (normal.empty) continue;
    const byName = normal.keys.get(NAME_KEY);
    // A name is the stricter of the two: no two nodes share it.
    const constraint = byName?.kind === 'pinned' ? byName : normal.keys.get(HOSTNAME_LABEL);
    // "No host name" lists no names: any number of nodes may lack the label.
    if (constraint?.kind !== 'pinned' || constraint.values.has(ABSENT)) return undefined;
    for (const value of constraint.values) found.add(value);
  }
  return [...found].sort();
}
