/** More clashes than are looked into: what is passed over is said. */
import { expect, it } from 'vitest';
import { judge, judgeChange } from '../../../../src/core/judge/judge.ts';
import type { Finding } from '../../../../src/core/finding.ts';
import {
  type ClusterSpec,
  HOSTNAME,
  toWorld,
  type Wanted,
  type WorldSpec,
} from '../../../support/placement-worlds.ts';

function cluster(name: string, wanted: Wanted): ClusterSpec {
  const terms = [[wanted]];
  return {
    id: { namespace: name, name },
    terms: { chunk: terms, meta: terms, redirector: terms, zookeeper: terms },
    replicas: 3,
    zookeeper: false,
    mesh: true,
  };
}

const wants = (key: string, value: string): Wanted => ({ key, operator: 'In', values: [value] });

/** So many clusters that select by racks, and as many by hostnames: each may meet each. */
function mixed(each: number): readonly ClusterSpec[] {
  const numbers = Array.from({ length: each }, (_, index) => index);
  return [
    ...numbers.map((index) => cluster(`rack-${index}`, wants('rack', `r${index}`))),
    ...numbers.map((index) => cluster(`host-${index}`, wants(HOSTNAME, `n${index}`))),
  ];
}

/** Two that share a node, and come after all others. */
const overlapping = ['z-1', 'z-2'].map((name) => cluster(name, wants(HOSTNAME, 'shared')));

function overlaps(clusters: readonly ClusterSpec[]): readonly Finding[] {
  const spec: WorldSpec = { clusters, nodes: undefined };
  return judge(toWorld(spec)).findings.filter(({ code }) => code === 'IOM101');
}

it('reports an overlap while the limit is not reached', () => {
  const found = overlaps([...mixed(20), ...overlapping]);
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringContaining('node "shared" is claimed by two IOMesh clusters'),
  ]);
});

it('reports one finding at the first cluster that was not checked when the limit is reached', () => {
  const found = overlaps([...mixed(70), ...overlapping]);
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringContaining('were not checked: the limit of 4000 conflicts'),
  ]);
  expect(found[0]?.object?.name).toMatch(/^host-/);
  expect(found[0]?.severity).toBe('error');
});

it('compares a change with all other clusters', () => {
  const world = toWorld({ clusters: [...mixed(70), overlapping[0]!], nodes: undefined });
  const after = toWorld({ clusters: [overlapping[1]!], nodes: undefined }).all('IOMeshCluster')[0]!;
  const { denied } = judgeChange(world, { after });
  expect(denied.map(({ code }) => code)).toContain('IOM101');
});
