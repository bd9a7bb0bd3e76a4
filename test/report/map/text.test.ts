/** The map as a table for a terminal. */
import { describe, expect, it } from 'vitest';
import { nodeMap } from '../../../src/core/map/index.ts';
import type { World } from '../../../src/core/world.ts';
import { colorsFor } from '../../../src/report/colors.ts';
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

  it('has a column for each cluster, and says in words what is not simply claimed', () => {
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
        'Clusters that meet:',
        '  iomesh-system/iomesh (chunk, meta, redirector, zookeeper) and pool/pool (chunk) meet on w2',
        '',
        '2 clusters, 6 nodes: 3 claimed, 1 overlapping, 1 unclaimed, 1 control plane',
        '',
      ].join('\n'),
    );
  });

  it('says the clusters of a node in one column where the terminal is narrow', () => {
    const lines = textOf(world, 38).split('\n');
    expect(lines[0]).toBe('NODE                 CLUSTERS');
    expect(lines).toContain('w2    OVERLAP        iomesh-system/iomesh* CMRZ, pool/pool C···');
    expect(lines).toContain('w4    unclaimed');
  });

  it('colours only for who asks', () => {
    const coloured = mapText(nodeMap(world), FILES, colorsFor(true, {}), 100);
    expect(coloured).toContain('\u001b[31mw2 ');
    expect(textOf(world)).not.toContain('\u001b');
  });
});

it('counts nodes as people do', () => {
  const names = textOf(fleet(30, 3))
    .split('\n')
    .slice(1, 31)
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual(Array.from({ length: 30 }, (_, index) => `k8s-worker-${index}`));
});

it('says what no cell can show', () => {
  const text = textOf(oddWorld());
  expect(text).toContain(
    'pool-a/pool-a, chunk: which nodes cannot be told, for it asks for labels that are not known (rack In "r1")',
  );
  expect(text).toContain('pool-a/pool-a, meta: requires no node and may run on any');
  expect(text).toContain('pool-a/pool-a, redirector: lists nodes that are not known: woker-3');
  expect(text).toContain('pool-a/pool-a, zookeeper: is not here');
  expect(text).toContain('pool-b/storage, chunk, meta, redirector and zookeeper: which nodes cannot be told');
  expect(text).toMatch(/worker-2 .*OVERLAP/);
  expect(text).toMatch(/worker-3 .*undecided/);
  expect(text).toContain('are not kept apart: both could use');
});

it('says which nodes it means where nobody said which there are, and that the management cluster is missing', () => {
  const text = textOf(worldOf(clusterObjects('pool', 'pool', on(['w1']))));
  expect(text).toContain('note: Which nodes there are is not known');
  expect(text).toContain('note: The management cluster, iomesh-system/iomesh, is not among the clusters.');
  expect(text).toContain('1 cluster, 1 node: 1 claimed');
});

it('keeps its columns with wide letters, marks and long names', () => {
  const names = ['w1', '节点-一', 'e\u0301te\u0301', 'x'.repeat(300)];
  const text = textOf(worldOf(clusterObjects('iomesh-system', 'iomesh', on(['w1'])), configured(names)), 100);
  const table = text.slice(0, text.indexOf('\n\n')).split('\n');
  // Every cell of the second column begins at the same place.
  const starts = table.map((line) => terminalWidth(line.slice(0, line.search(/iomesh|CMRZ|·/))));
  expect(new Set(starts).size).toBe(1);
  expect(Math.max(...table.map(terminalWidth))).toBeLessThanOrEqual(100);
  expect(text).toContain('…');
});

it('shows small letters where labels decide, and explains them', () => {
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
  expect(text).toContain('small: if the labels of the node fit');
});
