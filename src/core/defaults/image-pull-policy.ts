import { at, isObject } from '../json.ts';
import { clusterOf } from '../cluster.ts';
import type { Default } from './default.ts';
import { fillImages } from './images.ts';
import { peerImageText } from './section.ts';

const POLICIES = ['Always', 'IfNotPresent', 'Never'];

/** Only beside a repository, written or filled: a policy alone makes no image. */
export const imagePullPolicy: Default = {
  name: 'image-pull-policy',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  summary: "Each image is pulled as the same component's on the management cluster, else `IfNotPresent`.",
  fill(resource, world) {
    if (clusterOf(resource.ref) === undefined) return [];
    return fillImages(resource, world, 'pullPolicy', (image) => {
      const written = isObject(at(resource.json, image.path));
      if (!written && peerImageText(world, resource, image, 'repository') === undefined) return undefined;
      const peer = peerImageText(world, resource, image, 'pullPolicy') ?? '';
      return POLICIES.includes(peer) ? peer : 'IfNotPresent';
    });
  },
};
