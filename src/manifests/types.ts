import type { JsonObject } from '../core/base/json.ts';
import type { Path } from '../core/base/path.ts';

/** A stretch of a file's text, in UTF-16 offsets; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with the text of a file, whatever its objects say. */
export interface ManifestFault extends Span {
  readonly kind: 'syntax' | 'duplicate-key' | 'dropped-text';
  readonly message: string;
  readonly help?: string | undefined;
  readonly related?: readonly (Span & { readonly message: string })[] | undefined;
}

/** One object of a kind the rules know. */
export interface ManifestObject {
  readonly json: JsonObject;
  /** Its place in the document: `[]`, or an item of a list such as `['items', 3]`. */
  readonly path: Path;
  readonly documentIndex: number;
}

/** What a document that cannot be read most likely holds. */
export interface Guess {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface ManifestDocument extends Span {
  readonly index: number;
  /**
   * `list`: its items were taken apart. `foreign`: a kind the rules do not know.
   * `not-kubernetes`: readable, but without apiVersion and kind. `failed`: kubectl refuses it.
   */
  readonly status: 'object' | 'list' | 'empty' | 'not-kubernetes' | 'foreign' | 'failed';
  readonly objects: readonly ManifestObject[];
  /** For a failed document: what it holds, so that nobody misses it. */
  readonly guess?: readonly Guess[] | undefined;
}

export interface ManifestFile {
  readonly name: string;
  /** The file's text, as its offsets count it. */
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
  readonly faults: readonly ManifestFault[];
  /** The text is one stream, as Helm reads values: its first document counts, and nothing behind it. */
  readonly oneDocument?: true | undefined;
  readonly counts: {
    /** Documents that are not empty. */
    readonly documents: number;
    /** Objects of kinds the rules know. */
    readonly objects: number;
    readonly foreign: number;
    readonly notKubernetes: number;
  };
}

export interface ReadOptions {
  /** True for kinds whose objects are wanted; without it all are. */
  readonly isOurs?: ((apiVersion: string, kind: string) => boolean) | undefined;
  /** A larger file is not read. */
  readonly maxBytes?: number | undefined;
}
