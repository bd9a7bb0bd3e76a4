/** The owners of objects: the garbage collector deletes an object whose owners are gone. */
import { asString, at, isArray, type Json, own } from '../base/json.ts';
import { type Change, isClusterScoped, type Kind, kindOf, type Resource } from '../base/model.ts';
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

/**
 * Whether the owner of an object exists: in the namespace of the object, or cluster-scoped. `unknown` for a
 * kind that is not read.
 */
export function ownerState(
  world: World,
  { ref }: Resource,
  { kind, name, uid }: OwnerReference,
): 'present' | 'missing' | 'unknown' {
  if (kind === undefined || !KINDS_WITH_UID.has(kind)) return 'unknown';
  const namespace = isClusterScoped(kind) ? undefined : ref.namespace;
  const presence = world.presence(kind, namespace, name);
  if (presence !== 'yes') return presence === 'no' ? 'missing' : 'unknown';
  const found = at(world.get(kind, namespace, name)?.json, ['metadata', 'uid']);
  return found === uid ? 'present' : found === undefined ? 'unknown' : 'missing';
}
