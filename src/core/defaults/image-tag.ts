import type { Default } from './default.ts';
import { fillImages } from './images.ts';
import { peerImageText } from './section.ts';

/** Nothing is filled where the management cluster has none. */
export const imageTag: Default = {
  name: 'image-tag',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary: "Each image has the tag of the same component's image on the management cluster.",
  fill: (resource, world) =>
    fillImages(resource, world, 'tag', (image) => peerImageText(world, resource, image, 'tag')),
};
