import type { FixEdit } from '../base/edits.ts';
import { isObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { isBlankText } from '../base/text.ts';
import { readCidr } from '../iomesh/cidr.ts';
import { DEFAULT_DISK_MODE, deviceMapOf, DISK_MODE, modeFor } from '../iomesh/device-map.ts';
import { readString } from '../schema/read-field.ts';
import type { World } from '../world.ts';
import { affinityDefaults } from './affinity.ts';
import { awaitedFromManagement, type Default, fillField, isFillable } from './fill.ts';
import { imageDefaults } from './images.ts';

const CHUNK: Path = ['spec', 'chunk'];
const REDIRECTOR: Path = ['spec', 'redirector'];
const STORAGE_CLASS: Path = ['spec', 'storageClass'];
const DEVICE_MANAGER: Path = [...CHUNK, 'devicemanager'];

/** The defaults of an IOMeshCluster. */
export const iomeshClusterDefaults: readonly Default[] = [
  ...affinityDefaults,
  {
    // The namespace of the management cluster, which itself may leave it out.
    name: 'block-device-namespace',
    keepsStored: true,
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
    awaits(resource, world) {
      const paths = [CHUNK, REDIRECTOR].map((owner) => [...owner, 'dataCIDR']);
      const awaited = awaitedFromManagement(resource, world, paths);
      // One of the two is filled from the other.
      return awaited.length === paths.length ? awaited : [];
    },
  },
  {
    // The mode that the device map is for, else that of the management cluster. A device map for no mode leaves
    // the choice to a person.
    name: 'disk-deployment-mode',
    keepsStored: true,
    fill(resource, world) {
      const map = deviceMapOf(resource);
      const mode =
        map === undefined ? fromManagement(resource, world, DISK_MODE, DEFAULT_DISK_MODE) : modeFor(map);
      return mode === undefined ? [] : fillSpec(resource, world, DISK_MODE, mode);
    },
    awaits: (resource, world) =>
      deviceMapOf(resource) === undefined ? awaitedFromManagement(resource, world, [DISK_MODE]) : [],
  },
  {
    // The class of the components' own volumes.
    name: 'storage-class-name',
    keepsStored: true,
    fill(resource, world) {
      const value = fromManagement(resource, world, STORAGE_CLASS, 'hostpath');
      return value === undefined ? [] : fillSpec(resource, world, STORAGE_CLASS, value);
    },
    awaits: (resource, world) => awaitedFromManagement(resource, world, [STORAGE_CLASS]),
  },
  {
    // No other value is documented.
    name: 'reclaim-policy',
    keepsStored: true,
    fill: (resource, world) =>
      ['volume', 'blockdevice'].flatMap((each) =>
        fillSpec(resource, world, ['spec', 'reclaimPolicy', each], 'Delete'),
      ),
  },
];

/** Fills a field of the spec; none if the object has no spec. */
function fillSpec(resource: Resource, world: World, path: Path, value: string): readonly FixEdit[] {
  return isObject(own(resource.json, 'spec')) ? fillField(world, resource, path, value) : [];
}

/**
 * The value of the management cluster, as `new pool` takes it; `otherwise` if that sets none, and for the
 * management cluster itself. Undefined if the management cluster does not exist yet.
 */
function fromManagement(resource: Resource, world: World, path: Path, otherwise: string): string | undefined {
  if (world.isManagement(resource.ref)) return otherwise;
  const { management } = world;
  if (management === undefined) return undefined;
  const { state, value } = readString(world, management, path);
  if (state === 'invalid') return undefined;
  return value === undefined || isBlankText(value) ? otherwise : value;
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
