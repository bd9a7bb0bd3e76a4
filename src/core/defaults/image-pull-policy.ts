import type { Default } from './default.ts';
import { fillImages } from './images.ts';
import { peerImageText } from './section.ts';

const POLICIES = ['Always', 'IfNotPresent', 'Never'];

export const imagePullPolicy: Default = {
  name: 'image-pull-policy',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary: "Each image is pulled as the same component's on the management cluster, else `IfNotPresent`.",
  fill: (resource, world) =>
    fillImages(resource, world, 'pullPolicy', (image) => {
      const peer = peerImageText(world, resource, image, 'pullPolicy') ?? '';
      return POLICIES.includes(peer) ? peer : 'IfNotPresent';
    }),
};
