import type { Path } from '../base/path.ts';

/** The only field that a node selector can name. */
export const NAME_FIELD = 'metadata.name';

/** The label that carries a node's host name, in practice the name of the node. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/** The operators of a node selector requirement, as the Kubernetes API spells them. */
export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

/** One requirement on a node: on a label, or on the field `metadata.name`. */
export interface Requirement {
  readonly kind: 'label' | 'field';
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
  /** Where it is written. */
  readonly path: Path;
}

/** Requirements that a node must satisfy together. Every node satisfies a term without requirements. */
export interface Term {
  readonly requirements: readonly Requirement[];
  readonly path: Path;
}

/** Terms of which a node must satisfy one. No node satisfies a selection without terms. */
export interface Selection {
  readonly terms: readonly Term[];
}

/** Why a selection, or a part of it, matches no node. */
export interface SelectionError {
  readonly path: Path;
  readonly reason: 'no-terms' | 'empty-term' | 'no-values' | 'unknown-operator' | 'contradiction' | 'invalid';
  readonly message: string;
  /** The value that was most likely meant at `path`: `In` for `in`. */
  readonly suggestion?: string | undefined;
  /** The value is of a wrong type, which validation by the schema reports as well. */
  readonly wrongType?: true | undefined;
}

/** Where the pods of one component may run. */
export interface Placement {
  /** Undefined if nothing is required: the pods may run anywhere. */
  readonly selection: Selection | undefined;
  /** Nothing is required, but node affinity is preferred. */
  readonly preferredOnly: boolean;
  readonly errors: readonly SelectionError[];
  /** The most specific field that is set and decides the placement. */
  readonly path: Path;
}

/** The parts of a node that a selection depends on. */
export interface KnownNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A node that could exist: it has these labels and none of the absent ones; its other labels do not matter.
 */
export interface ExampleNode {
  /** Set if the name is constrained. */
  readonly name?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly absent: readonly string[];
}

/** Two terms that one node can satisfy together. Keys are label keys, or {@link NAME_FIELD}. */
export interface Overlap {
  readonly a: Term;
  readonly b: Term;
  /** The keys that both terms constrain, sorted. */
  readonly commonKeys: readonly string[];
  readonly exampleNode: ExampleNode;
  /** For each common key that both terms restrict to listed values: all values both allow, sorted. */
  readonly sharedValues: Readonly<Record<string, readonly string[]>>;
  /** The selections are too large to compare: nothing is known, and the example node is empty. */
  readonly undecided?: true | undefined;
}
