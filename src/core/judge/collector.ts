import type { Severity } from '../base/config.ts';
import type { Finding } from '../finding.ts';
import { at, type Json } from '../base/json.ts';
import { type HelpText, renderHelp } from '../base/help-text.ts';
import { displayName, type ObjectRef, type Resource, sameObject } from '../base/model.ts';
import { formatPath, type Path } from '../base/path.ts';
import type { Violation, ReportViolation, Rule } from '../rule.ts';
import type { World } from '../world.ts';

/** A finding with what judging needs to know of it. */
export interface Collected {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly minor: boolean;
}

/** True for an object that a change is about. */
export type IsChanged = (ref: ObjectRef) => boolean;

/**
 * Gathers what rules report. Drafts of one identity become one finding: a conflict seen from both
 * sides is one conflict, a fault seen from every follower is one fault.
 */
export class Collector {
  readonly #byIdentity = new Map<string, Collected>();
  readonly #world: World;
  readonly #isChanged: IsChanged | undefined;

  /** `changed` is the object a change is about, or tells those of a change of many: a symmetric finding is told from its side. */
  constructor(world: World, changed?: ObjectRef | IsChanged) {
    this.#world = world;
    this.#isChanged = typeof changed === 'object' ? (ref) => sameObject(ref, changed) : changed;
  }

  /** The function a rule reports a subject's findings to. */
  reporter(rule: Rule, subject: Resource | undefined): ReportViolation {
    return (violation) => this.#add(rule, subject, violation);
  }

  /** Everything gathered, in the order it was first reported. */
  all(): Iterable<Collected> {
    return this.#byIdentity.values();
  }

  /** The rules that reported something. */
  rules(): Iterable<Rule> {
    const rules = new Set<Rule>();
    for (const { rule } of this.#byIdentity.values()) rules.add(rule);
    return rules;
  }

  /** Every piece of every finding, for asking whether a piece was wrong before. */
  pieces(): ReadonlySet<string> {
    const pieces = new Set<string>();
    for (const { finding } of this.#byIdentity.values())
      for (const piece of finding.evidence) pieces.add(pieceKey(finding, piece));
    return pieces;
  }

  #add(rule: Rule, subject: Resource | undefined, violation: Violation): void {
    const finding = toFinding(rule, subject, violation);
    const known = this.#byIdentity.get(finding.identity);
    const collected = { finding, rule, minor: violation.minor === true };
    this.#byIdentity.set(finding.identity, known === undefined ? collected : this.#merge(known, collected));
  }

  #merge(a: Collected, b: Collected): Collected {
    const [told, other] = this.#blame(a.finding.object, b.finding.object) <= 0 ? [a, b] : [b, a];
    const evidence = [...new Set([...told.finding.evidence, ...other.finding.evidence])];
    const objects = [...told.finding.objects];
    for (const party of other.finding.objects)
      if (!objects.some((each) => each.key === party.key)) objects.push(party);
    return { ...told, finding: { ...told.finding, evidence, objects } };
  }

  /** Negative where `a` is rather to be told about: what changed, then any but the management cluster, then by name. */
  #blame(a: ObjectRef | undefined, b: ObjectRef | undefined): number {
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

/** The name of one piece of a finding, the same in the world before and the world after. */
export function pieceKey(finding: Finding, piece: string): string {
  return `${finding.identity}\0${piece}`;
}

function toFinding(rule: Rule, subject: Resource | undefined, violation: Violation): Finding {
  const resource = violation.subject ?? subject;
  const objects = [resource, violation.other, ...(violation.objects ?? [])];
  const symmetric = violation.symmetric === true;
  const others = symmetric ? objects : [resource];
  const print = (text: HelpText): string => renderHelp(text, (field) => resource?.source?.nameOf?.(field));
  return {
    code: rule.code,
    name: rule.name,
    severity: 'error' satisfies Severity,
    message: violation.message,
    label: violation.label ?? defaultLabel(resource, violation.path),
    path: violation.path,
    related: violation.related ?? [],
    docs: `docs/rules/${rule.code}.md`,
    identity:
      violation.identity !== undefined
        ? `${rule.code}|${violation.identity}`
        : identify(rule, resource, violation),
    evidence: violation.evidence ?? [
      valueText(resource === undefined ? undefined : at(resource.json, violation.path)),
    ],
    objects: others.filter((each) => each !== undefined),
    ...(resource === undefined ? {} : { resource, object: resource.ref }),
    ...(violation.part === undefined ? {} : { part: violation.part }),
    ...(violation.span === undefined ? {} : { span: violation.span }),
    ...(violation.help === undefined ? {} : { help: print(violation.help) }),
    ...(violation.fix === undefined
      ? {}
      : { fix: { ...violation.fix, description: print(violation.fix.description) } }),
  };
}

function identify(rule: Rule, resource: Resource | undefined, violation: Violation): string {
  const self = resource?.key ?? '';
  const other = violation.other?.key ?? '';
  const sides = violation.symmetric === true ? [self, other].sort() : [self, other];
  const where = violation.span === undefined ? '' : `${violation.span.start}`;
  return [rule.code, ...sides, fieldName(violation.path), where].join('|');
}

/** A path without its indexes: an element keeps its identity when its neighbours move. */
function fieldName(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
}

function defaultLabel(resource: Resource | undefined, path: Path): string {
  if (resource === undefined) return '';
  const field = formatPath(path);
  return field === '' ? displayName(resource.ref) : `${displayName(resource.ref)}, ${field}`;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
}
