/** Whether two clusters are told to overlap, against trying out every node there is or could be. */
import { sectionRules } from '../../../support/rules.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf, clusterText } from '../../../../src/core/iomesh/cluster.ts';
import type { Finding } from '../../../../src/core/finding.ts';
import { at } from '../../../../src/core/base/json.ts';
import { judge } from '../../../../src/core/judge/judge.ts';
import {
  type ClusterSpec,
  HOSTNAME,
  claiming,
  satisfies,
  toWorld,
  VALUES,
  type Wanted,
  type WorldSpec,
  worldSpec,
} from '../../../support/placement-worlds.ts';
import { runsOf } from '../../../support/runs.ts';

/** Every node that could be, as far as the selectors can tell one from another. */
const POSSIBLE: Record<string, string>[] = Object.entries(VALUES).reduce<Record<string, string>[]>(
  (nodes, [key, values]) =>
    nodes.flatMap((labels) => [
      labels,
      ...[...values, 'something-else'].map((value) => ({ ...labels, [key]: value })),
    ]),
  [{}],
);

type Verdict = 'IOM101' | 'IOM103' | undefined;

function bruteForce(spec: WorldSpec, a: ClusterSpec, b: ClusterSpec): Verdict {
  let possible = false;
  for (const mine of termsOf(spec, a)) {
    for (const theirs of termsOf(spec, b)) {
      const meets = (labels: Record<string, string>) => satisfies(mine, labels) && satisfies(theirs, labels);
      if (spec.nodes?.some(({ name, labels }) => meets({ [HOSTNAME]: name, ...labels })) === true)
        return 'IOM101';
      if (!POSSIBLE.some(meets)) continue;
      possible = true;
      if (listedByBoth(mine, theirs).length > 0 || listSameLabels(mine, theirs)) return 'IOM101';
      if (spec.nodes === undefined && mine.some(({ key }) => theirs.some((each) => each.key === key)))
        return 'IOM101';
    }
  }
  return possible ? 'IOM103' : undefined;
}

function lists(term: readonly Wanted[], key: string): boolean {
  return term.some((each) => each.key === key && each.operator === 'In');
}

/** The hostnames that both terms list, whether a known node has them or not. */
function listedByBoth(mine: readonly Wanted[], theirs: readonly Wanted[]): readonly string[] {
  if (!lists(mine, HOSTNAME) || !lists(theirs, HOSTNAME)) return [];
  const meets = (labels: Record<string, string>) => satisfies(mine, labels) && satisfies(theirs, labels);
  return [...new Set(POSSIBLE.filter(meets).map((labels) => labels[HOSTNAME]!))];
}

function listSameLabels(mine: readonly Wanted[], theirs: readonly Wanted[]): boolean {
  return [...mine, ...theirs].every(({ key }) => lists(mine, key) && lists(theirs, key));
}

function termsOf(spec: WorldSpec, cluster: ClusterSpec): (readonly Wanted[])[] {
  return claiming(spec, cluster).flatMap(([, terms]) => terms ?? []);
}

function pairOf(finding: Finding): string {
  const ids = [finding.object, finding.related[0]?.resource?.ref].map((ref) => clusterOf(ref!)!);
  return ids.map(clusterText).sort().join(' + ');
}

describe('two clusters on one node', () => {
  for (const asObjects of [false, true]) {
    it(`is told just where a node can belong to both, nodes ${asObjects ? 'as objects' : 'configured'}`, () => {
      fc.assert(
        fc.property(worldSpec, (spec) => {
          const findings = judge(toWorld(spec, asObjects), sectionRules(1)).findings;
          const told = findings.filter(({ code }) => code === 'IOM101' || code === 'IOM103');
          const expected: [string, Verdict][] = [];
          spec.clusters.forEach((a, index) => {
            for (const b of spec.clusters.slice(index + 1)) {
              const verdict = bruteForce(spec, a, b);
              if (verdict !== undefined)
                expected.push([[clusterText(a.id), clusterText(b.id)].sort().join(' + '), verdict]);
            }
          });
          expect(told.map((each) => [pairOf(each), each.code]).sort()).toEqual(expected.sort());
          for (const finding of told) {
            // Both sides point at something that is written there, on the object they say.
            expect(at(finding.resource!.json, finding.path)).toBeDefined();
            for (const { resource, path } of finding.related) expect(at(resource!.json, path)).toBeDefined();
            expect(finding.message).toContain('two IOMesh clusters');
          }
        }),
        { numRuns: runsOf(300) },
      );
    });
  }

  it('names just the known nodes that both clusters match, and those that both list', () => {
    fc.assert(
      fc.property(worldSpec, (spec) => {
        if (spec.nodes === undefined) return;
        for (const finding of judge(toWorld(spec), sectionRules(1)).findings) {
          if (finding.code !== 'IOM101') continue;
          const [first, second] = pairOf(finding)
            .split(' + ')
            .map((text) => spec.clusters.find(({ id }) => clusterText(id) === text)!);
          const shared = spec.nodes.filter(({ name, labels }) =>
            [first!, second!].every((each) =>
              termsOf(spec, each).some((term) => satisfies(term, { [HOSTNAME]: name, ...labels })),
            ),
          );
          const listed = termsOf(spec, first!).flatMap((mine) =>
            termsOf(spec, second!).flatMap((theirs) => listedByBoth(mine, theirs)),
          );
          // The list is short enough here to be shown whole.
          const [nodes] = finding.message.split(' claimed by ');
          expect([...nodes!.matchAll(/"(n\d)"/g)].map((match) => match[1]).sort()).toEqual(
            [...new Set([...shared.map(({ name }) => name), ...listed])].sort(),
          );
        }
      }),
      { numRuns: runsOf(500) },
    );
  });
});
