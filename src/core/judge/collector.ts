import type { Finding } from '../finding.ts';
import { at, exactText, type Json } from '../base/json.ts';
import { type HelpText, renderHelp } from '../base/help-text.ts';
import { displayName, type ObjectRef, type Resource, sameObject } from '../base/model.ts';
import { formatPath, type Path } from '../base/path.ts';
import type { Violation, ReportViolation, Rule } from '../rule.ts';
import type { World } from '../world.ts';

/** A finding with the rule and the severity that decide about it. */
export interface CollectedFinding {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly minor: boolean;
}

/** True for an object that a change is about. */
export type IsChanged = (ref: ObjectRef) => boolean;

/**
 * Collects violations as findings. Violations of one identity become one finding: a conflict is reported from
 * both of its sides, and an error of the management cluster from every pool.
 */
export class Collector {
  readonly #byIdentity = new Map<string, CollectedFinding>();
  readonly #world: World;
  readonly #isChanged: IsChanged | undefined;

  /**
   * `changed`: the changed object, or a test for changed objects. A symmetric finding is reported on a
   * changed one.
   */
  constructor(world: World, changed?: ObjectRef | IsChanged) {
    this.#world = world;
    this.#isChanged = typeof changed === 'object' ? (ref) => sameObject(ref, changed) : changed;
  }

  /** The function to which a rule reports the violations of a subject. */
  reporter(rule: Rule, subject: Resource | undefined): ReportViolation {
    return (violation) => this.#add(rule, subject, violation);
  }

  /** Every finding, in the order of the first reports. */
  all(): Iterable<CollectedFinding> {
    return this.#byIdentity.values();
  }

  /** The rules that reported something. */
  rules(): Iterable<Rule> {
    const rules = new Set<Rule>();
    for (const { rule } of this.#byIdentity.values()) rules.add(rule);
    return rules;
  }

  /** The evidence of every finding, as {@link evidenceKeys} gives it. */
  evidence(): ReadonlySet<string> {
    return new Set([...this.#byIdentity.values()].flatMap(({ finding }) => evidenceKeys(finding)));
  }

  #add(rule: Rule, subject: Resource | undefined, violation: Violation): void {
    const finding = toFinding(rule, subject, violation);
    const known = this.#byIdentity.get(finding.identity);
    const collected = { finding, rule, minor: violation.minor === true };
    this.#byIdentity.set(finding.identity, known === undefined ? collected : this.#merge(known, collected));
  }

  #merge(a: CollectedFinding, b: CollectedFinding): CollectedFinding {
    const [kept, other] = this.#compare(a.finding.object, b.finding.object) <= 0 ? [a, b] : [b, a];
    const evidence = [...new Set([...kept.finding.evidence, ...other.finding.evidence])];
    const objects = [...kept.finding.objects];
    for (const object of other.finding.objects)
      if (!objects.some((each) => each.key === object.key)) objects.push(object);
    return { ...kept, finding: { ...kept.finding, evidence, objects } };
  }

  /** The order of `Violation.symmetric`: negative if the finding is reported on `a`. */
  #compare(a: ObjectRef | undefined, b: ObjectRef | undefined): number {
    if (a === undefined || b === undefined || sameObject(a, b)) return 0;
    if (this.#isChanged !== undefined) {
      const changed = Number(this.#isChanged(b)) - Number(this.#isChanged(a));
      if (changed !== 0) return changed;
    }
    const rank = Number(this.#belongsToManagement(a)) - Number(this.#belongsToManagement(b));
    if (rank !== 0) return rank;
    return fullName(a) < fullName(b) ? -1 : 1;
  }

  #belongsToManagement(ref: ObjectRef): boolean {
    return ref.namespace === this.#world.config.managementCluster.namespace;
  }
}

function fullName({ namespace = '', name }: ObjectRef): string {
  return `${namespace}/${name}`;
}

/** The evidence of a finding as keys that are the same in the world before and after a change. */
export function evidenceKeys({ identity, evidence }: Finding): readonly string[] {
  return evidence.map((each) => `${identity}\0${each}`);
}

/** True if a finding has evidence that is not among that of an earlier world. */
export function isIntroduced(finding: Finding, earlier: ReadonlySet<string>): boolean {
  return evidenceKeys(finding).some((key) => !earlier.has(key));
}

function toFinding(rule: Rule, subject: Resource | undefined, violation: Violation): Finding {
  const resource = violation.subject ?? subject;
  const objects = [resource, violation.other, ...(violation.objects ?? [])];
  const print = (text: HelpText): string => renderHelp(text, (field) => resource?.source?.nameOf?.(field));
  return {
    code: rule.code,
    name: rule.name,
    // `judge` and `judgeChange` decide.
    severity: 'error',
    message: violation.message,
    label: violation.label ?? defaultLabel(resource, violation.path),
    path: violation.path,
    related: violation.related ?? [],
    docs: `docs/rules/${rule.code}.md`,
    identity:
      violation.identity !== undefined
        ? `${rule.code}|${violation.identity}`
        : identityOf(rule, resource, violation),
    evidence: violation.evidence ?? [
      valueText(resource === undefined ? undefined : at(resource.json, violation.path)),
    ],
    objects: (violation.symmetric === true ? objects : [resource]).filter((each) => each !== undefined),
    resource,
    object: resource?.ref,
    part: violation.part,
    span: violation.span,
    help: violation.help === undefined ? undefined : print(violation.help),
    fix:
      violation.fix === undefined
        ? undefined
        : { ...violation.fix, description: print(violation.fix.description) },
  };
}

function identityOf(rule: Rule, resource: Resource | undefined, violation: Violation): string {
  const self = resource?.key ?? '';
  const other = violation.other?.key ?? '';
  const sides = violation.symmetric === true ? [self, other].sort() : [self, other];
  const where = violation.span === undefined ? '' : `${violation.span.start}`;
  return [rule.code, ...sides, fieldName(violation.path), where].join('|');
}

/** A path without its indexes: an element keeps its identity if others are added or removed before it. */
function fieldName(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
}

function defaultLabel(resource: Resource | undefined, path: Path): string {
  if (resource === undefined) return '';
  const field = formatPath(path);
  return field === '' ? displayName(resource.ref) : `${displayName(resource.ref)}, ${field}`;
}

function valueText(value: Json | undefined): string {
  return value === undefined ? 'absent' : exactText(value);
}
