import type { FixEdit } from '../base/edits.ts';
import { atLeast } from '../base/iomesh-version.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath } from '../base/path.ts';
import { clusterOf } from '../iomesh/cluster.ts';
import { imageFields } from '../iomesh/images.ts';
import type { World } from '../world.ts';
import {
  type AwaitedField,
  awaitedFromManagement,
  type Default,
  fillField,
  isFillable,
  peerImageText,
} from './fill.ts';

/**
 * The images of an IOMeshCluster and a ZookeeperCluster: as on the management cluster. The pull policy is a
 * constant: it would be the only reason for a complete pool to wait for the management cluster.
 */
export const imageDefaults: readonly Default[] = [
  {
    name: 'image-repository',
    keepsStored: true,
    fill: (resource, world) => fillImages(resource, world, 'repository', (peer) => peer),
    awaits: (resource, world) => awaitedImages(resource, world, 'repository'),
  },
  {
    name: 'image-tag',
    keepsStored: true,
    fill: (resource, world) => fillImages(resource, world, 'tag', (peer) => peer),
    // From 1.1 on the operator chooses a tag that is not set, and the guide sets none.
    awaits: (resource, world) =>
      resource.kind === 'IOMeshCluster' && atLeast(world.iomeshVersion, '1.1')
        ? []
        : awaitedImages(resource, world, 'tag'),
  },
  {
    name: 'image-pull-policy',
    keepsStored: true,
    fill: (resource, world) => fillImages(resource, world, 'pullPolicy', () => 'IfNotPresent'),
  },
];

function awaitedImages(resource: Resource, world: World, key: 'tag' | 'repository'): readonly AwaitedField[] {
  const paths = imageFields(resource).map((image) => image[key]);
  return awaitedFromManagement(resource, world, paths);
}

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
    return value === undefined ? [] : fillField(world, resource, image[key], value);
  });
}
