import type { Severity } from '../base/config.ts';
import type { Finding } from '../finding.ts';
import { at, type Json } from '../base/json.ts';
import { displayName, type ObjectRef, type Resource, sameObject } from '../base/model.ts';
import { formatPath, type Path } from '../base/path.ts';
import type { Draft, Report, Rule } from '../rule.ts';
import type { World } from '../world.ts';

/** A finding with what judging needs to know of it. */
export interface Collected {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly lesser: boolean;
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

  /** `changed` is the object a change is about, or tells those of a change of many: a mutual finding is told from its side. */
  constructor(world: World, changed?: ObjectRef | IsChanged) {
    this.#world = world;
    this.#isChanged = typeof changed === 'object' ? (ref) => sameObject(ref, changed) : changed;
  }

  /** The function a rule reports a subject's findings to. */
  reporter(rule: Rule, subject: Resource | undefined): Report {
    return (draft) => this.#add(rule, subject, draft);
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
      for (const piece of finding.extent) pieces.add(pieceKey(finding, piece));
    return pieces;
  }

  #add(rule: Rule, subject: Resource | undefined, draft: Draft): void {
    const finding = toFinding(rule, subject, draft);
    const known = this.#byIdentity.get(finding.identity);
    const collected = { finding, rule, lesser: draft.lesser === true };
    this.#byIdentity.set(finding.identity, known === undefined ? collected : this.#merge(known, collected));
  }

  #merge(a: Collected, b: Collected): Collected {
    const [told, other] = this.#blame(a.finding.object, b.finding.object) <= 0 ? [a, b] : [b, a];
    const extent = [...new Set([...told.finding.extent, ...other.finding.extent])];
    const parties = [...told.finding.parties];
    for (const party of other.finding.parties)
      if (!parties.some((each) => each.key === party.key)) parties.push(party);
    return { ...told, finding: { ...told.finding, extent, parties } };
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

function toFinding(rule: Rule, subject: Resource | undefined, draft: Draft): Finding {
  const resource = draft.on ?? subject;
  const parties = [resource, draft.counterpart, ...(draft.parties ?? [])];
  const mutual = draft.mutual === true;
  const others = mutual ? parties : [resource];
  return {
    code: rule.code,
    name: rule.name,
    severity: 'error' satisfies Severity,
    message: draft.message,
    label: draft.label ?? defaultLabel(resource, draft.path),
    path: draft.path,
    related: draft.related ?? [],
    docs: `docs/rules/${rule.code}.md`,
    identity:
      draft.identity !== undefined ? `${rule.code}|${draft.identity}` : identify(rule, resource, draft),
    extent: draft.extent ?? [valueText(resource === undefined ? undefined : at(resource.json, draft.path))],
    parties: others.filter((each) => each !== undefined),
    ...(resource === undefined ? {} : { resource, object: resource.ref }),
    ...(draft.part === undefined ? {} : { part: draft.part }),
    ...(draft.span === undefined ? {} : { span: draft.span }),
    ...(draft.help === undefined ? {} : { help: draft.help }),
    ...(draft.fix === undefined ? {} : { fix: draft.fix }),
  };
}

function identify(rule: Rule, resource: Resource | undefined, draft: Draft): string {
  const self = resource?.key ?? '';
  const other = draft.counterpart?.key ?? '';
  const sides = draft.mutual === true ? [self, other].sort() : [self, other];
  const where = draft.span === undefined ? '' : `${draft.span.start}`;
  return [rule.code, ...sides, fieldName(draft.path), where].join('|');
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
