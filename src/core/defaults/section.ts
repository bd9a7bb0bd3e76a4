import { type ImageField, imageFields, imageText, managementPeer } from '../iomesh/images.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath, type Path } from '../base/path.ts';
import type { World } from '../world.ts';

/**
 * The sections that defaults can make whole where they are absent. The others hold a number of replicas,
 * which only a person can choose.
 */
const SECTIONS_OF_DEFAULTS = ['redirector', 'probe', 'toolbox', 'devicemanager'];

/**
 * True where fields of a component's section may be filled: it is there, or defaults can make it whole
 * because the management cluster tells its image.
 */
export function isOpen(world: World, resource: Resource, owner: Path): boolean {
  const section = at(resource.json, owner) ?? undefined;
  if (section !== undefined) return isObject(section);
  if (resource.kind === 'ZookeeperCluster') return true;
  if (!isObject(at(resource.json, parentPath(owner)))) return false;
  const image = imageFields(resource).find(
    ({ path }) => path.length === owner.length + 1 && path.at(-2) === owner.at(-1),
  );
  if (image === undefined || !SECTIONS_OF_DEFAULTS.includes(image.component)) return false;
  return peerImageText(world, resource, image, 'repository') !== undefined;
}

/** What the management cluster has in the same place; undefined where it has nothing usable, or is the object itself. */
export function peerImageText(
  world: World,
  resource: Resource,
  image: ImageField,
  key: 'tag' | 'repository' | 'pullPolicy',
): string | undefined {
  const peer = managementPeer(world, resource);
  const text = peer === undefined ? undefined : imageText(world, peer, image, key);
  return text === '' ? undefined : text;
}
