import { add } from './absent.ts';
import type { Default } from './default.ts';
import { isOpen } from './section.ts';

const OWNER = ['spec', 'chunk', 'devicemanager'];

/** The management cluster itself may leave it out. */
export const blockDeviceNamespace: Default = {
  name: 'block-device-namespace',
  kinds: ['IOMeshCluster'],
  summary: "Block devices are looked for in the management cluster's namespace.",
  fill(resource, world) {
    if (world.isManagement(resource.ref) || !isOpen(world, resource, OWNER)) return [];
    const { namespace } = world.config.managementCluster;
    return add(world, resource, [...OWNER, 'blockDeviceNamespace'], namespace);
  },
};
