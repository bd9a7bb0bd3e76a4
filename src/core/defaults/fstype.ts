import { FSTYPE } from '../iomesh/class-parameters.ts';
import { fillParameter } from './class-parameters.ts';
import type { Default } from './default.ts';

export const fstype: Default = {
  name: 'fstype',
  kinds: ['StorageClass'],
  summary: 'Volumes carry ext4, as the driver would choose.',
  fill: (resource, world, operation) => fillParameter(resource, world, operation, FSTYPE, () => 'ext4'),
};
