/** Help about an object that Helm values render to names the values, not the fields of the object. */
import { describe, expect, it } from 'vitest';
import { isSet } from '../../../src/core/helm/chart.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { ValuesSource } from '../../../src/manifests/helm/release.ts';
import { CASES } from '../../cases/all.ts';
import { caseText, readWorld } from '../../cases/harness.ts';
import { VALUES, valuesWith } from '../../cases/values.ts';

const FIELD = /\bspec(?:\.[A-Za-z][A-Za-z0-9]*)+/g;

const EDITS: readonly (readonly [name: string, values: string])[] = [
  ['an empty image repository', valuesWith(['  meta:\n', '  meta:\n    image: {repository: ""}\n'])],
  ['an image tag', valuesWith(['  meta:\n', '  meta:\n    image: {tag: v5.3.0-rc13}\n'])],
  ['a pull policy', valuesWith(['  meta:\n', '  meta:\n    image: {pullPolicy: never}\n'])],
  ['a disk deployment mode', valuesWith(['hybridFlash', 'allFlash'])],
  ['a reclaim policy', valuesWith(['iomesh:\n', 'iomesh:\n  reclaimPolicy: {volume: Keep}\n'])],
  ['a network', valuesWith(['10.234.1.0/24', '10.234.1.7/24'])],
  ['the replicas of ZooKeeper', valuesWith(['    replicas: 3', '    replicas: 4'])],
  ['more replicas than nodes', valuesWith(['  meta:\n    replicaCount: 3', '  meta:\n    replicaCount: 4'])],
  [
    'a field in the wrong place',
    VALUES.replace('      affinity:\n', '      affinity:\n          nodeSelectorTerms: []\n'),
  ],
];

const cases = CASES.flatMap(({ lint }) => lint).filter(({ values }) => values !== undefined);

describe('the help of a finding on Helm values', () => {
  it.each([
    ...cases.map((each) => [each.name, each] as const),
    ...EDITS.map(([name, values]) => [name, { name, values, expect: [] }] as const),
  ])('names no field that a value sets: %s', (_name, each) => {
    const { findings } = judge(readWorld(caseText(each), each));
    if (EDITS.some(([name]) => name === each.name))
      expect(findings.map(({ resource }) => resource?.source)).toContainEqual(expect.any(ValuesSource));
    for (const { resource, help = '', fix } of findings) {
      if (!(resource?.source instanceof ValuesSource)) continue;
      const kind = resource.kind === 'ZookeeperCluster' ? 'ZookeeperCluster' : 'IOMeshCluster';
      const fields = `${help} ${fix?.description}`.match(FIELD) ?? [];
      expect(fields.filter((field) => isSet(kind, field.split('.')))).toEqual([]);
    }
  });
});
