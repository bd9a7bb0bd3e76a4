import { isObject, own } from '../base/json.ts';
import { add } from './absent.ts';
import type { Default } from './default.ts';

/** No other value is documented. */
export const reclaimPolicy: Default = {
  name: 'reclaim-policy',
  kinds: ['IOMeshCluster'],
  summary: 'Volumes and block devices of a deleted cluster are given back: `Delete`.',
  fill: (resource, world) =>
    isObject(own(resource.json, 'spec'))
      ? ['volume', 'blockdevice'].flatMap((each) =>
          add(world, resource, ['spec', 'reclaimPolicy', each], 'Delete'),
        )
      : [],
};
