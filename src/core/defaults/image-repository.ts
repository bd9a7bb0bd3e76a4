import type { Default } from './default.ts';
import { fillImages } from './images.ts';
import { peerImageText } from './section.ts';

/** Nothing is filled where the management cluster has none. */
export const imageRepository: Default = {
  name: 'image-repository',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary: "Each image has the repository of the same component's image on the management cluster.",
  fill: (resource, world) =>
    fillImages(resource, world, 'repository', (image) => peerImageText(world, resource, image, 'repository')),
};
