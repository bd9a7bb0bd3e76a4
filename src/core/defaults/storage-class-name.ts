import { isObject, own } from '../base/json.ts';
import { add } from './absent.ts';
import type { Default } from './default.ts';

export const storageClassName: Default = {
  name: 'storage-class-name',
  kinds: ['IOMeshCluster'],
  summary: 'The volumes of the components themselves are of the class `hostpath`.',
  fill: (resource, world) =>
    isObject(own(resource.json, 'spec')) ? add(world, resource, ['spec', 'storageClass'], 'hostpath') : [],
};
