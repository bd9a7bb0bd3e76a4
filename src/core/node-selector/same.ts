import { canonical } from './constraint.ts';
import { type NormalTerm, normalize } from './normal.ts';
import type { Selection } from './types.ts';

/**
 * True only if two selections select the same nodes. These make no difference: the order of terms,
 * requirements and values; repetitions; equal forms (nodeSelector `k: v` and `In [v]`; an `Exists` that an
 * `In` implies); terms that no node satisfies; and one list of values in place of several terms that differ
 * in nothing else.
 *
 * Not recognized, so false although the nodes are the same: a term that another one covers, several terms
 * that only together equal another set of terms, and a range of integers written as another range with
 * exclusions.
 */
export function sameSelection(a: Selection, b: Selection): boolean {
  if (a === b || isCopy(a, b)) return true;
  const [left, right] = [canonicalTerms(a), canonicalTerms(b)];
  return left.size === right.size && [...left].every((term) => right.has(term));
}

/** True if both are written alike: in practice most are copies. */
function isCopy(a: Selection, b: Selection): boolean {
  return isAlike(a.terms, b.terms, (x, y) =>
    isAlike(
      x.requirements,
      y.requirements,
      (one, other) =>
        one.kind === other.kind &&
        one.key === other.key &&
        one.operator === other.operator &&
        isAlike(one.values, other.values, Object.is),
    ),
  );
}

function isAlike<T>(a: readonly T[], b: readonly T[], alike: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((each, index) => alike(each, b[index]!));
}

function canonicalTerms(selection: Selection): ReadonlySet<string> {
  const normals = selection.terms.map(normalize).filter((normal) => !normal.empty);
  return merged(normals) ?? new Set(normals.map((normal) => write(normal)));
}

function write(normal: NormalTerm, without?: string): string {
  const keys = [...normal.keys].filter(([key]) => key !== without).sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify(keys.map(([key, constraint]) => [key, canonical(constraint)]));
}

/** The terms merged into one, if they differ in the values listed for a single key and in nothing else. */
function merged(normals: readonly NormalTerm[]): ReadonlySet<string> | undefined {
  const [first, ...others] = normals;
  if (first === undefined || others.length === 0) return undefined;
  const differing = first.pinned.filter((key) => {
    const text = canonical(first.keys.get(key)!);
    return others.some((other) => {
      const constraint = other.keys.get(key);
      return constraint === undefined || canonical(constraint) !== text;
    });
  });
  const key = differing[0];
  if (key === undefined || differing.length > 1) return undefined;
  const rest = write(first, key);
  const values = new Set<string>();
  for (const normal of normals) {
    const constraint = normal.keys.get(key);
    if (constraint?.kind !== 'pinned' || write(normal, key) !== rest) return undefined;
    for (const value of constraint.values) values.add(value);
  }
  const keys = new Map(first.keys).set(key, { kind: 'pinned', values });
  return new Set([write({ ...first, keys })]);
}
