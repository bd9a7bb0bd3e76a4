import { type Resource, toResource } from '../base/model.ts';
import { World } from '../world.ts';

/**
 * The world after files are applied to a cluster: what both hold counts as the files have it, the rest
 * of the cluster stands beside them. `namespace` is where an object of the files goes that names none.
 * Configuration, day, mode and what was wrong with the text are those of `files`.
 */
export function joinedWorld(files: World, cluster: readonly Resource[], namespace: string): World {
  const { config, today, mode, faults, unread, values } = files;
  // In the namespace that it goes to, an object may meet another one, or no longer meet one.
  const own = files.given.map((resource) => inNamespace(resource, namespace));
  const keys = new Set(own.map(({ key }) => key));
  const others = cluster.filter(({ key }) => !keys.has(key));
  return World.of({ resources: [...own, ...others], config, today, mode, faults, unread, values });
}

/** The resource, in this namespace where it names none itself. */
function inNamespace(resource: Resource, namespace: string): Resource {
  const { json, ref, source, unknown } = resource;
  if (ref.namespace === undefined || ref.namespace === namespace) return resource;
  return (
    toResource(json, {
      namespace,
      name: ref.name,
      ...(source === undefined ? {} : { source }),
      ...(unknown === undefined ? {} : { unknown }),
    }) ?? resource
  );
}
