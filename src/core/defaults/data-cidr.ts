import type { FixEdit } from '../base/edits.ts';
import { readCidr } from '../iomesh/cidr.ts';
import { readString } from '../schema/read-field.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import type { Default } from './default.ts';
import { isOpen } from './section.ts';

const CHUNK: Path = ['spec', 'chunk'];
const REDIRECTOR: Path = ['spec', 'redirector'];

/** The two must be equal, so one that cannot be used leaves the other as it is. */
export const dataCidr: Default = {
  name: 'data-cidr',
  kinds: ['IOMeshCluster'],
  summary: "chunk and redirector share one dataCIDR; where neither has one, it is the management cluster's.",
  fill: (resource, world) => [
    ...fillFrom(resource, world, CHUNK, REDIRECTOR),
    ...fillFrom(resource, world, REDIRECTOR, CHUNK),
  ],
};

function fillFrom(resource: Resource, world: World, owner: Path, other: Path): readonly FixEdit[] {
  if (!isOpen(world, resource, owner)) return [];
  const beside = readString(world, resource, [...other, 'dataCIDR']);
  const value = beside.state === 'absent' ? ofManagement(resource, world, owner, other) : beside.value;
  if (value === undefined || !isNetwork(value)) return [];
  return add(world, resource, [...owner, 'dataCIDR'], value);
}

function ofManagement(resource: Resource, world: World, owner: Path, other: Path): string | undefined {
  const { management } = world;
  if (management === undefined || world.isManagement(resource.ref)) return undefined;
  const same = readString(world, management, [...owner, 'dataCIDR']);
  return same.value ?? readString(world, management, [...other, 'dataCIDR']).value;
}

function isNetwork(text: string): boolean {
  const reading = readCidr(text);
  return reading.ok && !reading.cidr.hostBits;
}
