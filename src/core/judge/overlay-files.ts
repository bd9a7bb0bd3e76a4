import { type Resource, toResource } from '../base/model.ts';
import { World } from '../world.ts';

/**
 * The world after the files are applied to a cluster: an object that both have is taken from the files.
 * `namespace` is for objects of the files that name none. Everything but the objects is that of `files`.
 */
export function overlayFiles(files: World, cluster: readonly Resource[], namespace: string): World {
  // The namespace is set first: with it, an object may have the key of another one, or no longer have it.
  const own = files.resourcesAndDuplicates.map((resource) => inNamespace(resource, namespace));
  const keys = new Set(own.map(({ key }) => key));
  return World.of({ ...files, resources: [...own, ...cluster.filter(({ key }) => !keys.has(key))] });
}

function inNamespace(resource: Resource, namespace: string): Resource {
  const { json, ref, source, unknown } = resource;
  if (ref.namespace === undefined || ref.namespace === namespace) return resource;
  const moved = toResource(json, { namespace, name: ref.name, ...(source && { source }) });
  return moved === undefined ? resource : { ...moved, unknown };
}
