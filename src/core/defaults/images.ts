import type { FixEdit } from '../base/edits.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath } from '../base/path.ts';
import { clusterOf } from '../iomesh/cluster.ts';
import { imageFields } from '../iomesh/images.ts';
import type { World } from '../world.ts';
import { type Default, fillField, isFillable, peerImageText } from './fill.ts';

const POLICIES = ['Always', 'IfNotPresent', 'Never'];

/** The images of an IOMeshCluster and a ZookeeperCluster: as on the management cluster. */
export const imageDefaults: readonly Default[] = [
  {
    name: 'image-repository',
    fill: (resource, world) => fillImages(resource, world, 'repository', (peer) => peer),
  },
  {
    name: 'image-tag',
    fill: (resource, world) => fillImages(resource, world, 'tag', (peer) => peer),
  },
  {
    name: 'image-pull-policy',
    fill: (resource, world) =>
      fillImages(resource, world, 'pullPolicy', (peer = '') =>
        POLICIES.includes(peer) ? peer : 'IfNotPresent',
      ),
  },
];

/**
 * Fills one key of each image with what `valueFor` returns for the text on the management cluster. An image
 * that is absent altogether is created only if the management cluster has its repository.
 */
function fillImages(
  resource: Resource,
  world: World,
  key: 'tag' | 'repository' | 'pullPolicy',
  valueFor: (peer: string | undefined) => string | undefined,
): readonly FixEdit[] {
  if (clusterOf(resource.ref) === undefined) return [];
  return imageFields(resource).flatMap((image) => {
    if (!isFillable(world, resource, parentPath(image.path))) return [];
    const exists = isObject(at(resource.json, image.path));
    if (!exists && peerImageText(world, resource, image, 'repository') === undefined) return [];
    const value = valueFor(peerImageText(world, resource, image, key));
    return value === undefined ? [] : fillField(world, resource, [...image.path, key], value);
  });
}
