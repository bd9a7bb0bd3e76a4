/**
 * The algebra of node selectors: which nodes a component may land on, and whether two components can
 * land on the same one. Symbolic and exact; the semantics are the scheduler's, taken from
 * k8s.io/component-helpers (scheduling/corev1/nodeaffinity) and k8s.io/apimachinery (labels, fields).
 */
export { type Claim, ClaimIndex } from './claim-index.ts';
export { HOSTNAME_LABEL, hostnames } from './hostnames.ts';
export { matches } from './match.ts';
export { satisfiable } from './normal.ts';
export { disjoint, MAX_OVERLAPS, overlaps } from './overlap.ts';
export { parsePlacement } from './parse.ts';
export { sameSelection } from './same.ts';
export { NAME_FIELD } from './syntax.ts';
export type {
  KnownNode,
  Operator,
  Overlap,
  Placement,
  Requirement,
  Selection,
  SelectionFault,
  Term,
  ExampleNode,
} from './types.ts';
