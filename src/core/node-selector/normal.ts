import { Derived } from '../base/derived.ts';
import { isLabelKey } from '../base/names.ts';
import { ABSENT, type Constraint, constrain, isEmpty } from './constraint.ts';
import { HOSTNAME_LABEL, NAME_FIELD, type Requirement, type Selection, type Term } from './types.ts';

/** The node's name among the label keys of a normal term; no label can have this key. */
export const NAME_KEY = `\0${NAME_FIELD}`;

/**
 * A term as one constraint for each key. Keys are independent: a term is satisfiable if each constraint is.
 */
export interface NormalTerm {
  readonly keys: ReadonlyMap<string, Constraint>;
  /** The keys that allow only listed values (a label that must be missing has one: none), sorted. */
  readonly pinned: readonly string[];
  readonly empty: boolean;
}

const EMPTY: NormalTerm = { keys: new Map(), pinned: [], empty: true };
const cache = new Derived<Term, NormalTerm>();

/** The normal form of a term, computed once. */
export function normalize(term: Term): NormalTerm {
  let normal = cache.get(term);
  if (normal === undefined) {
    normal = build(term);
    cache.set(term, normal);
  }
  return normal;
}

/** True if a node could satisfy the term, or one of the selection's terms. */
export function satisfiable(of: Term | Selection): boolean {
  return 'terms' in of ? of.terms.some((term) => !normalize(term).empty) : !normalize(of).empty;
}

/** The name of a normal term's key in messages: the label's key, or `metadata.name`. */
export function displayKey(key: string): string {
  return key === NAME_KEY ? NAME_FIELD : key;
}

/** The requirements of a term by key, in the order written; undefined if no node can satisfy one of them. */
function byKey(term: Term): Map<string, Requirement[]> | undefined {
  const keys = new Map<string, Requirement[]>();
  for (const requirement of term.requirements) {
    if (requirement.kind === 'field' && requirement.key !== NAME_FIELD) {
      // The scheduler reads any other field as empty.
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
  // A copy has no room to grow: see childPath.
  return { keys, pinned: pinned.toSorted(), empty: false };
}

/** Requirements of one key that no value satisfies together. */
interface Contradiction {
  readonly key: string;
  /** Two if two suffice, else all up to the one that excludes the last value. */
  readonly requirements: readonly Requirement[];
}

/** The first key of a term, in the order written, whose requirements contradict each other. */
export function findContradiction(term: Term): Contradiction | undefined {
  // Nearly every term can be satisfied, and its normal form is needed anyway.
  if (!normalize(term).empty) return undefined;
  for (const [key, requirements] of byKey(term) ?? []) {
    if (!isEmpty(constrain(requirements))) continue;
    return { key: displayKey(key), requirements: contradicting(requirements) };
  }
  return undefined;
}

/**
 * Above this many requirements times values, all requirements of a key are returned, so that work stays
 * linear.
 */
const MANY = 4096;

function contradicting(requirements: readonly Requirement[]): readonly Requirement[] {
  const values = requirements.reduce((sum, each) => sum + each.values.length, requirements.length);
  if (requirements.length * values > MANY) return requirements;
  const until = requirements.findIndex((_, index) => isEmpty(constrain(requirements.slice(0, index + 1))));
  const last = requirements[until]!;
  const first = requirements.slice(0, until).find((each) => isEmpty(constrain([each, last])));
  if (isEmpty(constrain([last]))) return [last];
  return first === undefined ? requirements.slice(0, until + 1) : [first, last];
}

/**
 * The finite set of nodes that a selection can match, by host name or name, sorted; undefined if it is not
 * finite. It is finite if every satisfiable term lists host names or names of nodes.
 */
export function hostnames(selection: Selection): readonly string[] | undefined {
  let known = HOSTNAMES.get(selection);
  if (known === undefined) {
    known = { names: listHostnames(selection) };
    HOSTNAMES.set(selection, known);
  }
  return known.names;
}

const HOSTNAMES = new Derived<Selection, { readonly names: readonly string[] | undefined }>();

function listHostnames(selection: Selection): readonly string[] | undefined {
  const found = new Set<string>();
  for (const term of selection.terms) {
    const normal = normalize(term);
    if (normal.empty) continue;
    const byName = normal.keys.get(NAME_KEY);
    // A name is the stricter of the two: no two nodes share it.
    const constraint = byName?.kind === 'pinned' ? byName : normal.keys.get(HOSTNAME_LABEL);
    // Any number of nodes may lack the label.
    if (constraint?.kind !== 'pinned' || constraint.values.has(ABSENT)) return undefined;
    for (const value of constraint.values) found.add(value);
  }
  return [...found].sort();
}
