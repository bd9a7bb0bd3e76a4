/**
 * How rules are evaluated.
 *
 * `judge(world)` calls every rule for every object of its kinds: `lint` and `audit`. `judgeChange(world,
 * change)` calls them only for the changed object and those that `affected` gives, in the world before and in
 * the world after, and separates the findings that the change introduces: the webhook. Both call the same
 * `check` functions.
 */
import { type CollectedFinding, Collector, isIntroduced } from './collector.ts';
import type { Finding, WaivedFinding } from '../finding.ts';
import { claimedZookeeper, clusterOf } from '../iomesh/cluster.ts';
import { type Config, isRuleOff } from '../base/config.ts';
import { type Change, changedObject, type ObjectRef, type Resource } from '../base/model.ts';
import type { Rule } from '../rule.ts';
import { rules as catalogue } from './catalogue.ts';
import { admissionOutcome, lintSeverity } from './severity.ts';
import { WaiverBook } from './waiver-book.ts';
import { unusedWaiver, waiverUnused } from './waiver-unused.ts';
import { appliedWaiverText } from '../base/waivers.ts';
import type { World } from '../world.ts';

/** The findings of a world. */
export interface JudgeResult {
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
}

/** The same findings with the name of their world. */
export function labelWorld({ findings, waived }: JudgeResult, world: string | undefined): JudgeResult {
  if (world === undefined) return { findings, waived };
  return {
    findings: findings.map((each) => ({ ...each, world })),
    waived: waived.map((each) => ({ ...each, world })),
  };
}

/** The findings of a change. */
export interface ChangeResult {
  readonly denied: readonly Finding[];
  readonly warned: readonly Finding[];
  /** Their severity is `error` if they would be denied. */
  readonly waived: readonly WaivedFinding[];
}

/** The findings that the webhook warns of: also those that a waiver saves from being denied. */
export function findingsToWarnOf({
  warned,
  waived,
}: Pick<ChangeResult, 'warned' | 'waived'>): readonly Finding[] {
  const saved = waived.filter(({ severity }) => severity === 'error');
  return [...saved.map((each) => ({ ...each, help: appliedWaiverText(each.waiver) })), ...warned];
}

/**
 * Every finding of a world, in no particular order. A symmetric finding is reported on an object that is
 * `changed`, if one of its objects is.
 */
export function judge(
  world: World,
  rules: readonly Rule[] = catalogue,
  changed?: (ref: ObjectRef) => boolean,
): JudgeResult {
  const evaluated = rules.filter((rule) => lintSeverity(rule, false, world.config) !== 'none');
  const collector = new Collector(world, changed);
  for (const rule of evaluated) {
    rule.checkWorld?.(world, collector.reporter(rule, undefined));
    if (rule.check === undefined) continue;
    for (const kind of rule.kinds)
      for (const resource of world.all(kind)) rule.check(resource, world, collector.reporter(rule, resource));
  }
  const waivers = new WaiverBook(world);
  const findings: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const { finding, rule } of withSeverity(collector, world)) {
    const waiver = waivers.waiverOf(finding, rule);
    if (waiver === undefined) findings.push({ ...finding, help: waivers.helpOf(finding) });
    else waived.push({ ...finding, waiver });
  }
  // Which waivers are unused is known only after every other rule.
  if (evaluated.includes(waiverUnused)) {
    const unused = new Collector(world);
    for (const [holder, waiver] of waivers.unused(world, evaluated))
      unused.reporter(waiverUnused, holder)(unusedWaiver(holder, waiver, world.config.waivers));
    for (const { finding } of withSeverity(unused, world)) findings.push(finding);
  }
  return { findings, waived };
}

function* withSeverity(collector: Collector, world: World): Iterable<CollectedFinding> {
  for (const { finding, rule, minor } of collector.all()) {
    const severity = lintSeverity(rule, minor, world.config);
    if (severity !== 'none') yield { finding: { ...finding, severity }, rule, minor };
  }
}

/**
 * The findings of a change of one object. An introduced finding on that object is denied or warned of, as its
 * rule says, and so is one on the ZookeeperCluster that becomes part of IOMesh with it, and one that a new object
 * introduces on another object. A finding that existed before is a warning, and so is one that an update
 * introduces on another object; but a deletion that violates a rule on another object is denied.
 */
