import { asString, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Api, statusOf } from './api.ts';
import type { LiveKind } from './kinds.ts';

/**
 * The kind in a version that the apiserver serves: the one of the argument if it is served, otherwise the preferred
 * one of the group, otherwise the first. Undefined if the kind is not installed. All users may read discovery
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles).
 */
export async function findServedKind(
  api: Api,
  kind: LiveKind,
  signal: AbortSignal,
): Promise<LiveKind | undefined> {
  const [version, group] = kind.apiVersion.split('/').reverse() as [string, string?];
  if (group === undefined) return kind;
  const found = await discover(api, `/apis/${group}`, signal);
  if (found === undefined) return undefined;
  const served = listOf(found, 'versions').map(nameOf);
  const inOrder = new Set([version, nameOf(own(found, 'preferredVersion')), ...served]);
  for (const each of inOrder) {
    if (each === undefined || !served.includes(each)) continue;
    const apiVersion = `${group}/${each}`;
    const resources = await discover(api, `/apis/${apiVersion}`, signal);
    const resource = listOf(resources, 'resources').find((it) => isCollectionOf(it, kind));
    if (resource !== undefined)
      return { ...kind, apiVersion, plural: asString(own(resource, 'name')) ?? kind.plural };
  }
  return undefined;
}

/**
 * Reads a kind, in another version if this one is not served; undefined if the kind is not installed. `current` is
 * the version in which it was read before.
 */
export async function readServed<T>(
  api: Api,
  kind: LiveKind,
  signal: AbortSignal,
  read: (kind: LiveKind) => Promise<T>,
  current = kind,
): Promise<T | undefined> {
  try {
    return await read(current);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  const served = await findServedKind(api, kind, signal);
  return served === undefined ? undefined : await read(served);
}

/** True for the resource itself, not for a subresource such as `iomeshclusters/status`. */
function isCollectionOf(resource: JsonObject, { kind }: LiveKind): boolean {
  return asString(own(resource, 'kind')) === kind && asString(own(resource, 'name'))?.includes('/') === false;
}

function nameOf(version: Json | undefined): string | undefined {
  return asString(own(version, 'version'));
}

function listOf(object: JsonObject | undefined, field: string): readonly JsonObject[] {
  const list = own(object, field);
  return Array.isArray(list) ? (list as Json[]).filter(isObject) : [];
}

async function discover(api: Api, path: string, signal: AbortSignal): Promise<JsonObject | undefined> {
  try {
    return await api.request('GET', path, { signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The objects of a kind are known, but the apiserver does not serve the kind any more. */
export function noLongerServed({ plural, kind }: LiveKind, known: number): Error {
  return new Error(
    `${plural} are no longer served, but ${known} ${known === 1 ? `${kind} is` : `${kind}s are`} known; ` +
      'if they were deleted, restart the pods of iomesh-guard',
  );
}
