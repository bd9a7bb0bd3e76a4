import type { KnownNodes } from '../iomesh/nodes.ts';
import {
  HOSTNAME_LABEL,
  hostnames,
  type KnownNode,
  NAME_FIELD,
  type Requirement,
  satisfiable,
  type Selection,
  type Term,
} from '../node-selector/index.ts';

/** Which nodes of a map a selection reaches. */
export interface Reach {
  /** Nodes that it certainly lets a pod onto. */
  readonly certain: ReadonlySet<KnownNode>;
  /** Nodes that it lists, if their labels are as it asks besides. */
  readonly conditional: ReadonlySet<KnownNode>;
  /** True where a term may reach others too, by labels that nobody knows. */
  readonly open: boolean;
}

/** Asks each term by itself: one that asks for unknown labels does not hide what another one says. */
export function reachOf(nodes: KnownNodes, selection: Selection): Reach {
  if (nodes.decide(selection))
    return { certain: new Set(nodes.matching(selection)), conditional: new Set(), open: false };
  const certain = new Set<KnownNode>();
  const conditional = new Set<KnownNode>();
  let open = false;
  for (const term of selection.terms) {
    const alone: Selection = { terms: [term] };
    if (!satisfiable(term)) continue;
    if (nodes.decide(alone)) {
      for (const node of nodes.matching(alone)) certain.add(node);
    } else if (hostnames(alone) === undefined) {
      open = true;
    } else {
      for (const node of nodes.matching({ terms: [ofNames(term)] })) conditional.add(node);
    }
  }
  for (const node of certain) conditional.delete(node);
  return { certain, conditional, open };
}

/** The nodes that the terms of a selection list, those that list none left out. */
export function* namesIn(selection: Selection): Iterable<string> {
  for (const term of selection.terms) yield* hostnames({ terms: [term] }) ?? [];
}

/** What a term asks of names: all that can be told of a node whose labels are not known. */
function ofNames({ requirements, path }: Term): Term {
  return { requirements: requirements.filter(isOfNames), path };
}

function isOfNames({ kind, key }: Requirement): boolean {
  return kind === 'field' ? key === NAME_FIELD : key === HOSTNAME_LABEL;
}
