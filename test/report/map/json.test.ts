/** The map as JSON, checked with its schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodeMap } from '../../../src/core/map/index.ts';
import type { World } from '../../../src/core/world.ts';
import { mapJson } from '../../../src/report/map/json.ts';
import type { MapSource } from '../../../src/report/map/words.ts';
import { worlds } from '../../core/judge/worlds.ts';
import { toWorld, worldSpec } from '../../support/placement-worlds.ts';
import { oddWorld } from '../../support/odd-map-world.ts';
import { FILES, fleet } from '../../support/map-worlds.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../schemas/map.schema.json'), 'utf8'),
);
const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);

function jsonOf(world: World, source: MapSource = FILES) {
  const value = JSON.parse(mapJson(nodeMap(world), source));
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
  return value;
}

it('satisfies the schema for any world', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        worldSpec.map((spec) => toWorld(spec)),
        worlds,
      ),
      (world) => {
        const { nodes, summary } = jsonOf(world);
        const { clusters: _, nodes: all, ...states } = summary;
        expect(Object.values(states).reduce((a, b) => (a as number) + (b as number), 0)).toBe(all);
        expect(all).toBe(nodes.length);
      },
    ),
    { numRuns: 150 },
  );
});

it('has nodes, clusters and conflicts', () => {
  const value = jsonOf(oddWorld());
  expect(value.known).toBe('names');
  expect(value.nodes.map(({ name }: { name: string }) => name)).toEqual([
    'worker-1',
    'worker-2',
    'worker-3',
    'worker-10',
  ]);
  expect(value.nodes[1]).toEqual({
    name: 'worker-2',
    state: 'overlap',
    claims: [
      { cluster: 'iomesh-system/iomesh', components: ['chunk', 'meta', 'redirector', 'zookeeper'] },
      { cluster: 'pool-a/pool-a', components: ['redirector'] },
    ],
  });
  expect(value.clusters[1].components[2]).toMatchObject({
    state: 'placed',
    nodes: 1,
    unknownNodes: ['woker-3'],
  });
  expect(value.conflicts[0]).toMatchObject({ kind: 'overlap', nodes: ['worker-2'], more: false });
  expect(
    value.conflicts.some(({ kind, witness }: Record<string, unknown>) => kind === 'undecided' && witness),
  ).toBe(true);
});

it('has known labels of nodes, and the source', () => {
  const source: MapSource = {
    from: { kind: 'cluster', server: 'https://127.0.0.1:6443', context: 'a' },
    day: '2026-11-23',
    missing: ['Nodes may not be listed in this cluster.'],
  };
  const value = jsonOf(fleet(30, 3), source);
  expect(value.nodes[0].labels['kubernetes.io/os']).toBe('linux');
  expect(value.source).toEqual(source.from);
  expect(value.missing).toEqual(source.missing);
});

it('fails the schema with an unknown field', () => {
  const value = jsonOf(fleet(3, 1));
  expect(validate({ ...value, version: 2 })).toBe(false);
  expect(validate({ ...value, extra: 1 })).toBe(false);
  expect(validate({ ...value, nodes: [{ ...value.nodes[0], state: 'taken' }] })).toBe(false);
});
