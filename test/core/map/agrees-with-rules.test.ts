/** The map and the placement rules agree about any world. */
import { sectionRules } from '../../support/rules.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unclaimedNodes } from '../../../src/core/iomesh/node-claims.ts';
import { clusterOf, clusterText, type Component } from '../../../src/core/iomesh/cluster.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { type NodeMap, nodeMap } from '../../../src/core/map/index.ts';
import type { World } from '../../../src/core/world.ts';
import { worlds } from '../judge/worlds.ts';
import {
  HOSTNAME,
  claiming,
  placed,
  satisfies,
  toWorld,
  type WorldSpec,
  worldSpec,
} from '../../support/placement-worlds.ts';
import { runsOf } from '../../support/runs.ts';

const sorted = (all: Iterable<string>) => [...new Set(all)].sort();

/** The nodes that IOM101 names. Lists are short enough in these worlds to be shown whole. */
function namedByRule(findings: readonly Finding[]): string[] {
  return sorted(
    findings
      .filter(({ code }) => code === 'IOM101')
      .flatMap(({ message }) => {
        const [names, rest] = message.split(/ (?:is|are) claimed by /);
        if (rest === undefined) return [];
        expect(names).not.toContain(' more');
        return [...names!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
      }),
  );
}

function pairOf(finding: Finding): string {
  const ids = [finding.object, finding.related[0]?.resource?.ref].map((ref) => clusterOf(ref!)!);
  return ids.map(clusterText).sort().join(' + ');
}

function placementFindings(world: World): readonly Finding[] {
  return judge(world, sectionRules(1)).findings;
}

function pairs(map: NodeMap, certain: boolean): string[] {
  return map.conflicts
    .filter((each) => each.certain === certain)
    .map(({ clusters }) => clusters.map(clusterText).sort().join(' + '))
    .sort();
}

const inState = (map: NodeMap, state: string) =>
  sorted(map.nodes.filter((node) => node.state === state).map(({ name }) => name));

/** The components that can use each node, by testing every requirement. */
function bruteForce(spec: WorldSpec): Map<string, Map<string, Component[]>> {
  return new Map(
    (spec.nodes ?? []).map(({ name, labels }) => [
      name,
      new Map(
        spec.clusters.flatMap((cluster): [string, Component[]][] => {
          const here = claiming(spec, cluster)
            .filter(
              ([, terms]) => terms?.some((term) => satisfies(term, { [HOSTNAME]: name, ...labels })) === true,
            )
            .map(([component]) => component);
          return here.length === 0 ? [] : [[clusterText(cluster.id), here]];
        }),
      ),
    ]),
  );
}

describe('a map of known nodes', () => {
  for (const asObjects of [false, true]) {
    it(`shows where each component can run, and the overlaps of IOM101, when nodes are ${asObjects ? 'objects' : 'configured'}`, () => {
      fc.assert(
        fc.property(worldSpec, (spec) => {
          fc.pre(spec.nodes !== undefined);
          const world = toWorld(spec, asObjects);
          const map = nodeMap(world);
          const expected = bruteForce(spec);
          expect(map.known).toBe('labels');
          expect(map.nodes.map(({ name }) => name)).toEqual(sorted(expected.keys()));
          for (const node of map.nodes) {
            const claims = node.claims.map(({ cluster, components, conditional }): [string, Component[]] => [
              clusterText(cluster),
              components.filter((each) => !conditional.includes(each)),
            ]);
            const satisfied = claims.filter(([, components]) => components.length > 0);
            expect(new Map(satisfied)).toEqual(expected.get(node.name));
            // Two clusters can list a node that lacks a label.
            if (node.state !== 'overlap')
              expect(node.claims.flatMap(({ conditional }) => conditional)).toEqual([]);
            const count = node.claims.length;
            expect(node.state).toBe(count > 1 ? 'overlap' : count === 1 ? 'claimed' : 'free');
          }
          const findings = placementFindings(world);
          const named = namedByRule(findings);
          expect(inState(map, 'overlap')).toEqual(named.filter((name) => expected.has(name)));
          const unclaimed = unclaimedNodes(world)!.map(({ name }) => name);
          expect(inState(map, 'free')).toEqual(sorted(unclaimed.filter((name) => !named.includes(name))));
        }),
        { numRuns: runsOf(200) },
      );
    });
  }
});

describe('a map of nodes that selectors name', () => {
  it('marks the nodes that IOM101 names, and no others', () => {
    fc.assert(
      fc.property(worldSpec, (spec) => {
        const world = toWorld({ ...spec, nodes: undefined });
        const map = nodeMap(world);
        expect(map.known).toBe('none');
        expect(inState(map, 'overlap')).toEqual(namedByRule(placementFindings(world)));
        expect(inState(map, 'free')).toEqual([]);
        const named = spec.clusters.flatMap((cluster) =>
          claiming(spec, cluster).flatMap(([, terms]) =>
            (terms ?? [])
              .flat()
              .flatMap(({ key, operator, values }) => (key === HOSTNAME && operator === 'In' ? values : [])),
          ),
        );
        for (const { name } of map.nodes) expect(named).toContain(name);
      }),
      { numRuns: runsOf(200) },
    );
  });
});

describe('a map of nodes known by name alone', () => {
  it('marks the nodes that IOM101 names, and others only of two clusters that it reports', () => {
    fc.assert(
      fc.property(
        worldSpec,
        fc.uniqueArray(fc.constantFrom<string[]>('n0', 'n1', 'n2', 'n3'), { minLength: 1 }),
        (spec, names) => {
          const world = toWorld({ ...spec, nodes: names.map((name) => ({ name, labels: {} })) });
          const map = nodeMap(world);
          expect(map.known).toBe('names');
          const findings = placementFindings(world);
          const marked = inState(map, 'overlap');
          for (const name of namedByRule(findings)) if (names.includes(name)) expect(marked).toContain(name);
          // If two clusters overlap on any node by one term, and by labels on others, no node is named.
          const reported = findings.filter(({ code }) => code === 'IOM101').map(pairOf);
          for (const { state, claims } of map.nodes) {
            const ids = claims.map(({ cluster }) => clusterText(cluster));
            const isReported = reported.some((pair) => pair.split(' + ').every((id) => ids.includes(id)));
            if (state === 'overlap') expect(isReported, 'IOM101 reports two clusters on it').toBe(true);
          }
          // A node is free only if no cluster could claim it by unknown labels.
          const open = map.clusters.some(({ components }) =>
            components.some(({ state }) => state === 'undecided'),
          );
          expect(inState(map, open ? 'free' : 'undecided')).toEqual([]);
        },
      ),
      { numRuns: runsOf(200) },
    );
  });
});

describe('any map', () => {
  it('has the conflicts of IOM101 and IOM103, and no others', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          worldSpec.map((spec) => toWorld(spec)),
          worlds,
        ),
        (world) => {
          const map = nodeMap(world);
          const findings = placementFindings(world.inMode('lint'));
          const reported = (code: string) =>
            findings
              .filter((each) => each.code === code)
              .map(pairOf)
              .sort();
          const isOn = (code: string) => !Object.hasOwn(world.config.rules, code);
          if (isOn('IOM101')) expect(pairs(map, true)).toEqual(reported('IOM101'));
          if (isOn('IOM103')) expect(pairs(map, false)).toEqual(reported('IOM103'));
        },
      ),
      { numRuns: runsOf(200) },
    );
  });

  it('has every cluster with every component', () => {
    fc.assert(
      fc.property(worldSpec, (spec) => {
        const map = nodeMap(toWorld(spec));
        expect(sorted(map.clusters.map(({ id }) => clusterText(id)))).toEqual(
          sorted(
            spec.clusters.filter((each) => each.mesh || each.zookeeper).map(({ id }) => clusterText(id)),
          ),
        );
        for (const { id, components, management } of map.clusters) {
          const cluster = spec.clusters.find((each) => clusterText(each.id) === clusterText(id))!;
          const there = new Map(placed(cluster));
          expect(management).toBe(clusterText(id) === 'iomesh-system/iomesh');
          for (const { component, state, nodes } of components) {
            if (!there.has(component)) expect(state).toBe('absent');
            else if (component === 'redirector' && spec.iomeshVersion !== '1.0') expect(state).toBe('shared');
            else if (there.get(component) === undefined) expect(state).toBe('anywhere');
            else expect(['placed', 'undecided', 'unmatched', 'empty']).toContain(state);
            const shown = map.nodes.filter(({ claims }) =>
              claims.some(
                (each) =>
                  clusterText(each.cluster) === clusterText(id) && each.components.includes(component),
              ),
            );
            expect(shown.length).toBe(nodes);
          }
        }
      }),
      { numRuns: runsOf(200) },
    );
  });
});
