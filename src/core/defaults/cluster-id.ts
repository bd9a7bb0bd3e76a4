import { isBlank, managementConnection } from '../iomesh/connection.ts';
import { readString } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import type { World } from '../world.ts';
import { fillConnection } from './connection-keys.ts';
import type { Default } from './default.ts';

export const clusterId: Default = {
  name: 'cluster-id',
  kinds: ['ConfigMap'],
  summary: "A connection ConfigMap has the clusterId of the management cluster's.",
  fill: (resource, world, operation) =>
    fillConnection(resource, world, operation, 'clusterId', () => ofManagement(resource, world)),
};

function ofManagement(resource: Resource, world: World): string | undefined {
  // Its own older version tells nothing.
  const before = world.getByKey(resource.key);
  const connection = managementConnection(before === undefined ? world : world.with({ before }));
  const id =
    connection === undefined ? undefined : readString(world, connection, ['data', 'clusterId']).value;
  return id === undefined || isBlank(id) ? undefined : id;
}
