import type { FixEdit } from '../base/edits.ts';
import { at, isObject, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { parentPath, type Path } from '../base/path.ts';
import { clusterOf, zookeeperName } from '../iomesh/cluster.ts';
import { managementGoesByAnotherName } from '../iomesh/management.ts';
import { type ImageField, imageFields, imageText, managementPeer } from '../iomesh/images.ts';
import { readField } from '../schema/read-field.ts';
import type { World } from '../world.ts';

/** The requests that fill defaults. */
export type WriteOperation = 'CREATE' | 'UPDATE';

/**
 * One or more fields of a kind, and the values that they get if they are absent. `fill` returns an `add` for
 * each absent field that it has a value for. It depends on its arguments only, so that defaults can be
 * applied in any order, and what it returns shares nothing with them.
 */
export interface Default {
  /** Appears in audit annotations and fixes. */
  readonly name: string;
  fill(resource: Resource, world: World, operation: WriteOperation): readonly FixEdit[];
  /**
   * True for fields that decide what runs: an update that leaves out the stored value keeps it, even if the
   * management cluster has another one by now.
   */
  readonly keepsStored?: boolean;
  /** The absent fields of a new object whose value comes from an object that does not exist yet. */
  awaits?(resource: Resource, world: World): readonly AwaitedField[];
}

/** An absent field, and what must exist before it can be filled. */
export interface AwaitedField {
  readonly path: Path;
  /** Follows the words `there is no`: `IOMeshCluster iomesh-system/iomesh`. */
  readonly source: string;
  /** The object can be complete without the field. */
  readonly optional?: boolean;
}

/**
 * The absent fields of a pool that are filled from an object of the management cluster, if that object does not
 * exist. `paths`: the fields to consider.
 */
export function awaitedFromManagement(
  resource: Resource,
  world: World,
  paths: readonly Path[],
): readonly AwaitedField[] {
  const id = clusterOf(resource.ref);
  if (id === undefined || world.isManagement(id) || managementPeer(world, resource) !== undefined) return [];
  const { namespace, name } = world.config.managementCluster;
  const isZookeeper = resource.kind === 'ZookeeperCluster';
  const peer = isZookeeper ? zookeeperName(name) : name;
  if (world.presence(isZookeeper ? 'ZookeeperCluster' : 'IOMeshCluster', namespace, peer) !== 'no') return [];
  if (managementGoesByAnotherName(world)) return [];
  return paths
    .filter((path) => readField(world, resource, path).state === 'absent')
    .map((path) => ({ path, source: `${resource.kind} ${namespace}/${peer}` }));
}

/**
 * The edit that fills a field. None if the field is set, if a field in another place is meant to be it, or if
 * something on the way to it is no object. Null counts as absent.
 */
export function fillField(world: World, resource: Resource, path: Path, value: Json): readonly FixEdit[] {
  return readField(world, resource, path).state === 'absent' ? [{ op: 'add', path, value }] : [];
}

/**
 * The sections that defaults can create. The others hold a number of replicas, which only a person can
 * choose.
 */
const SECTIONS_OF_DEFAULTS = ['redirector', 'probe', 'toolbox', 'devicemanager'];

/**
 * True if fields of a component's section may be filled: the section is set, or defaults can create it
 * because the management cluster has its image.
 */
export function isFillable(world: World, resource: Resource, owner: Path): boolean {
  const section = at(resource.json, owner) ?? undefined;
  if (section !== undefined) return isObject(section);
  if (resource.kind === 'ZookeeperCluster') return true;
  if (!isObject(at(resource.json, parentPath(owner)))) return false;
  const image = imageFields(resource).find(
    ({ path }) => path.length === owner.length + 1 && path.at(-2) === owner.at(-1),
  );
  if (image === undefined || !SECTIONS_OF_DEFAULTS.includes(image.component)) return false;
  return peerImageText(world, resource, image, 'repository') !== undefined;
}

/** The text of the same image on the management cluster; undefined if it has none or is the object itself. */
export function peerImageText(
  world: World,
  resource: Resource,
  image: ImageField,
  key: 'tag' | 'repository' | 'pullPolicy',
): string | undefined {
  const peer = managementPeer(world, resource);
  const text = peer === undefined ? undefined : imageText(world, peer, image, key);
  return text === '' ? undefined : text;
}