export function judgeChange(world: World, change: Change, rules: readonly Rule[] = catalogue): ChangeResult {
  const changed = changedObject(change);
  if (changed === undefined) return { denied: [], warned: [], waived: [] };
  const after = world.inMode('admission').with(change);
  // Under the release of IOMesh that the change shows, if it is another one.
  const before = after.base ?? world;
  const now = new Collector(after, changed.ref);
  const affected = new Map<Rule, ReadonlySet<string>>();
  for (const rule of evaluatedAtAdmission(rules, after.config)) {
    const keys = affectedKeys(rule, change, before, after, changed);
    if (keys !== undefined) affected.set(rule, keys);
    rule.checkWorld?.(after, now.reporter(rule, undefined));
    rule.checkChange?.(change, before, after, now.reporter(rule, changed));
    checkAgain(rule, after, change.after, keys, now);
  }
  // The world before matters only for rules that found something in the world after.
  const past = new Collector(before, changed.ref);
  for (const rule of now.rules()) {
    rule.checkWorld?.(before, past.reporter(rule, undefined));
    checkAgain(rule, before, change.before, affected.get(rule), past);
  }

  const earlier = past.evidence();
  const subjects = new Set([changed.key, claimedZookeeper(change, before, after)?.key]);
  const waivers = new WaiverBook(after, change);
  const denied: Finding[] = [];
  const warned: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const collected of now.all()) {
    const decision = decide(collected, subjects, change, earlier, after);
    if (decision === 'none') continue;
    const finding: Finding = { ...collected.finding, severity: decision === 'deny' ? 'error' : 'warning' };
    const waiver = waivers.waiverOf(finding, collected.rule);
    if (waiver !== undefined) {
      waived.push({ ...finding, waiver });
      continue;
    }
    const isDenied = decision === 'deny' && !isWarnOnly(after, changed.ref);
    (isDenied ? denied : warned).push({ ...finding, help: waivers.helpOf(finding) });
  }
  return { denied, warned, waived };
}

/** Calls a rule, in one of the two worlds, for the changed object and for those that the change affects. */
function checkAgain(
  rule: Rule,
  world: World,
  subject: Resource | undefined,
  affected: Iterable<string> | undefined,
  collector: Collector,
): void {
  if (rule.check === undefined) return;
  if (subject !== undefined && rule.kinds.includes(subject.kind))
    rule.check(subject, world, collector.reporter(rule, subject));
  for (const key of affected ?? []) {
    const other = world.getByKey(key);
    if (other !== undefined) rule.check(other, world, collector.reporter(rule, other));
  }
}

/** The keys of the other objects that must be checked again, each once; undefined if there are none. */
function affectedKeys(
  rule: Rule,
  change: Change,
  before: World,
  after: World,
  changed: Resource,
): ReadonlySet<string> | undefined {
  if (rule.affected === undefined) return undefined;
  let keys: Set<string> | undefined;
  for (const { key } of rule.affected(change, before, after)) {
    if (key === changed.key) continue;
    keys ??= new Set();
    keys.add(key);
  }
  return keys;
}

/** The rules that the configuration does not turn off at admission. */
function evaluatedAtAdmission(rules: readonly Rule[], config: Config): readonly Rule[] {
  let known = EVALUATED.get(config);
  if (known?.rules !== rules) {
    const evaluated = rules.filter((rule) => admissionOutcome(rule, false, config) !== 'none');
    known = { rules, evaluated };
    EVALUATED.set(config, known);
  }
  return known.evaluated;
}

const EVALUATED = new WeakMap<
  Config,
  { readonly rules: readonly Rule[]; readonly evaluated: readonly Rule[] }
>();

function decide(
  { finding, rule, minor }: CollectedFinding,
  subjects: ReadonlySet<string | undefined>,
  change: Change,
  earlier: ReadonlySet<string>,
  world: World,
): 'deny' | 'warn' | 'none' {
  const outcome = admissionOutcome(rule, minor, world.config);
  if (outcome === 'none') return 'none';
  const introduced = isIntroduced(finding, earlier);
  if (finding.objects.some(({ key }) => subjects.has(key))) return introduced ? outcome : 'warn';
  // A finding on another object that existed before is not part of the answer.
  if (!introduced) return 'none';
  if (change.after !== undefined)
    return isArrival(change, world) && rule.arrivalReportedBy === undefined ? outcome : 'warn';
  // What a rule would deny is reported by name, also if another rule reports the deletion.
  if (rule.deletionReportedBy !== undefined)
    return outcome === 'deny' || isRuleOff(world.config, rule.deletionReportedBy) ? 'warn' : 'none';
  // A deletion that violates an error rule on another object is denied, even if the rule itself only warns.
  return lintSeverity(rule, minor, world.config) === 'error' ? 'deny' : outcome;
}

/**
 * True for a new object that must not make other objects wrong: they would be denied if they came after it. An
 * object of the management cluster can always be created again, since no cluster works without it.
 */
function isArrival({ before, after }: Change, world: World): boolean {
  if (before !== undefined || after === undefined) return false;
  const id = clusterOf(after.ref);
  return id === undefined || !world.isManagement(id);
}

/** True if the configuration turns denials into warnings, in every namespace or in this one. */
function isWarnOnly({ config }: World, { namespace }: ObjectRef): boolean {
  return config.mode === 'warn' || (namespace !== undefined && config.warnNamespaces.includes(namespace));
}
