import { at, isObject, own } from '../base/json.ts';
import { add } from './absent.ts';
import type { Default } from './default.ts';

/** A device map of the other mode shows that the person wants that one: it is for them to say so. */
export const diskDeploymentMode: Default = {
  name: 'disk-deployment-mode',
  kinds: ['IOMeshCluster'],
  summary: 'Disks are deployed as `hybridFlash`, unless the device map maps disks as `allFlash` does.',
  fill(resource, world) {
    if (!isObject(own(resource.json, 'spec'))) return [];
    if (at(resource.json, ['spec', 'chunk', 'deviceMap', 'dataStoreWithJournal']) !== undefined) return [];
    return add(world, resource, ['spec', 'diskDeploymentMode'], 'hybridFlash');
  },
};
