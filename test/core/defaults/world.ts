/** The correct two-cluster set as JSON, for tests that leave something out of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import type { WriteOperation } from '../../../src/core/defaults/fill.ts';
import { type Mutation, mutate } from '../../../src/core/defaults/mutate.ts';
import { at, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { formatPath, type Path } from '../../../src/core/base/path.ts';
import { World } from '../../../src/core/world.ts';

const EXAMPLE = join(import.meta.dirname, '../../../examples/two-clusters');

export const MANAGEMENT = 'IOMeshCluster/iomesh-system/iomesh';
export const MANAGEMENT_ZOOKEEPER = 'ZookeeperCluster/iomesh-system/iomesh-zookeeper';
export const MANAGEMENT_CONNECTION = 'ConfigMap/iomesh-system/iomesh-csi-configmap';
export const MANAGEMENT_CLASS = 'StorageClass/iomesh-default';
export const POOL = 'IOMeshCluster/iomesh-cluster-1/iomesh-cluster-1';
export const POOL_ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1/iomesh-cluster-1-zookeeper';
export const POOL_CONNECTION = 'ConfigMap/iomesh-cluster-1/iomesh-cluster-1-csi-configmap';
export const POOL_CLASS = 'StorageClass/iomesh-cluster-1';

/** A resource of an object's JSON. */
export function resourceOf(json: Json): Resource {
  const resource = toResource(json as JsonObject);
  if (resource === undefined) throw new Error('not an object of ours');
  return resource;
}

const SET: ReadonlyMap<string, Resource> = new Map(
  ['management', 'cluster-1'].flatMap((folder) =>
    readdirSync(join(EXAMPLE, folder))
      .sort()
      .map((file) => resourceOf(load(readFileSync(join(EXAMPLE, folder, file), 'utf8')) as Json))
      .map((resource) => [resource.key, resource] as const),
  ),
);

/** An object of the set. */
export function given(key: string): Resource {
  const resource = SET.get(key);
  if (resource === undefined) throw new Error(`no ${key}`);
  return resource;
}

/** An object of the set as someone else might have written it: `undefined` leaves a field out. */
export function written(key: string, edits: Readonly<Record<string, Json | undefined>>): Resource {
  return edited(given(key), edits);
}

/** An object with the fields at dotted paths set, or left out where the value is undefined. */
export function edited(resource: Resource, edits: Readonly<Record<string, Json | undefined>>): Resource {
  let { json } = resource;
  for (const [path, value] of Object.entries(edits)) json = withField(json, path.split('.'), value);
  return resourceOf(json);
}

/** JSON with one field set, or left out where the value is undefined. */
export function withField(
  json: JsonObject,
  [key = '', ...rest]: string[],
  value: Json | undefined,
): JsonObject {
  const { [key]: child, ...others } = json;
  if (rest.length > 0) return { ...json, [key]: withField((child ?? {}) as JsonObject, rest, value) };
  return value === undefined ? others : { ...json, [key]: value };
}

/** The set without some of its objects, and with others in place of its own or beside them. */
export function worldWith(
  resources: readonly Resource[] = [],
  options: { without?: readonly string[]; config?: Partial<Config> } = {},
): World {
  const all = new Map(SET);
  for (const key of options.without ?? []) if (!all.delete(key)) throw new Error(`no ${key}`);
  for (const resource of resources) all.set(resource.key, resource);
  return World.of({
    resources: [...all.values()],
    today: '2026-11-23',
    config: { ...DEFAULT_CONFIG, ...options.config },
  });
}

/** A Node with labels. */
export function node(name: string, labels: Record<string, string> = {}): Resource {
  const all = { 'kubernetes.io/hostname': name, ...labels };
  return resourceOf({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: all } });
}

/** What creating (or updating) an object in a world fills: each field's path, with the value it got. */
export function filled(
  resource: Resource,
  world: World,
  operation: WriteOperation = 'CREATE',
): Record<string, Json> {
  const mutation = mutate(resource, world, operation);
  return Object.fromEntries(
    mutation.filled.map(({ path }) => [formatPath(path), at(mutation.resource.json, path)!]),
  );
}

/** Which default filled what. */
export function names(mutation: Mutation): Record<string, string> {
  return Object.fromEntries(mutation.filled.map(({ name, path }) => [formatPath(path), name]));
}

/** Asserts that the object's mutated form is the same as another object. */
export function expectFilledTo(resource: Resource, world: World, wanted: Resource): void {
  expect(mutate(resource, world, 'CREATE').resource.json).toEqual(wanted.json);
}

export const REQUIRED = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution';

/** The field path of a component's required node affinity. */
export function requiredOf(policy: string): string {
  return `${policy}.${REQUIRED}`;
}

/** Node selector terms that list hostnames. */
export function hostnames(...values: string[]): JsonObject {
  return {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] }],
  };
}

export function pathOf(text: string): Path {
  return text.split('.');
}
