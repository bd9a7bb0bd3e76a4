/** What an admission says of a change, against judging both worlds as a whole. */
import { sectionRules } from '../../../support/rules.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Collector, pieceKey } from '../../../../src/core/judge/collector.ts';
import type { Finding } from '../../../../src/core/finding.ts';
import { judgeChange } from '../../../../src/core/judge/judge.ts';
import type { Change, Resource } from '../../../../src/core/base/model.ts';
import { admissionOutcome, lintSeverity } from '../../../../src/core/judge/severity.ts';
import type { World } from '../../../../src/core/world.ts';
import { cluster, nodeResource, resourcesOf, toWorld, worldSpec } from './worlds.ts';

// What is said of the change itself has no world to be found in.
const rules = sectionRules(1).filter(({ check }) => check !== undefined);

function everything(world: World, changed: Resource) {
  const collector = new Collector(world, changed.ref);
  for (const rule of rules)
    for (const kind of rule.kinds)
      for (const resource of world.all(kind))
        rule.check?.(resource, world, collector.reporter(rule, resource));
  return collector;
}

/** `denied` and `warned`, from all findings of both worlds. */
function difference(before: World, change: Change): { denied: string[]; warned: string[] } {
  const changed = (change.after ?? change.before)!;
  const after = before.with(change);
  const past = everything(before, changed).pieces();
  const denied: string[] = [];
  const warned: string[] = [];
  for (const { finding, rule, minor } of everything(after, changed).all()) {
    const own = finding.objects.some(({ key }) => key === changed.key);
    const introduced = finding.evidence.some((piece) => !past.has(pieceKey(finding, piece)));
    if (!own && !introduced) continue;
    let outcome = admissionOutcome(rule, minor, after.config);
    if (own && !introduced) outcome = 'warn';
    // On another object: only a deletion that makes it an error is held against the change.
    if (!own)
      outcome =
        change.after === undefined && lintSeverity(rule, minor, after.config) === 'error' ? 'deny' : 'warn';
    (outcome === 'deny' ? denied : warned).push(text(finding));
  }
  return { denied: denied.sort(), warned: warned.sort() };
}

// From which side it is told may differ where neither side is the changed object.
const text = ({ identity, evidence }: Finding) => `${identity}: ${[...evidence].sort().join(', ')}`;

const scenario = worldSpec.chain((spec) =>
  fc.record({
    spec: fc.constant(spec),
    other: fc.integer({ min: 0, max: spec.clusters.length }).chain(cluster),
    pick: fc.nat(),
    kind: fc.constantFrom('put', 'put', 'delete', 'node', 'no node'),
  }),
);

function changeOf(
  before: World,
  { spec, other, pick, kind }: typeof scenario extends fc.Arbitrary<infer T> ? T : never,
): Change | undefined {
  if (kind === 'node' || kind === 'no node') {
    const node = spec.nodes?.[pick % spec.nodes.length];
    if (node === undefined) return undefined;
    const old = before.get('Node', undefined, node.name)!;
    return kind === 'no node'
      ? { before: old }
      : { before: old, after: nodeResource({ ...node, labels: { ...node.labels, zone: 'b', disk: 'ssd' } }) };
  }
  const candidates = kind === 'put' ? resourcesOf(other) : spec.clusters.flatMap(resourcesOf);
  const resource = candidates[pick % Math.max(1, candidates.length)];
  if (resource === undefined) return undefined;
  const old = before.getByKey(resource.key);
  if (kind === 'delete') return { before: old! };
  return old === undefined ? { after: resource } : { before: old, after: resource };
}

it('an admission says just what judging both worlds as a whole says', () => {
  fc.assert(
    fc.property(scenario, (each) => {
      const before = toWorld(each.spec, true);
      const change = changeOf(before, each);
      if (change === undefined) return;
      const { denied, warned } = judgeChange(before, change, rules);
      expect({ denied: denied.map(text).sort(), warned: warned.map(text).sort() }).toEqual(
        difference(before, change),
      );
    }),
    { numRuns: 500 },
  );
});

it('a change of a change is judged like a change', () => {
  fc.assert(
    fc.property(scenario, scenario, (first, second) => {
      const base = toWorld(first.spec, true);
      const change = changeOf(base, first);
      if (change === undefined || change.after?.kind === 'Node') return;
      const chained = base.with(change);
      const next = changeOf(chained, { ...second, spec: first.spec, kind: 'put' });
      if (next === undefined) return;
      const told = judgeChange(chained, next, rules);
      expect({ denied: told.denied.map(text).sort(), warned: told.warned.map(text).sort() }).toEqual(
        difference(chained, next),
      );
    }),
    { numRuns: 300 },
  );
});
