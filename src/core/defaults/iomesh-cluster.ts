import type { FixEdit } from '../base/edits.ts';
import { at, isObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { readCidr } from '../iomesh/cidr.ts';
import { readString } from '../schema/read-field.ts';
import type { World } from '../world.ts';
import { affinityDefaults } from './affinity.ts';
import { type Default, fillField, isFillable } from './fill.ts';
import { imageDefaults } from './images.ts';

const CHUNK: Path = ['spec', 'chunk'];
const REDIRECTOR: Path = ['spec', 'redirector'];
const DEVICE_MANAGER: Path = [...CHUNK, 'devicemanager'];

/** The defaults of an IOMeshCluster. */
export const iomeshClusterDefaults: readonly Default[] = [
  ...affinityDefaults,
  {
    // The namespace of the management cluster, which itself may leave it out.
    name: 'block-device-namespace',
    fill(resource, world) {
      if (world.isManagement(resource.ref) || !isFillable(world, resource, DEVICE_MANAGER)) return [];
      const { namespace } = world.config.managementCluster;
      return fillField(world, resource, [...DEVICE_MANAGER, 'blockDeviceNamespace'], namespace);
    },
  },
  ...imageDefaults,
  {
    // That of the other component, else that of the management cluster. The two must be equal, so an unusable
    // one leaves the other as it is.
    name: 'data-cidr',
    fill: (resource, world) => [
      ...fillDataCidr(resource, world, CHUNK, REDIRECTOR),
      ...fillDataCidr(resource, world, REDIRECTOR, CHUNK),
    ],
  },
  {
    // A device map of the other mode shows that the person wants that mode: only they can confirm it.
    name: 'disk-deployment-mode',
    fill: (resource, world) =>
      at(resource.json, [...CHUNK, 'deviceMap', 'dataStoreWithJournal']) === undefined
        ? fillSpec(resource, world, ['diskDeploymentMode'], 'hybridFlash')
        : [],
  },
  {
    // The class of the components' own volumes.
    name: 'storage-class-name',
    fill: (resource, world) => fillSpec(resource, world, ['storageClass'], 'hostpath'),
  },
  {
    // No other value is documented.
    name: 'reclaim-policy',
    fill: (resource, world) =>
      ['volume', 'blockdevice'].flatMap((each) =>
        fillSpec(resource, world, ['reclaimPolicy', each], 'Delete'),
      ),
  },
];

/** Fills a field of the spec; none if the object has no spec. */
function fillSpec(resource: Resource, world: World, field: Path, value: string): readonly FixEdit[] {
  return isObject(own(resource.json, 'spec')) ? fillField(world, resource, ['spec', ...field], value) : [];
}

function fillDataCidr(resource: Resource, world: World, owner: Path, other: Path): readonly FixEdit[] {
  if (!isFillable(world, resource, owner)) return [];
  const sibling = readString(world, resource, [...other, 'dataCIDR']);
  const value =
    sibling.state === 'absent' ? managementDataCidr(resource, world, owner, other) : sibling.value;
  if (value === undefined || !isNetwork(value)) return [];
  return fillField(world, resource, [...owner, 'dataCIDR'], value);
}

function managementDataCidr(resource: Resource, world: World, owner: Path, other: Path): string | undefined {
  const { management } = world;
  if (management === undefined || world.isManagement(resource.ref)) return undefined;
  const same = readString(world, management, [...owner, 'dataCIDR']);
  return same.value ?? readString(world, management, [...other, 'dataCIDR']).value;
}

function isNetwork(text: string): boolean {
  const reading = readCidr(text);
  return reading.ok && !reading.cidr.hostBits;
}
