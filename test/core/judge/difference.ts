/** The answer of an admission by full evaluation: every rule, every object, both worlds. */
import type { Change } from '../../../src/core/base/model.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { type CollectedFinding, Collector, evidenceKeys } from '../../../src/core/judge/collector.ts';
import { claimedZookeeper, clusterOf } from '../../../src/core/iomesh/cluster.ts';
import type { Rule } from '../../../src/core/rule.ts';
import { rules as catalogue } from '../../../src/core/judge/catalogue.ts';
import { admissionOutcome, lintSeverity } from '../../../src/core/judge/severity.ts';
import type { World } from '../../../src/core/world.ts';

/** Everything that the rules report of a world. */
export function everything(world: World, change: Change, rules: readonly Rule[] = catalogue): Collector {
  const collector = new Collector(world, (change.after ?? change.before)?.ref);
  for (const rule of rules) {
    if (admissionOutcome(rule, false, world.config) === 'none') continue;
    rule.checkWorld?.(world, collector.reporter(rule, undefined));
    if (rule.check === undefined) continue;
    for (const kind of rule.kinds)
      for (const resource of world.all(kind)) rule.check(resource, world, collector.reporter(rule, resource));
  }
  return collector;
}

/** A finding with its decision. Not its place: a symmetric finding may be reported from either side. */
export function findingText(decision: string, { identity, evidence }: Finding): string {
  return `${decision} ${identity}: ${[...evidence].sort().join(', ')}`;
}

/** Each finding that a change introduces or touches, as {@link findingText}, sorted. */
export function fullDifference(world: World, change: Change): readonly string[] {
  const changed = (change.after ?? change.before)!;
  const before = world.inMode('admission');
  const after = before.with(change);
  const past = everything(before, change).evidence();
  const now = everything(after, change);
  for (const rule of catalogue)
    if (admissionOutcome(rule, false, after.config) !== 'none')
      rule.checkChange?.(change, before, after, now.reporter(rule, changed));
  const identities = new Set([...now.all()].map(({ finding }) => finding.identity));
  const reported: string[] = [];
  const subjects = [changed.key, claimedZookeeper(change, before, after)?.key];
  for (const each of now.all()) {
    const own = each.finding.objects.some(({ key }) => subjects.includes(key));
    const introduced = evidenceKeys(each.finding).some((key) => !past.has(key));
    const decision = own
      ? ownDecision(each, introduced, after)
      : otherDecision(each, introduced, change, after, identities);
    if (decision !== undefined) reported.push(findingText(decision, each.finding));
  }
  return reported.sort();
}

/** On the changed object: a new finding has its severity, a previous one is a warning. */
function ownDecision(
  { rule, minor }: CollectedFinding,
  introduced: boolean,
  world: World,
): string | undefined {
  const outcome = admissionOutcome(rule, minor, world.config);
  if (outcome === 'none') return undefined;
  return introduced ? outcome : 'warn';
}

/**
 * On another object: only a new finding counts. An object that arrives is denied as the other would be after it,
 * unless it belongs to the management cluster; an update is a warning; a deletion that adds an error is denied.
 */
function otherDecision(
  { finding, rule, minor }: CollectedFinding,
  introduced: boolean,
  change: Change,
  world: World,
  identities: ReadonlySet<string>,
): string | undefined {
  const outcome = admissionOutcome(rule, minor, world.config);
  if (!introduced || outcome === 'none') return undefined;
  // IOM403 reports the same mismatch.
  if (rule.code === 'IOM401' && identities.has(finding.identity.replace('IOM401', 'IOM403')))
    return undefined;
  if (change.after !== undefined) {
    const id = clusterOf(change.after.ref);
    const arrives = change.before === undefined && (id === undefined || !world.isManagement(id));
    return arrives && rule.arrivalReportedBy === undefined ? outcome : 'warn';
  }
  if (rule.deletionReportedBy !== undefined) {
    const isReported = world.config.rules[rule.deletionReportedBy] !== 'off';
    return outcome === 'deny' || !isReported ? 'warn' : undefined;
  }
  return lintSeverity(rule, minor, world.config) === 'error' ? 'deny' : outcome;
}
