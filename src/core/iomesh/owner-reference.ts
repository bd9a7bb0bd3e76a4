/** The owners of objects: the garbage collector deletes an object whose owners are gone. */
import { asString, at, isArray, type Json, own } from '../base/json.ts';
import {
  type Change,
  isBeingDeleted,
  isClusterScoped,
  type Kind,
  kindOf,
  type Resource,
} from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { CLUSTER_KINDS } from './cluster.ts';
import type { World } from '../world.ts';

/** One item of `metadata.ownerReferences`. */
export interface OwnerReference {
  readonly path: Path;
  readonly kindText: string;
  readonly name: string;
  readonly uid: string;
  /** Everything that the garbage collector finds the owner by. */
  readonly text: string;
  /** Undefined for a kind that the rules do not know. */
  readonly kind: Kind | undefined;
}

const PATH: Path = ['metadata', 'ownerReferences'];

/** The kinds of which a world at admission has every object, with its uid. */
const KINDS_WITH_UID: ReadonlySet<Kind> = new Set<Kind>([
  ...CLUSTER_KINDS,
  'ConfigMap',
  'StorageClass',
  'Namespace',
]);

/** The owners that an object has after a change and did not have before. */
export function addedOwners({ before, after }: Change): readonly OwnerReference[] {
  const known = new Set(ownersOf(before).map(({ text }) => text));
  return ownersOf(after).filter(({ text }) => !known.has(text));
}

function ownersOf(resource: Resource | undefined): readonly OwnerReference[] {
  const list = at(resource?.json, PATH);
  return isArray(list) ? list.map(readOwner) : [];
}

function readOwner(item: Json, index: number): OwnerReference {
  const text = (key: string) => asString(own(item, key)) ?? '';
  return {
    path: [...PATH, index],
    kindText: text('kind'),
    name: text('name'),
    uid: text('uid'),
    text: ['apiVersion', 'kind', 'name', 'uid'].map(text).join('|'),
    kind: kindOf(text('apiVersion'), text('kind')),
  };
}

/**
 * True if a user without the verb delete could use an added owner to delete the object. An operator adds the
 * IOMeshCluster for which it created an object.
 */
export function needsPermission({ kind }: OwnerReference): boolean {
  return kind !== 'IOMeshCluster';
}

/** True if an object owns another one. */
export function isOwnedBy(resource: Resource, { ref, json }: Resource): boolean {
  return ownersOf(resource).some(
    ({ kind, name, uid }) => kind === ref.kind && name === ref.name && uid === at(json, ['metadata', 'uid']),
  );
}

/** Longer chains of owners do not occur; an object at the end of one counts as present. */
const MAX_CHAIN = 20;

/** True if an object has owners, and none of them exists or stays: the garbage collector deletes the object. */
export function isOrphan(world: World, resource: Resource): boolean {
  if (at(resource.json, PATH) === undefined) return false;
  return chainsOf(world).isOrphan(resource, 0);
}

/** Whether the owner of an object exists: in the namespace of the object, or cluster-scoped. */
export function ownerState(world: World, resource: Resource, owner: OwnerReference): OwnerState {
  return chainsOf(world).stateOf(resource, owner, 0);
}

/** `leaving` if it is being deleted or has no owner left itself, `unknown` for a kind that is not read. */
type OwnerState = 'present' | 'leaving' | 'missing' | 'unknown';

function chainsOf(world: World): OwnerChains {
  return world.memoize(OwnerChains, () => new OwnerChains(world));
}

/** The owners of owners. Each object is looked at once, however many ways lead to it. */
class OwnerChains {
  readonly #world: World;
  /** False while it is not known: two objects that own each other stay. */
  readonly #orphans = new Map<string, boolean>();

  constructor(world: World) {
    this.#world = world;
  }

  isOrphan(resource: Resource, depth: number): boolean {
    const known = this.#orphans.get(resource.key);
    if (known !== undefined) return known;
    const owners = depth < MAX_CHAIN ? ownersOf(resource) : [];
    if (owners.length === 0) return false;
    this.#orphans.set(resource.key, false);
    const isGone = (owner: OwnerReference) =>
      ['missing', 'leaving'].includes(this.stateOf(resource, owner, depth));
    const isOrphaned = owners.every(isGone);
    this.#orphans.set(resource.key, isOrphaned);
    return isOrphaned;
  }

  stateOf(resource: Resource, { kind, name, uid }: OwnerReference, depth: number): OwnerState {
    if (kind === undefined || !KINDS_WITH_UID.has(kind)) return 'unknown';
    const world = this.#world;
    const namespace = isClusterScoped(kind) ? undefined : resource.ref.namespace;
    const presence = world.presence(kind, namespace, name);
    if (presence !== 'yes') return presence === 'no' ? 'missing' : 'unknown';
    const owner = world.get(kind, namespace, name);
    const found = at(owner?.json, ['metadata', 'uid']);
    if (owner === undefined || found === undefined) return 'unknown';
    if (found !== uid) return 'missing';
    return isBeingDeleted(owner) || this.isOrphan(owner, depth + 1) ? 'leaving' : 'present';
  }
}
