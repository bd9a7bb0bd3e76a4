import type { FixEdit } from '../base/edits.ts';
import { clusterOf } from '../iomesh/cluster.ts';
import { type ImageField, imageFields } from '../iomesh/images.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath } from '../base/path.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import { isOpen, peerImageText } from './section.ts';

/**
 * Fills one key of each image of a cluster's object with what `value` gives for it, where it gives
 * something. An image that is absent altogether is begun only where its repository is known.
 */
export function fillImages(
  resource: Resource,
  world: World,
  key: 'tag' | 'repository' | 'pullPolicy',
  value: (image: ImageField) => string | undefined,
): readonly FixEdit[] {
  if (clusterOf(resource.ref) === undefined) return [];
  return imageFields(resource).flatMap((image) => {
    if (!isOpen(world, resource, parentPath(image.path)) || !hasImage(resource, world, image)) return [];
    const found = value(image);
    return found === undefined ? [] : add(world, resource, [...image.path, key], found);
  });
}

function hasImage(resource: Resource, world: World, image: ImageField): boolean {
  if (isObject(at(resource.json, image.path))) return true;
  return peerImageText(world, resource, image, 'repository') !== undefined;
}
