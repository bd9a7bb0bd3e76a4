import { fillParameter } from './class-parameters.ts';
import type { Default } from './default.ts';

export const thinProvision: Default = {
  name: 'thin-provision',
  kinds: ['StorageClass'],
  summary: 'Volumes are thin, as the driver would choose.',
  fill: (resource, world, operation) =>
    fillParameter(resource, world, operation, 'thinProvision', () => 'true'),
};
