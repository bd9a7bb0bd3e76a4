import type { Severity } from './base/config.ts';
import { at, typeName } from './base/json.ts';
import type { FixEdit } from './base/edits.ts';
import type { HelpText } from './base/help-text.ts';
import { displayName, type ObjectRef, type Resource } from './base/model.ts';
import { formatPath, type Path } from './base/path.ts';
import { quoted } from './base/text.ts';

/** Offsets into the text a document came from; only the reader knows the text. */
export interface TextSpan {
  readonly source: object;
  readonly start: number;
  readonly end: number;
}

/** One place in the input: a field of an object, or a stretch of text where no object was read. */
export interface Place {
  readonly resource?: Resource | undefined;
  readonly path: Path;
  /** Which half of a field is meant. An absent field is shown at its parent's key either way. */
  readonly part?: 'key' | 'value' | undefined;
  readonly span?: TextSpan | undefined;
}

/** The other side of a finding. */
export interface Related extends Place {
  readonly message: string;
}

/** How a finding can be mended. `safe` keeps the meaning, `unsafe` changes a value, `shown` is only described. */
export interface Fix {
  readonly safety: 'safe' | 'unsafe' | 'shown';
  readonly description: string;
  readonly edits?: readonly FixEdit[] | undefined;
}

/** A fix as a rule proposes it. */
export interface ProposedFix extends Omit<Fix, 'description'> {
  readonly description: HelpText;
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
  readonly object?: ObjectRef | undefined;
  readonly related: readonly Related[];
  readonly help?: string | undefined;
  readonly fix?: Fix | undefined;
  /** Page of the rule, relative to the project. */
  readonly docs: string;
  /** Rule, object, field and other: what makes it the same finding after an edit. */
  readonly identity: string;
  /** What is wrong, piece by piece. A finding is new where it holds a piece that was not wrong before. */
  readonly evidence: readonly string[];
  /** Every object that has a part in it; an edit of any of them is an edit of the cause. */
  readonly objects: readonly Resource[];
}

/** A field on the other side of a finding, with its value: `iomesh-system/iomesh, spec.meta.image.tag: "v1.0.1"`. */
export function fieldOf(resource: Resource, path: Path): Related {
  const value = at(resource.json, path);
  let shown = 'not set';
  if (typeof value === 'string') shown = quoted(value);
  else if (typeof value === 'object' && value !== null) shown = typeName(value);
  else if (value !== undefined && value !== null) shown = String(value);
  return { resource, path, message: `${displayName(resource.ref)}, ${formatPath(path)}: ${shown}` };
}

/** An object as a whole on the other side of a finding, shown at its name. */
export function objectAt(resource: Resource, message: string): Related {
  return { resource, path: ['metadata', 'name'], message };
}
