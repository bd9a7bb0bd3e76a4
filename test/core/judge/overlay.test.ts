/** A world that is made by changes gives the same results as one that is made of the same objects. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { clusterCount, clusterOf } from '../../../src/core/iomesh/cluster.ts';
import { connectionsOf } from '../../../src/core/iomesh/connection.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { type Change, KINDS } from '../../../src/core/base/model.ts';
import { knownNodes } from '../../../src/core/iomesh/nodes.ts';
import { classesOfCluster, classesOfConnection } from '../../../src/core/iomesh/storage-class.ts';
import { World } from '../../../src/core/world.ts';
import { changeSteps, changeOf, resourcesOf, worlds } from './worlds.ts';
import { runsOf } from '../../support/runs.ts';

/** The world after a change, made of its objects. */
function rebuilt(world: World, { before, after }: Change): World {
  const rest = resourcesOf(world).filter(({ key }) => key !== (before ?? after)?.key);
  const resources = after === undefined ? rest : [...rest, after];
  const { config, today } = world;
  return World.of({ resources, config, today });
}

/** The results of every look-up in a world, sorted. */
function answers(world: World): unknown {
  const all = resourcesOf(world);
  const keys = (resources: Iterable<{ key: string }>) => [...resources].map(({ key }) => key).sort();
  const namespaces = ['iomesh-system', 'iomesh-cluster-1', 'pool-b', 'pool-c', 'apps', 'none'];
  const ids = all.flatMap(({ ref }) => clusterOf(ref) ?? []);
  return {
    counts: KINDS.map((kind) => world.count(kind)),
    all: KINDS.map((kind) => keys(world.all(kind))),
    got: all.map(({ key, json }) => world.getByKey(key)?.json === json),
    inNamespace: namespaces.map((each) => KINDS.map((kind) => keys(world.inNamespace(kind, each)))),
    connections: ids.map((id) => keys(connectionsOf(world, id))).sort(),
    classes: ids.map((id) => keys(classesOfCluster(world, id))).sort(),
    users: world
      .all('ConfigMap')
      .map(({ key, ref }) => [key, keys(classesOfConnection(world, ref))])
      .sort(),
    management: world.management?.key,
    clusters: clusterCount(world),
    nodes: knownNodes(world)
      ?.all.map(({ name }) => name)
      .sort(),
    // Without help: after a change it does not list the nodes that the change frees.
    findings: judge(world)
      .findings.map(({ identity, message }) => [identity, message])
      .sort(),
  };
}

it('gives the same results after several changes', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(worlds, fc.array(changeSteps, { minLength: 1, maxLength: 4 }), (start, steps) => {
      let overlaid = start;
      let fresh = start;
      for (const each of steps) {
        const change = changeOf(overlaid, each);
        if (change === undefined) continue;
        overlaid = overlaid.with(change);
        fresh = rebuilt(fresh, change);
      }
      expect(answers(overlaid)).toEqual(answers(fresh));
    }),
    { numRuns: runsOf(150) },
  );
});

it('gives the same results in each of the successive worlds of one source', { timeout: 600_000 }, () => {
  let used = 0;
  fc.assert(
    fc.property(worlds, fc.array(changeSteps, { minLength: 1, maxLength: 6 }), (start, steps) => {
      const passedOn = new Map<unknown, unknown>();
      let alone = start;
      for (const each of [undefined, ...steps]) {
        const change = each === undefined ? {} : (changeOf(alone, each) ?? {});
        alone = rebuilt(alone, change);
        const next = World.of({ ...alone, resources: resourcesOf(alone), passedOn });
        expect(answers(next)).toEqual(answers(alone));
      }
      used += passedOn.size;
    }),
    { numRuns: runsOf(100) },
  );
  expect(used).toBeGreaterThan(0);
});

it('reads the nodes of the configuration once for all worlds without Node objects', () => {
  const config = { ...DEFAULT_CONFIG, nodes: [{ name: 'a', labels: {} }] };
  const [first, second] = [1, 2].map(() => World.of({ resources: [], config, today: '2026-11-30' }));
  expect(knownNodes(first!)?.all).toHaveLength(1);
  expect(knownNodes(second!)).toBe(knownNodes(first!));
});

it('has each object whose name is not generated yet', () => {
  const [world] = fc.sample(worlds, 1) as [World];
  const unnamed = (metaAddr: string) => ({
    kind: 'ConfigMap' as const,
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: '' },
    key: 'ConfigMap/apps/',
    json: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'apps' }, data: { metaAddr } },
  });
  const before = world.count('ConfigMap');
  const twice = world.with({ after: unnamed('a') }).with({ after: unnamed('b') });
  expect(twice.count('ConfigMap')).toBe(before + 2);
  expect(twice.all('ConfigMap').length).toBe(before + 2);
  expect(twice.get('ConfigMap', 'apps', '')).toBeUndefined();
});
