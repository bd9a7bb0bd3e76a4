import { NAME_FIELD } from './nodes.ts';
import {
  HOSTNAME_LABEL,
  type KnownNode,
  matches,
  type Overlap,
  type Requirement,
  type Selection,
  type Term,
} from '../node-selector/index.ts';
import { type Conflict, MAX_SHARED } from './cluster-conflicts.ts';

/** One node that two claims meet on, known or only possible, and the terms that select it. */
export interface Meeting {
  readonly node: KnownNode;
  readonly mine: Term;
  readonly theirs: Term;
  /** What is known of the node where it is only possible. */
  readonly overlap?: Overlap | undefined;
}

/** The first node that a conflict is about. */
export function meetingOf(conflict: Conflict): Meeting {
  const { mine, theirs, nodes } = conflict;
  const node = nodes?.[0];
  const [first, second] =
    node === undefined ? [] : [termFor(mine.selection, node), termFor(theirs.selection, node)];
  if (node !== undefined && first !== undefined && second !== undefined)
    return { node, mine: first, theirs: second };
  const overlap = overlapOf(conflict);
  const { name, labels } = overlap.witness;
  return { node: { name: name ?? '', labels }, mine: overlap.a, theirs: overlap.b, overlap };
}

/** The nodes a conflict is about, by name; none where they are only described by other labels. */
export function meetingNodes({ nodes, overlaps }: Conflict): readonly string[] {
  if (nodes !== undefined && nodes.length > 0) return nodes.map(({ name }) => name);
  const names = overlaps.flatMap((overlap) => {
    const byName = sharedValues(overlap, NAME_FIELD);
    return byName.length > 0 ? byName : sharedValues(overlap, HOSTNAME_LABEL);
  });
  return [...new Set(names)];
}

/** What two components share, piece by piece; `*` stands for all that no list of values says. */
export function meetingPieces(conflict: Conflict): readonly string[] {
  const nodes = meetingNodes(conflict);
  const pieces = nodes.length > 0 ? nodes : [...new Set(conflict.overlaps.flatMap(labelPieces))];
  if (pieces.length === 0) return ['*'];
  return pieces.length < MAX_SHARED ? pieces : [...pieces.slice(0, MAX_SHARED), '*'];
}

function labelPieces(overlap: Overlap): readonly string[] {
  return overlap.commonKeys.flatMap((key) => sharedValues(overlap, key).map((value) => `${key}=${value}`));
}

/** The terms that meet: those that speak of one label rather than others. */
function overlapOf({ overlaps }: Conflict): Overlap {
  return overlaps.find(({ commonKeys }) => commonKeys.length > 0) ?? overlaps[0]!;
}

function termFor(selection: Selection, node: KnownNode): Term | undefined {
  return selection.terms.find((term) => matches({ terms: [term] }, node));
}

/** The values of a key that both terms let through, where at least one of them lists values. */
function sharedValues(overlap: Overlap, key: string): readonly string[] {
  if (Object.hasOwn(overlap.sharedValues, key)) return overlap.sharedValues[key] ?? [];
  if (!overlap.commonKeys.includes(key)) return [];
  const requirements = [...overlap.a.requirements, ...overlap.b.requirements].filter(
    (each) => each.key === key,
  );
  const listing = requirements.find(({ operator }) => operator === 'In');
  const alone: Selection = { terms: [{ requirements, path: [] }] };
  return [...new Set(listing?.values)].filter((value) => matches(alone, nodeWith(listing!, value)));
}

function nodeWith({ kind, key }: Requirement, value: string): KnownNode {
  return kind === 'field'
    ? { name: value, labels: {} }
    : { name: 'any', labels: Object.fromEntries([[key, value]]) };
}
