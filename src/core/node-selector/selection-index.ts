import { TermIndex } from './term-index.ts';
import type { Selection } from './types.ts';

/** Steps spent on one look-up. Real ones need some thousand at most. */
const MAX_WORK = 1_000_000;

/**
 * Items filed by their selections, to find those that could share a node with a given selection without
 * comparing it with each. An item may have several selections.
 */
export class SelectionIndex<T> {
  readonly #entries: readonly (readonly [selection: Selection, item: T])[];
  readonly #terms = new TermIndex();
  /** The entry of each term, by the number of the term. */
  readonly #owners: number[] = [];

  constructor(entries: Iterable<readonly [selection: Selection, item: T]>) {
    this.#entries = [...entries];
    for (const [position, [selection]] of this.#entries.entries())
      for (const term of selection.terms) this.#terms.add(term, this.#owners.push(position) - 1);
  }

  /**
   * The items with a selection that could share a node with this one, each once, in the order of the entries.
   * All that {@link overlaps} would find are among them, and some that it would not. If the selection is too
   * large to look up within a fixed number of steps, every item.
   */
  candidates(selection: Selection): T[] {
    const positions = new Set<number>();
    const work = { left: MAX_WORK };
    const visit = (id: number) => positions.add(this.#owners[id]!);
    const complete = selection.terms.every((term) => this.#terms.candidates(term, visit, work));
    const found = complete
      ? [...positions].sort((x, y) => x - y).map((position) => this.#entries[position]!)
      : this.#entries;
    return [...new Set(found.map(([, item]) => item))];
  }
}
