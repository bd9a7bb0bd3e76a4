import type { FixEdit } from '../finding.ts';
import { type ImageField, imageFields } from '../images.ts';
import type { Resource } from '../model.ts';
import { parentPath } from '../path.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import { isOpen } from './section.ts';

/** Fills one key of each image of an object with what `value` gives for it, where it gives something. */
export function fillImages(
  resource: Resource,
  world: World,
  key: 'tag' | 'repository' | 'pullPolicy',
  value: (image: ImageField) => string | undefined,
): readonly FixEdit[] {
  return imageFields(resource).flatMap((image) => {
    if (!isOpen(world, resource, parentPath(image.path))) return [];
    const found = value(image);
    return found === undefined ? [] : add(world, resource, [...image.path, key], found);
  });
}
