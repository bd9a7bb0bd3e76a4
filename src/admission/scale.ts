import { at, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Change, type Kind, type Resource, toResource } from '../core/base/model.ts';
import type { World } from '../core/world.ts';
import type { AdmissionRequest } from './review.ts';

/**
 * The field that the scale subresource sets. The published definition of IOMeshCluster has no scale
 * subresource; a definition that adds one would scale the chunks.
 */
const SCALED: Readonly<Record<string, { kind: Kind; path: readonly string[] }>> = {
  'zookeeperclusters.zookeeper.pravega.io': { kind: 'ZookeeperCluster', path: ['spec', 'replicas'] },
  'iomeshclusters.iomesh.com': { kind: 'IOMeshCluster', path: ['spec', 'chunk', 'replicas'] },
};

/**
 * The change that a request on the scale subresource makes. The request carries only the number of
 * replicas, so the change is the stored object with the old and the new number. Undefined if the kind is
 * not one of IOMesh or the object is not in the world.
 */
export function scaleChange(request: AdmissionRequest, world: World): Change | undefined {
  const scaled = own(SCALED as unknown as JsonObject, request.resource) as unknown as
    | (typeof SCALED)[string]
    | undefined;
  const metadataName = at(request.object, ['metadata', 'name']);
  const name = request.name !== '' ? request.name : metadataName;
  if (scaled === undefined || typeof name !== 'string') return undefined;
  const stored = world.get(scaled.kind, request.namespace, name);
  if (stored === undefined) return undefined;
  const before = withReplicas(stored, scaled.path, at(request.oldObject, ['spec', 'replicas']));
  const after = withReplicas(stored, scaled.path, at(request.object, ['spec', 'replicas']));
  return before === undefined || after === undefined ? undefined : { before, after };
}

function withReplicas(
  stored: Resource,
  path: readonly string[],
  // A Scale leaves out 0: https://github.com/kubernetes/api/blob/v0.30.0/autoscaling/v1/types.go#L123
  replicas: Json = 0,
): Resource | undefined {
  return typeof replicas === 'number' ? toResource(put(stored.json, path, replicas)) : undefined;
}

function put(object: JsonObject, [key, ...rest]: readonly string[], value: Json): JsonObject {
  if (key === undefined) return object;
  const child = own(object, key);
  const inner = typeof child === 'object' && child !== null ? (child as JsonObject) : {};
  return { ...object, [key]: rest.length === 0 ? value : put(inner, rest, value) };
}
