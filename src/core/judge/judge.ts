/**
 * The whole of the law, in a page.
 *
 * `judge(world)` asks every rule about every object it concerns: what `lint` and `audit` report.
 * `judgeChange(world, change)` asks only about what one change can touch, in the world before and in
 * the world after, and tells what the change brought from what stood there already: what the webhook
 * answers. Both run the same `check` functions, so no mode knows a law of its own.
 */
import { type Collected, Collector, pieceKey } from './collector.ts';
import type { Finding } from '../finding.ts';
import { at, own } from '../base/json.ts';
import type { Change, ObjectRef, Resource } from '../base/model.ts';
import type { Rule } from '../rule.ts';
import { rules as catalogue } from './catalogue.ts';
import { admissionOutcome, lintSeverity } from './severity.ts';
import { WaiverBook } from './waiver-book.ts';
import { unusedWaiver, waiverUnused } from './waiver-unused.ts';
import type { World } from '../world.ts';

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly waived: readonly Finding[];
}

export interface ChangeJudgement {
  readonly denied: readonly Finding[];
  readonly warned: readonly Finding[];
  readonly waived: readonly Finding[];
}

/**
 * Every finding in a world. In no promised order: a mode sorts by what its user sees. A finding between
 * two objects of which one is `changed` is told from its side.
 */
export function judge(
  world: World,
  rules: readonly Rule[] = catalogue,
  changed?: (ref: ObjectRef) => boolean,
): Judgement {
  const asked = rules.filter((rule) => lintSeverity(rule, false, world.config) !== 'none');
  const collector = new Collector(world, changed);
  for (const rule of asked) {
    rule.checkWorld?.(world, collector.reporter(rule, undefined));
    if (rule.check === undefined) continue;
    for (const kind of rule.kinds)
      for (const resource of world.all(kind)) rule.check(resource, world, collector.reporter(rule, resource));
  }
  const waivers = new WaiverBook(world.today);
  const findings: Finding[] = [];
  const waived: Finding[] = [];
  for (const { finding, rule, minor } of collector.all()) {
    const severity = lintSeverity(rule, minor, world.config);
    if (severity === 'none') continue;
    (waivers.waives(finding) ? waived : findings).push({ ...finding, severity });
  }
  const late = new Collector(world);
  if (asked.includes(waiverUnused))
    for (const [holder, waiver] of waivers.unused(world, asked))
      late.reporter(waiverUnused, holder)(unusedWaiver(holder, waiver));
  for (const { finding, rule, minor } of late.all()) {
    const severity = lintSeverity(rule, minor, world.config);
    if (severity !== 'none') findings.push({ ...finding, severity });
  }
  return { findings, waived };
}

/**
 * What a change of one object brings. Denied is what was not wrong before and is wrong now. What was
 * wrong before on that object, and what becomes wrong on another, is warned of; but a deletion that
 * makes another object wrong is denied.
 */
export function judgeChange(
  world: World,
  change: Change,
  rules: readonly Rule[] = catalogue,
): ChangeJudgement {
  const changed = change.after ?? change.before;
  if (changed === undefined) return { denied: [], warned: [], waived: [] };
  const before = world.inMode('admission');
  const after = before.with(change);
  const now = new Collector(after, changed.ref);
  const others = new Map<Rule, Iterable<string>>();
  for (const rule of rules) {
    if (admissionOutcome(rule, false, after.config) === 'none') continue;
    if (rule.affected !== undefined) others.set(rule, affectedBy(rule, change, before, after, changed.key));
    rule.checkWorld?.(after, now.reporter(rule, undefined));
    rule.checkChange?.(change, before, after, now.reporter(rule, changed));
    ask(rule, after, change.after, others.get(rule), now);
  }
  // Only what is wrong now needs to be held against the past, and only by the rule that says so.
  const then = new Collector(before, changed.ref);
  for (const rule of now.rules()) {
    rule.checkWorld?.(before, then.reporter(rule, undefined));
    ask(rule, before, change.before, others.get(rule), then);
  }

  const past = then.pieces();
  const waivers = new WaiverBook(after.today);
  const denied: Finding[] = [];
  const warned: Finding[] = [];
  const waived: Finding[] = [];
  for (const collected of now.all()) {
    const decision = decide(collected, changed, change, past, after);
    if (decision === 'none') continue;
    const finding: Finding = { ...collected.finding, severity: decision === 'deny' ? 'error' : 'warning' };
    if (waivers.waives(finding)) waived.push(finding);
    else if (decision === 'deny' && !isWarnOnly(after, changed.ref)) denied.push(finding);
    else warned.push(finding);
  }
  return { denied, warned, waived };
}

/** Asks a rule, in one of the two worlds, about the changed object and about the others it may concern. */
function ask(
  rule: Rule,
  world: World,
  subject: Resource | undefined,
  others: Iterable<string> | undefined,
  collector: Collector,
): void {
  if (rule.check === undefined) return;
  if (subject !== undefined && rule.kinds.includes(subject.kind))
    rule.check(subject, world, collector.reporter(rule, subject));
  for (const key of others ?? []) {
    const other = world.getByKey(key);
    if (other !== undefined) rule.check(other, world, collector.reporter(rule, other));
  }
}

/** The keys of the other objects whose findings a change may touch, each once. */
function affectedBy(
  rule: Rule,
  change: Change,
  before: World,
  after: World,
  changed: string,
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { key } of rule.affected?.(change, before, after) ?? []) if (key !== changed) keys.add(key);
  return keys;
}

function decide(
  { finding, rule, minor }: Collected,
  changed: Resource,
  change: Change,
  past: ReadonlySet<string>,
  world: World,
): 'deny' | 'warn' | 'none' {
  const outcome = admissionOutcome(rule, minor, world.config);
  if (outcome === 'none') return 'none';
  const own = finding.objects.some((party) => party.key === changed.key);
  const introduced = finding.evidence.some((piece) => !past.has(pieceKey(finding, piece)));
  if (own) return introduced ? outcome : 'warn';
  // What was wrong elsewhere before is not this request's business.
  if (!introduced) return 'none';
  if (change.after !== undefined) return 'warn';
  if (rule.deletionReportedBy !== undefined) return 'none';
  // A deletion that breaks another object is denied though its breaking would only be warned of.
  return lintSeverity(rule, minor, world.config) === 'error' ? 'deny' : outcome;
}

/** True where the configuration or the namespace asks for warnings only. */
function isWarnOnly(world: World, ref: ObjectRef): boolean {
  if (world.config.mode === 'warn') return true;
  if (ref.namespace === undefined) return false;
  const namespace = world.get('Namespace', undefined, ref.namespace);
  return own(at(namespace?.json, ['metadata', 'labels']), 'iomesh-guard.io/mode') === 'warn';
}
