import { type Constraint, constrain, isEmpty } from './constraint.ts';
import { isLabelKey, NAME_FIELD } from './syntax.ts';
import type { Requirement, Selection, Term } from './types.ts';

/** The node's name among the label keys of a normal term; no label can have this key. */
export const NAME_KEY = `\0${NAME_FIELD}`;

/** A term as one constraint a key. Keys are independent, so a term is satisfiable where each of them is. */
export interface NormalTerm {
  readonly keys: ReadonlyMap<string, Constraint>;
  /** The keys that allow only listed values (a label that must be missing has one: none), sorted. */
  readonly pinned: readonly string[];
  readonly empty: boolean;
}

const EMPTY: NormalTerm = { keys: new Map(), pinned: [], empty: true };
const cache = new WeakMap<Term, NormalTerm>();

/** The normal form of a term, made once for each. */
export function normalize(term: Term): NormalTerm {
  let normal = cache.get(term);
  if (normal === undefined) {
    normal = build(term);
    cache.set(term, normal);
  }
  return normal;
}

/** True when some node could satisfy the term, or one of the selection's terms. */
export function satisfiable(of: Term | Selection): boolean {
  return 'terms' in of ? of.terms.some((term) => !normalize(term).empty) : !normalize(of).empty;
}

/** The name of a normal term's key in messages: the label's key, or `metadata.name`. */
export function displayKey(key: string): string {
  return key === NAME_KEY ? NAME_FIELD : key;
}

/** The requirements of a term by key, in the order written; undefined where one can hold for no node. */
export function byKey(term: Term): Map<string, Requirement[]> | undefined {
  const keys = new Map<string, Requirement[]>();
  for (const requirement of term.requirements) {
    if (requirement.kind === 'field' && requirement.key !== NAME_FIELD) {
      // The scheduler knows no other field and reads it as empty.
      if ((requirement.operator === 'In') !== requirement.values.includes('')) return undefined;
      continue;
    }
    if (requirement.kind === 'label' && !isLabelKey(requirement.key)) return undefined;
    const key = requirement.kind === 'field' ? NAME_KEY : requirement.key;
    const list = keys.get(key);
    if (list === undefined) keys.set(key, [requirement]);
    else list.push(requirement);
  }
  return keys;
}

function build(term: Term): NormalTerm {
  const requirements = byKey(term);
  if (requirements === undefined) return EMPTY;
  const keys = new Map<string, Constraint>();
  const pinned: string[] = [];
  for (const [key, list] of requirements) {
    const constraint = constrain(list);
    if (isEmpty(constraint)) return EMPTY;
    keys.set(key, constraint);
    if (constraint.kind === 'pinned') pinned.push(key);
  }
  return { keys, pinned: pinned.sort(), empty: false };
}
