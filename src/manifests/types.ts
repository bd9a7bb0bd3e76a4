import type { JsonObject } from '../core/base/json.ts';
import type { Kind } from '../core/base/model.ts';
import type { Path } from '../core/base/path.ts';

/** A part of a file's text, in UTF-16 offsets; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An error in the text of a file. */
export interface ManifestError extends Span {
  readonly kind: 'syntax' | 'duplicate-key' | 'dropped-text' | 'wrong-type';
  readonly message: string;
  readonly help?: string | undefined;
  readonly related?: readonly (Span & { readonly message: string })[] | undefined;
}

/** One object of a kind that the rules know. */
export interface ManifestObject {
  readonly json: JsonObject;
  /** Its path in the document: `[]`, or an item of a list such as `['items', 3]`. */
  readonly path: Path;
  readonly documentIndex: number;
  /** What it was meant to be, if its apiVersion or kind is missing or wrong. */
  readonly intended?: Kind | undefined;
}

/** An object that a document probably has, although it cannot be read. */
export interface GuessedObject {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface ManifestDocument extends Span {
  readonly index: number;
  /**
   * `list`: its items are objects of their own. `foreign`: a kind that the rules do not know.
   * `not-kubernetes`: readable, but without apiVersion and kind. `failed`: kubectl rejects it.
   */
  readonly status: 'object' | 'list' | 'empty' | 'not-kubernetes' | 'foreign' | 'failed';
  readonly objects: readonly ManifestObject[];
  /** For a failed document: the objects it probably has, so that no rule reports them as missing. */
  readonly guessed?: readonly GuessedObject[] | undefined;
}

export interface ManifestFile {
  readonly name: string;
  /** The text of the file, to which all offsets refer. */
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
  readonly errors: readonly ManifestError[];
  /** Set for Helm values: the text is one YAML stream, of which Helm reads the first document only. */
  readonly oneDocument?: true | undefined;
  /** Set for values in the text of an Application: their positions are those of its file, but no fix edits them. */
  readonly isInText?: true | undefined;
  readonly counts: {
    /** Documents that are not empty. */
    readonly documents: number;
    /** Objects of kinds that the rules know. */
    readonly objects: number;
    readonly foreign: number;
    readonly notKubernetes: number;
  };
}

/** Decides which objects are read. Without the optional functions, an apiVersion and kind are taken literally. */
export interface WantedKinds {
  /** Whether the objects of a type are needed. */
  isWanted(apiVersion: string, kind: string): boolean;
  /** Whether an object of a type that is not needed can be meant to be one that is. */
  mayIntend?(apiVersion: string, kind: string): boolean;
  /** What an object was meant to be whose apiVersion or kind is missing or wrong. */
  intended?(json: JsonObject): Kind | undefined;
}

export interface ReadOptions {
  /** By default, objects of all kinds are read. */
  readonly kinds?: WantedKinds | undefined;
  /** A larger file is not read. */
  readonly maxBytes?: number | undefined;
}
