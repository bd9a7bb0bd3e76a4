import { sectionRules } from '../../../support/rules.ts';
import { describe, expect, it } from 'vitest';
import { judgeChange } from '../../../../src/core/judge/judge.ts';
import type { JsonObject } from '../../../../src/core/base/json.ts';
import { type Resource, toResource } from '../../../../src/core/base/model.ts';
import { World } from '../../../../src/core/world.ts';

function cluster(namespace: string, name: string, tag: string): Resource {
  const image = (repository: string): JsonObject => ({ image: { repository: `iomesh/${repository}`, tag } });
  return toResource({
    apiVersion: 'iomesh.com/v1alpha1',
    kind: 'IOMeshCluster',
    metadata: { name, namespace },
    spec: {
      meta: image('zbs-metad'),
      chunk: image('zbs-chunkd'),
      redirector: image('zbs-iscsi-redirectord'),
    },
  })!;
}

describe('IOM403 on an upgrade of the management cluster', () => {
  it('reports each of a thousand clusters once', () => {
    const before = cluster('iomesh-system', 'iomesh', 'v5.3.0-rc13');
    const followers = Array.from({ length: 1000 }, (_, index) =>
      cluster(`pool-${index}`, 'pool', 'v5.3.0-rc13'),
    );
    const world = World.of({ resources: [before, ...followers], today: '2026-11-23' });
    const after = cluster('iomesh-system', 'iomesh', 'v5.4.0-rc1');
    const { denied, warned } = judgeChange(world, { before, after }, sectionRules(4));
    expect(denied).toEqual([]);
    expect(new Set(warned.map((each) => `${each.code} ${each.object?.namespace}`))).toEqual(
      new Set(followers.map((each) => `IOM403 ${each.ref.namespace}`)),
    );
    expect(warned).toHaveLength(1000);
  });

  it('reports the existing clusters when the management cluster is created', () => {
    const follower = cluster('pool-1', 'pool', 'v5.3.0-rc13');
    const world = World.of({ resources: [follower], today: '2026-11-23' });
    const { denied, warned } = judgeChange(
      world,
      { after: cluster('iomesh-system', 'iomesh', 'v5.4.0-rc1') },
      sectionRules(4),
    );
    expect(denied).toEqual([]);
    expect(warned.map((each) => each.code)).toEqual(['IOM403']);
  });

  it('only warns of mixed tags of other clusters when the management cluster is deleted', () => {
    const management = cluster('iomesh-system', 'iomesh', 'v5.3.0-rc13');
    const mixed = toResource({
      ...cluster('pool-1', 'pool', 'v5.3.0-rc13').json,
      spec: {
        meta: { image: { repository: 'iomesh/zbs-metad', tag: 'v5.3.0-rc13' } },
        chunk: { image: { repository: 'iomesh/zbs-chunkd', tag: 'v5.3.0-rc13-community' } },
      },
    })!;
    const world = World.of({ resources: [management, mixed], today: '2026-11-23' });
    const { denied, warned } = judgeChange(world, { before: management }, sectionRules(4));
    expect(denied).toEqual([]);
    expect(warned.map((each) => each.code)).toEqual(['IOM402']);
  });
});
