import type { Severity } from './base/config.ts';
import type { Json } from './base/json.ts';
import type { ObjectRef, Resource } from './base/model.ts';
import type { Path } from './base/path.ts';

/** Offsets into the text a document came from; only the reader knows the text. */
export interface TextSpan {
  readonly source: object;
  readonly start: number;
  readonly end: number;
}

/** One place in the input: a field of an object, or a stretch of text where no object was read. */
export interface Place {
  readonly resource?: Resource;
  readonly path: Path;
  /** Which half of a field is meant. An absent field is shown at its parent's key either way. */
  readonly part?: 'key' | 'value';
  readonly span?: TextSpan;
}

/** The other side of a finding. */
export interface Related extends Place {
  readonly message: string;
}

/** One step of a fix, on the object's JSON; `add` also creates missing parents. */
export type FixEdit =
  | { readonly op: 'add' | 'replace'; readonly path: Path; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'move'; readonly from: Path; readonly path: Path };

/** How a finding can be mended. `safe` keeps the meaning, `unsafe` changes a value, `shown` is only described. */
export interface Fix {
  readonly safety: 'safe' | 'unsafe' | 'shown';
  readonly description: string;
  readonly edits?: readonly FixEdit[];
}

/** What one rule says of one place. */
export interface Finding extends Place {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  /** The fact, with the values of both sides. One line. */
  readonly message: string;
  /** What stands under the marked text in a code frame. */
  readonly label: string;
  readonly object?: ObjectRef;
  readonly related: readonly Related[];
  readonly help?: string;
  readonly fix?: Fix;
  /** Page of the rule, relative to the project. */
  readonly docs: string;
  /** Rule, object, field and counterpart: what makes it the same finding after an edit. */
  readonly identity: string;
  /** What is wrong, piece by piece. A finding is new where it holds a piece that was not wrong before. */
  readonly extent: readonly string[];
  /** Every object that has a part in it; an edit of any of them is an edit of the cause. */
  readonly parties: readonly Resource[];
}
