import { at } from '../base/json.ts';
import { fillParameter } from './class-parameters.ts';
import type { Default } from './default.ts';

/** Not beside erasure coding, which makes it void. */
export const replicaFactor: Default = {
  name: 'replica-factor',
  kinds: ['StorageClass'],
  summary: 'Volumes have two replicas, as the driver would choose, unless they are erasure-coded.',
  fill: (resource, world, operation) =>
    fillParameter(resource, world, operation, 'replicaFactor', () =>
      ['ec_k', 'ec_m'].some((each) => at(resource.json, ['parameters', each]) !== undefined)
        ? undefined
        : '2',
    ),
};
