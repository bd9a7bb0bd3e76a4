import { TermIndex } from './term-index.ts';
import type { Selection } from './types.ts';

/** What one payload claims: the nodes of a selection. One payload may have several. */
export type Claim<T> = readonly [selection: Selection, payload: T];

/** Steps spent on one look-up. Real ones need some thousand at most. */
const MAX_WORK = 1_000_000;
/** Changes over a base before they are merged into an index of their own. */
const MAX_OVERLAY = 64;

/**
 * Finds whose selections could share a node with a given one, without comparing it with each. Never
 * misses one that {@link overlaps} would find; may name some that it would not. Immutable.
 */
export class ClaimIndex<T> {
  readonly #claims: readonly Claim<T>[];
  #index: TermIndex | undefined;
  /** For each term of the index, the position of its claim. */
  readonly #owners: number[] = [];
  /** The large index this one differs from by `#claims` and `#removed`. */
  #base: ClaimIndex<T> | undefined;
  #removed: ReadonlySet<T> = new Set();

  constructor(claims: Iterable<Claim<T>>) {
    this.#claims = [...claims];
  }

  static #over<T>(base: ClaimIndex<T>, removed: ReadonlySet<T>, claims: readonly Claim<T>[]): ClaimIndex<T> {
    const index = new ClaimIndex(claims);
    index.#base = base;
    index.#removed = removed;
    return index;
  }

  /**
   * The payloads whose selection could share a node with this one, each once, in the order they were
   * added. For a selection too large to look up within a fixed number of steps, every payload.
   */
  candidates(selection: Selection): T[] {
    const found = new Set<T>();
    for (const payload of this.#base?.candidates(selection) ?? []) {
      if (!this.#removed.has(payload)) found.add(payload);
    }
    const index = this.#built();
    const positions = new Set<number>();
    const work = { left: MAX_WORK };
    const visit = (id: number) => positions.add(this.#owners[id]!);
    if (selection.terms.every((term) => index.candidates(term, visit, work))) {
      for (const position of [...positions].sort((x, y) => x - y)) found.add(this.#claims[position]![1]);
    } else {
      for (const [, payload] of this.#claims) found.add(payload);
    }
    return [...found];
  }

  /**
   * This index without the removed payloads (all their claims) and with the additions. The cost does
   * not depend on how much the index holds, except once in a while along a chain of changes.
   */
  with(additions: Iterable<Claim<T>>, removals: Iterable<T> = []): ClaimIndex<T> {
    const gone = new Set(removals);
    const added = [...additions];
    if (this.#base === undefined) return ClaimIndex.#over(this, gone, added);
    const own = [...this.#claims.filter(([, payload]) => !gone.has(payload)), ...added];
    const removed = new Set([...this.#removed, ...gone]);
    if (own.length + removed.size <= MAX_OVERLAY) return ClaimIndex.#over(this.#base, removed, own);
    const kept = this.#base.#claims.filter(([, payload]) => !removed.has(payload));
    return new ClaimIndex([...kept, ...own]);
  }

  #built(): TermIndex {
    if (this.#index === undefined) {
      this.#index = new TermIndex();
      for (const [position, [selection]] of this.#claims.entries()) {
        for (const term of selection.terms) this.#index.add(term, this.#owners.push(position) - 1);
      }
    }
    return this.#index;
  }
}
