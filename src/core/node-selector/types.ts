import type { Path } from '../base/path.ts';

/** The operators of a node selector requirement, as the Kubernetes API spells them. */
export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

/** One requirement on a node: on a label, or on the field `metadata.name`. */
export interface Requirement {
  readonly kind: 'label' | 'field';
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
  /** Where it was written. */
  readonly path: Path;
}

/** Requirements that a node must satisfy together. None at all: every node does. */
export interface Term {
  readonly requirements: readonly Requirement[];
  readonly path: Path;
}

/** Terms of which a node must satisfy one. None at all: no node does. */
export interface Selection {
  readonly terms: readonly Term[];
}

/** Why (part of) a selection matches no node. */
export interface SelectionFault {
  readonly path: Path;
  readonly reason: 'no-terms' | 'empty-term' | 'no-values' | 'unknown-operator' | 'contradiction' | 'invalid';
  /** One line. */
  readonly message: string;
  /** What was most likely meant, to stand in place of the value at `path`: `In` for `in`. */
  readonly suggestion?: string | undefined;
  /** The value is of a wrong type, which a check against the object's schema reports as well. */
  readonly wrongType?: true | undefined;
}

/** Where the pods of one component may land. */
export interface Placement {
  /** undefined: nothing is required, the pods may land anywhere. */
  readonly selection: Selection | undefined;
  /** Nothing is required, but node affinity is preferred. */
  readonly preferredOnly: boolean;
  readonly faults: readonly SelectionFault[];
  /** The most specific field that is there and decides the placement. */
  readonly path: Path;
}

/** A node as far as a selection can see it. */
export interface KnownNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A node that could exist: these labels, none of the absent ones, whatever else. */
export interface ExampleNode {
  /** Only where the name is constrained. */
  readonly name?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly absent: readonly string[];
}

/** Two terms that one node can satisfy together. Keys are label keys, or `metadata.name`. */
export interface Overlap {
  readonly a: Term;
  readonly b: Term;
  /** The keys that both terms constrain, sorted. */
  readonly commonKeys: readonly string[];
  readonly exampleNode: ExampleNode;
  /** For each common key that both terms restrict to listed values: all values both allow, sorted. */
  readonly sharedValues: Readonly<Record<string, readonly string[]>>;
  /** The selections are too large to compare: nothing is known, the exampleNode is empty. */
  readonly undecided?: true | undefined;
}
