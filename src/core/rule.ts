import type { Severity } from './base/config.ts';
import type { HelpText } from './base/help-text.ts';
import type { Fix, ProposedFix, Related, TextSpan } from './finding.ts';
import type { Change, Kind, Resource } from './base/model.ts';
import type { Path } from './base/path.ts';
import type { World } from './world.ts';

/** `none`: this mode does not judge it. */
export interface Severities {
  readonly lint: Severity | 'none';
  readonly admission: 'deny' | 'warn' | 'none';
}

/** What a rule reports; `judge` makes a finding of it. */
export interface Violation {
  readonly path: Path;
  readonly message: string;
  readonly part?: 'key' | 'value' | undefined;
  /** Stands under the marked text; by default the object and the field. */
  readonly label?: string | undefined;
  readonly help?: HelpText | undefined;
  readonly related?: readonly Related[] | undefined;
  readonly fix?: ProposedFix | undefined;
  /** Picks `minor` of the rule's severities. */
  readonly minor?: boolean | undefined;
  /** The object it is about, where that is not the subject. */
  readonly subject?: Resource | undefined;
  /** The other object of a finding that stands between two. */
  readonly other?: Resource | undefined;
  /**
   * A finding between two objects that either of them could be blamed for: it is reported once,
   * from the side that changed, else from the side that comes first in {@link World.blame}.
   */
  readonly symmetric?: boolean | undefined;
  /** Overrides the identity where rule, object, path and counterpart do not make it. */
  readonly identity?: string | undefined;
  /** Pieces of what is wrong; by default the value at the path. */
  readonly evidence?: readonly string[] | undefined;
  /** Where there is no object: the text. */
  readonly span?: TextSpan | undefined;
  /** Objects besides subject and counterpart that have a part in it. */
  readonly objects?: readonly Resource[] | undefined;
}

export type Report = (violation: Violation) => void;

/**
 * One law; its prose is its page in docs/rules. `check` sees one subject in a world and reports what is wrong with it; it must depend on
 * nothing but its arguments, so that the difference of two worlds is the difference of their findings.
 */
export interface Rule {
  readonly code: string;
  readonly name: string;
  readonly severity: Severities;
  readonly minor?: Severities | undefined;
  /** The strongest fix the rule can offer. */
  readonly fix?: Fix['safety'] | undefined;
  /** The kinds `check` is called with. */
  readonly kinds: readonly Kind[];
  check?(subject: Resource, world: World, report: Report): void;
  /** For what concerns no single object: called once a world. */
  checkWorld?(world: World, report: Report): void;
  /**
   * The other subjects whose findings may come, go or change because one object changed. Called with
   * the world before and after; the changed object itself need not be named.
   */
  affected?(change: Change, before: World, after: World): Iterable<Resource>;
  /** For what only a change can violate. */
  checkChange?(change: Change, before: World, after: World, report: Report): void;
  /** On a deletion, findings of this rule on other objects are left to the rule named here. */
  deletionSaidBy?: string | undefined;
}
