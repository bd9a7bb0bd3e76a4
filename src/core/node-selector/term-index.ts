import type { Constraint } from './constraint.ts';
import { type NormalTerm, normalize } from './normal.ts';
import type { Term } from './types.ts';

/** Steps left of a bounded computation. May fall below zero. */
export interface Work {
  left: number;
}

/** Terms that pin the same keys. A term can share a node with one of them only if they agree on each key. */
interface Group {
  readonly ids: number[];
  readonly byKey: ReadonlyMap<string, Map<string, number[]>>;
}

/**
 * Terms filed by the values that they pin, to find those that a term could share a node with without
 * comparing it with each. A look-up costs about as much as its result and the number of different sets of
 * pinned keys, which is one or two in practice because nearly every selection pins host names.
 */
export class TermIndex {
  readonly #groups = new Map<string, Group>();

  /** Files a term under a number. A term that no node satisfies is left out. */
  add(term: Term, id: number): void {
    const normal = normalize(term);
    if (normal.empty) return;
    const signature = JSON.stringify(normal.pinned);
    let group = this.#groups.get(signature);
    if (group === undefined) {
      group = { ids: [], byKey: new Map(normal.pinned.map((key) => [key, new Map<string, number[]>()])) };
      this.#groups.set(signature, group);
    }
    group.ids.push(id);
    for (const [key, values] of group.byKey) {
      for (const value of valuesOf(normal, key) ?? []) {
        const ids = values.get(value);
        if (ids === undefined) values.set(value, [id]);
        else ids.push(id);
      }
    }
  }

  /**
   * Calls `visit` with the number of every term that could share a node with this one, some more than once.
   * Takes its steps off the work. False if none was left, so that some terms were not visited.
   */
  candidates(term: Term, visit: (id: number) => void, work: Work): boolean {
    const normal = normalize(term);
    if (normal.empty) return true;
    for (const group of this.#groups.values()) {
      if (work.left <= 0) return false;
      for (const ids of narrowest(group, normal, work) ?? [group.ids]) {
        work.left -= ids.length;
        for (const id of ids) visit(id);
      }
    }
    return true;
  }
}

/**
 * The terms under the key, of those that the group and the term both pin, that has the fewest terms with a
 * shared value.
 */
function narrowest(group: Group, normal: NormalTerm, work: Work): (readonly number[])[] | undefined {
  let best: (readonly number[])[] | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [key, filed] of group.byKey) {
    const wanted = valuesOf(normal, key);
    work.left -= 1;
    if (wanted === undefined) continue;
    const lists: (readonly number[])[] = [];
    let count = 0;
    const [few, many] = wanted.size <= filed.size ? [wanted, filed] : [filed, wanted];
    work.left -= few.size;
    for (const value of few.keys()) {
      if (!many.has(value)) continue;
      const ids = filed.get(value)!;
      lists.push(ids);
      count += ids.length;
    }
    if (count < fewest) {
      best = lists;
      fewest = count;
    }
    if (count === 0) break;
  }
  return best;
}

function valuesOf(normal: NormalTerm, key: string): ReadonlySet<string> | undefined {
  const constraint: Constraint | undefined = normal.keys.get(key);
  return constraint?.kind === 'pinned' ? constraint.values : undefined;
}
