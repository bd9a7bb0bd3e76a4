/** The map as a table for a terminal. */
import { describe, expect, it } from 'vitest';
import { nodeMap } from '../../../src/core/map/index.ts';
import type { World } from '../../../src/core/world.ts';
import { colorsFor } from '../../../src/report/colors.ts';
import { groupNodes } from '../../../src/report/map/layout.ts';
import { mapText } from '../../../src/report/map/text.ts';
import { terminalWidth } from '../../../src/report/width.ts';
import { oddWorld } from '../../support/odd-map-world.ts';
import { clusterObjects, configured, FILES, fleet, on, worldOf } from '../../support/map-worlds.ts';

const PLAIN = colorsFor(false, {});

function textOf(world: World, width = 100): string {
  return mapText(nodeMap(world), FILES, PLAIN, width);
}

describe('a small map', () => {
  const world = worldOf(
    [
      ...clusterObjects('iomesh-system', 'iomesh', on(['w0', 'w1', 'w2'])),
      ...clusterObjects('pool', 'pool', {
        chunk: on(['w2', 'w3']),
        meta: on(['w3']),
        redirector: on(['w3']),
        zookeeper: on(['w3']),
      }),
    ],
    [
      ...configured(['w0', 'w1', 'w2', 'w3', 'w4']),
      ...configured(['cp'], { 'node-role.kubernetes.io/control-plane': '' }),
    ],
  );

  it('has a column for each cluster, and a word for each state except claimed', () => {
    expect(textOf(world)).toBe(
      [
        'NODE  iomesh-system/iomesh*  pool/pool',
        'cp    ·                      ·          control plane',
        'w0    CMRZ                   ·',
        'w1    CMRZ                   ·',
        'w2    CMRZ                   C···       OVERLAP',
        'w3    ·                      CMRZ',
        'w4    ·                      ·          unclaimed',
        '',
        'C chunk, M meta, R redirector, Z zookeeper; * management cluster',
        '',
        'Conflicts:',
        '  iomesh-system/iomesh (chunk, meta, redirector, zookeeper) and pool/pool (chunk) overlap on w2',
        '',
        '2 clusters, 6 nodes: 3 claimed, 1 overlapping, 1 unclaimed, 1 control plane',
        '',
      ].join('\n'),
    );
  });

  it('lists the clusters of a node in one column when the terminal is narrow', () => {
    const lines = textOf(world, 38).split('\n');
    expect(lines[0]).toBe('NODE                 CLUSTERS');
    expect(lines).toContain('w2    OVERLAP        iomesh-system/iomesh* CMRZ, pool/pool C···');
    expect(lines).toContain('w4    unclaimed');
  });

  it('uses colours only when asked', () => {
    const coloured = mapText(nodeMap(world), FILES, colorsFor(true, {}), 100);
    expect(coloured).toContain('\u001b[31mw2 ');
    expect(textOf(world)).not.toContain('\u001b');
  });
});

it('sorts the numbers in node names by value', () => {
  const names = textOf(fleet(30, 3))
    .split('\n')
    .slice(1, 31)
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual(Array.from({ length: 30 }, (_, index) => `k8s-worker-${index}`));
});

it('shows the nodes of a cluster together above 100 nodes, after those that overlap', () => {
  const rows = (nodes: number) =>
    groupNodes(nodeMap(fleet(nodes, 5))).nodes.map(({ state, claims }) =>
      state === 'overlap' ? 'overlap' : (claims[0]?.cluster.name ?? 'none'),
    );
  const runs = (names: readonly string[]) => names.filter((name, index) => name !== names[index - 1]);
  const many = rows(150);
  expect(runs(many)).toEqual([...new Set(many)]);
  expect(many).toHaveLength(150);
  expect(groupNodes(nodeMap(fleet(100, 5)))).toEqual(nodeMap(fleet(100, 5)));
});

it('lists what the cells cannot show', () => {
  const text = textOf(oddWorld());
  expect(text).toContain(
    'pool-a/pool-a, chunk: the nodes are unknown, because the selector uses unknown labels (rack In "r1")',
  );
  expect(text).toContain('pool-a/pool-a, meta: may run on any node, because it requires none');
  expect(text).toContain('pool-a/pool-a, redirector: unknown nodes: woker-3');
  expect(text).toContain('pool-a/pool-a, zookeeper: not found');
  expect(text).toContain(
    'pool-b/storage, chunk, meta, redirector and zookeeper: the nodes are unknown, because',
  );
  expect(text).toMatch(/worker-2 .*OVERLAP/);
  expect(text).toMatch(/worker-3 .*undecided/);
  expect(text).toContain(' may overlap on ');
});

it('notes that the nodes are unknown and that the management cluster is missing', () => {
  const text = textOf(worldOf(clusterObjects('pool', 'pool', on(['w1']))));
  expect(text).toContain(
    'note: The nodes of the Kubernetes cluster are unknown. The map shows the nodes that selectors name, but no unclaimed nodes.',
  );
  expect(text).toContain('note: The management cluster iomesh-system/iomesh was not found.');
  expect(text).toContain('1 cluster, 1 node: 1 claimed');
});

it('aligns columns with wide characters, combining marks and long names', () => {
  const names = ['w1', '节点-一', 'e\u0301te\u0301', 'x'.repeat(300)];
  const text = textOf(worldOf(clusterObjects('iomesh-system', 'iomesh', on(['w1'])), configured(names)), 100);
  const table = text.slice(0, text.indexOf('\n\n')).split('\n');
  // Every cell of the second column starts at the same column.
  const starts = table.map((line) => terminalWidth(line.slice(0, line.search(/iomesh|CMRZ|·/))));
  expect(new Set(starts).size).toBe(1);
  expect(Math.max(...table.map(terminalWidth))).toBeLessThanOrEqual(100);
  expect(text).toContain('…');
});

it('shows and explains small letters when unknown labels decide', () => {
  const terms = [
    {
      matchExpressions: [
        { key: 'kubernetes.io/hostname', operator: 'In', values: ['w1'] },
        { key: 'zone', operator: 'In', values: ['a'] },
      ],
    },
  ];
  const policy = {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
    },
  };
  const text = textOf(worldOf(clusterObjects('iomesh-system', 'iomesh', policy)));
  expect(text).toContain('w1    cmrz');
  expect(text).toContain('small letter: if the unknown labels of the node match');
});
