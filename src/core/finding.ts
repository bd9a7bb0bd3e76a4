import type { Severity } from './base/config.ts';
import { at, typeName } from './base/json.ts';
import type { FixEdit } from './base/edits.ts';
import type { HelpText } from './base/help-text.ts';
import { displayName, type ObjectRef, type Resource } from './base/model.ts';
import { formatPath, type Path } from './base/path.ts';
import { quoted } from './base/text.ts';
import type { AppliedWaiver } from './base/waivers.ts';

/** A range of the text that a document was read from, in UTF-16 offsets. Only the reader knows the text. */
export interface TextSpan {
  readonly source: object;
  readonly start: number;
  readonly end: number;
}

/** A field of an object, or a range of text if no object could be read. */
export interface FindingPlace {
  readonly resource?: Resource | undefined;
  readonly path: Path;
  /**
   * Whether the key or the value of the field is marked. A missing field is shown at the key of its parent.
   */
  readonly part?: 'key' | 'value' | undefined;
  readonly span?: TextSpan | undefined;
}

/** Another place that a finding refers to. */
export interface RelatedPlace extends FindingPlace {
  readonly message: string;
}

/**
 * How a finding can be fixed. `safe` keeps the meaning, `unsafe` changes a value, `shown` is described but
 * not applied.
 */
export interface Fix {
  readonly safety: 'safe' | 'unsafe' | 'shown';
  readonly description: string;
  readonly edits?: readonly FixEdit[] | undefined;
}

/** A fix as a rule proposes it. */
export interface ProposedFix extends Omit<Fix, 'description'> {
  readonly description: HelpText;
}

/** One violation of one rule. A rule reports a `Violation`; the collector in `judge/` completes it. */
export interface Finding extends FindingPlace {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  /** What is wrong, with both values. One line, lower case, no full stop. */
  readonly message: string;
  /** The text under the marked part of an excerpt. */
  readonly label: string;
  readonly object?: ObjectRef | undefined;
  readonly related: readonly RelatedPlace[];
  readonly help?: string | undefined;
  readonly fix?: Fix | undefined;
  /** The page of the rule, relative to the project. */
  readonly docs: string;
  /** What makes it the same finding in another world: rule, object, field and other object. */
  readonly identity: string;
  /**
   * What is wrong, in parts that can be compared. A change introduces a finding if the finding has evidence
   * that the finding of the same identity did not have before.
   */
  readonly evidence: readonly string[];
  /** The Kubernetes cluster of the objects, if a run reads those of several. */
  readonly world?: string | undefined;
  /** Every object that takes part in the finding. A change of any of them is a change of its cause. */
  readonly objects: readonly Resource[];
}

/** A finding that a waiver accepts. */
export interface WaivedFinding extends Finding {
  readonly waiver: AppliedWaiver;
}

/** A related field, with its value: `iomesh-system/iomesh, spec.meta.image.tag: "v1.0.1"`. */
export function relatedField(resource: Resource, path: Path): RelatedPlace {
  const value = at(resource.json, path);
  let shown = 'not set';
  if (typeof value === 'string') shown = quoted(value);
  else if (typeof value === 'object' && value !== null) shown = typeName(value);
  else if (value !== undefined && value !== null) shown = String(value);
  return { resource, path, message: `${displayName(resource.ref)}, ${formatPath(path)}: ${shown}` };
}

/** A related object as a whole, shown at its name. */
export function relatedObject(resource: Resource, message: string): RelatedPlace {
  return { resource, path: ['metadata', 'name'], message };
}
