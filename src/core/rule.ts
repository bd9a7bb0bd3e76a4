import type { Severity } from './base/config.ts';
import type { HelpText } from './base/help-text.ts';
import type { Change, Kind, Resource } from './base/model.ts';
import type { Path } from './base/path.ts';
import type { Fix, ProposedFix, RelatedPlace, TextSpan } from './finding.ts';
import type { World } from './world.ts';

/** `none`: the rule is not evaluated in this mode. */
export interface Severities {
  readonly lint: Severity | 'none';
  readonly admission: 'deny' | 'warn' | 'none';
}

/**
 * Who can waive a finding in a cluster: the `owner` of the object, by an annotation, if the rule is about this
 * object alone; otherwise only an `administrator`, in the configuration.
 */
export type WaivedBy = 'owner' | 'administrator';

/**
 * What a rule reports. Most rules need `path`, `message` and `help`. The second group of fields is for rules
 * between objects: it decides which reports are one finding, and which findings a change introduces.
 */
export interface Violation {
  /** The field that is wrong; `[]` for the object as a whole. */
  readonly path: Path;
  /** What is wrong, with both values. One line, lower case, no full stop. */
  readonly message: string;
  /** An order with the exact edit. */
  readonly help?: HelpText | undefined;
  readonly fix?: ProposedFix | undefined;
  /** Other places that the message refers to. */
  readonly related?: readonly RelatedPlace[] | undefined;
  /** Whether the key or the value of the field is marked. */
  readonly part?: 'key' | 'value' | undefined;
  /** The text under the marked part; by default the object and the field. */
  readonly label?: string | undefined;
  /** Use `Rule.minor` in place of `Rule.severity`. */
  readonly minor?: boolean | undefined;
  /** The object that the finding is on, if it is not the one that was checked. */
  readonly subject?: Resource | undefined;
  /** The range of text that is wrong, if no object could be read. */
  readonly span?: TextSpan | undefined;

  /** The other object of a finding between two. */
  readonly other?: Resource | undefined;
  /**
   * Either of the two objects could be changed to resolve it. Such a finding is reported once: on the object
   * that changed, else on the one outside the namespace of the management cluster, else on the first by name.
   */
  readonly symmetric?: boolean | undefined;
  /**
   * By default: subject, other object and path without indexes. Baselines contain it, so it must never
   * change.
   */
  readonly identity?: string | undefined;
  /** By default: the value at the path. See `Finding.evidence`. */
  readonly evidence?: readonly string[] | undefined;
  /** Objects that take part besides the subject and the other object. Only for a symmetric finding. */
  readonly objects?: readonly Resource[] | undefined;
}

export type ReportViolation = (violation: Violation) => void;

/**
 * A rule: one file in `rules/`, one page in `docs/rules/`, one file of cases in `test/cases/`. The functions
 * depend on nothing but their arguments, so that the difference of two worlds is the difference of their
 * findings.
 */
export interface Rule {
  readonly code: string;
  readonly name: string;
  readonly severity: Severities;
  /** The severities of a violation that is reported as `minor`. */
  readonly minor?: Severities | undefined;
  /** The strongest fix that the rule can offer. */
  readonly fix?: Fix['safety'] | undefined;
  /** Who can waive it in a cluster; by default see {@link withWaivedBy}. */
  readonly waivedBy?: WaivedBy | undefined;
  /** The kinds that `check` is called with. */
  readonly kinds: readonly Kind[];
  /** Checks one object of a world. */
  check?(subject: Resource, world: World, report: ReportViolation): void;
  /** Checks what belongs to no single object. Called once for each world. */
  checkWorld?(world: World, report: ReportViolation): void;
  /** Checks what only a change can violate. */
  checkChange?(change: Change, before: World, after: World, report: ReportViolation): void;
  /**
   * The other objects that must be checked again when one object changes. A rule needs it if `check` reads
   * anything of the world beside the subject and the configuration; it must give every object whose findings
   * can appear, disappear or change, and may give more. `test/core/judge/full-difference.test.ts` proves it
   * complete, and `iomesh/affected.ts` has the frequent cases.
   */
  affected?(change: Change, before: World, after: World): Iterable<Resource>;
  /**
   * The rule that reports instead of this one if the deletion of an object violates this rule on other
   * objects.
   */
  readonly deletionReportedBy?: string | undefined;
  /**
   * The rule that denies instead of this one if the creation of an object violates this rule on other objects.
   */
  readonly arrivalReportedBy?: string | undefined;
}

/**
 * The same rule, which says who can waive it. By default a rule that depends on other objects or on a change is
 * waived by an administrator.
 */
export function withWaivedBy(rule: Rule): Rule & { readonly waivedBy: WaivedBy } {
  const { affected, checkWorld, checkChange } = rule;
  const isOfOneObject = affected === undefined && checkWorld === undefined && checkChange === undefined;
  return { ...rule, waivedBy: rule.waivedBy ?? (isOfOneObject ? 'owner' : 'administrator') };
}
