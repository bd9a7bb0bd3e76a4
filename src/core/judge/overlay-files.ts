import { type Resource, toResource } from '../base/model.ts';
import { World, type WorldInput } from '../world.ts';

/** A live cluster. `namespace` is for objects of files that name none. */
export interface OverlaidCluster extends Pick<WorldInput, 'resources' | 'definition'> {
  readonly namespace: string;
}

/**
 * The world after the files are applied to a cluster: an object that both have is taken from the files.
 * Everything but the objects and the definition is that of `files`.
 */
export function overlayFiles(files: World, cluster: OverlaidCluster): World {
  const { resources, namespace, definition } = cluster;
  // The namespace is set first: with it, an object may have the key of another one, or no longer have it.
  const own = files.resourcesAndDuplicates.map((resource) => inNamespace(resource, namespace));
  const keys = new Set(own.map(({ key }) => key));
  return World.of({
    ...files,
    definition,
    resources: [...own, ...resources.filter(({ key }) => !keys.has(key))],
  });
}

function inNamespace(resource: Resource, namespace: string): Resource {
  const { json, ref, source, unknown } = resource;
  if (ref.namespace === undefined || ref.namespace === namespace) return resource;
  const moved = toResource(json, { namespace, name: ref.name, ...(source && { source }) });
  return moved === undefined ? resource : { ...moved, unknown };
}
