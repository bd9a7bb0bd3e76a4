/**
 * The algebra of node selectors: on which nodes a component may run, and whether two components can run on
 * the same node. It is symbolic and exact. The semantics are those of the scheduler:
 * https://github.com/kubernetes/component-helpers/tree/master/scheduling/corev1/nodeaffinity and
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/labels/selector.go
 */
export { matches } from './match.ts';
export { hostnames, satisfiable } from './normal.ts';
export { overlaps } from './overlap.ts';
export { parsePlacement } from './parse.ts';
export { sameSelection } from './same.ts';
export { SelectionIndex } from './selection-index.ts';
export { HOSTNAME_LABEL, NAME_FIELD } from './types.ts';
export type {
  KnownNode,
  Overlap,
  Placement,
  Requirement,
  Selection,
  SelectionError,
  Term,
  ExampleNode,
} from './types.ts';
