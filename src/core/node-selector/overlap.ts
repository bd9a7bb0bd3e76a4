import { ABSENT, type Constraint, effort, meet, pick, shared } from './constraint.ts';
import { displayKey, NAME_KEY, type NormalTerm, normalize } from './normal.ts';
import { TermIndex, type Work } from './term-index.ts';
import type { Overlap, Selection, Term, ExampleNode } from './types.ts';

/** At most this many overlaps are reported for two selections. */
export const MAX_OVERLAPS = 100;
/** Steps spent on comparing two selections. Real ones need some thousand at most. */
const MAX_WORK = 1_000_000;
/** Up to this many pairs of terms are compared one by one; above, an index selects them. */
const FEW_PAIRS = 64;

interface Pair {
  readonly a: Term;
  readonly b: Term;
  readonly undecided: boolean;
}

/**
 * The pairs of terms, one of each selection, that one node can satisfy together, in the order of the terms of
 * a and then of b. Exact, and independent of the labels of existing nodes: there is no pair if and only if no
 * node can ever satisfy both. Label keys count as independent of each other and of the name of the node.
 *
 * At most {@link MAX_OVERLAPS} pairs are returned. Selections too large to compare within a fixed number of
 * steps count as overlapping: the result is the pairs found until then, or one marked `undecided`.
 */
export function overlaps(a: Selection, b: Selection): Overlap[] {
  const found: Overlap[] = [];
  const work = { left: MAX_WORK };
  for (const pair of satisfiablePairs(a, b, work)) {
    if (pair.undecided) {
      if (found.length === 0) found.push(undecided(pair));
      break;
    }
    found.push(describe(pair.a, pair.b, work));
    if (found.length === MAX_OVERLAPS) break;
  }
  return found;
}

/** Every pair that can be satisfied. If the work runs out, the last one is undecided. */
function* satisfiablePairs(a: Selection, b: Selection, work: Work): Generator<Pair> {
  const partners = partnersIn(b, a.terms.length);
  for (const termA of a.terms) {
    const normalA = normalize(termA);
    if (normalA.empty) continue;
    work.left -= 1;
    for (const termB of partners(termA, work)) {
      const normalB = normalize(termB);
      if (work.left > 0 && !normalB.empty && compatible(normalA, normalB, work)) {
        yield { a: termA, b: termB, undecided: false };
      }
      if (work.left <= 0) break;
    }
    const termB = b.terms[0];
    if (work.left <= 0 && termB !== undefined) {
      yield { a: termA, b: termB, undecided: true };
      return;
    }
  }
}

/**
 * A function that returns, for a term, the terms of the selection that it could share a node with, in order.
 */
function partnersIn(b: Selection, others: number): (term: Term, work: Work) => readonly Term[] {
  if (b.terms.length * others <= FEW_PAIRS) return () => b.terms;
  const index = new TermIndex();
  for (const [id, term] of b.terms.entries()) index.add(term, id);
  return (term, work) => {
    const ids = new Set<number>();
    index.candidates(term, (id) => ids.add(id), work);
    return [...ids].sort((x, y) => x - y).map((id) => b.terms[id]!);
  };
}

function compatible(a: NormalTerm, b: NormalTerm, work: Work): boolean {
  const [few, many] = a.keys.size <= b.keys.size ? [a.keys, b.keys] : [b.keys, a.keys];
  work.left -= 1 + few.size;
  for (const [key, constraint] of few) {
    const other = many.get(key);
    if (other === undefined) continue;
    work.left -= effort(constraint, other);
    if (!meet(constraint, other)) return false;
  }
  return true;
}

function describe(a: Term, b: Term, work: Work): Overlap {
  const keysA = normalize(a).keys;
  const keysB = normalize(b).keys;
  const common = [...keysA.keys()].filter((key) => keysB.has(key)).sort();
  const values: [string, string[]][] = [];
  for (const each of [...keysA.values(), ...keysB.values()]) work.left -= effort(each, each);
  for (const key of common) {
    const [left, right] = [keysA.get(key)!, keysB.get(key)!];
    if (left.kind !== 'pinned' || right.kind !== 'pinned') continue;
    const both = (shared(left, right) ?? []).filter((value) => value !== ABSENT);
    if (both.length > 0) values.push([displayKey(key), both.sort()]);
  }
  return {
    a,
    b,
    commonKeys: common.map(displayKey),
    exampleNode: exampleNode(keysA, keysB),
    sharedValues: Object.fromEntries(values),
  };
}

function exampleNode(a: ReadonlyMap<string, Constraint>, b: ReadonlyMap<string, Constraint>): ExampleNode {
  const labels: [string, string][] = [];
  const absent: string[] = [];
  let name: string | undefined;
  for (const key of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    const first = a.get(key) ?? b.get(key)!;
    const value = pick(displayKey(key), first, b.get(key) ?? first);
    if (key === NAME_KEY) name = value;
    else if (value === ABSENT) absent.push(key);
    else if (value !== undefined) labels.push([key, value]);
  }
  return { name, labels: Object.fromEntries(labels), absent };
}

function undecided({ a, b }: Pair): Overlap {
  return { a, b, commonKeys: [], exampleNode: { labels: {}, absent: [] }, sharedValues: {}, undecided: true };
}
