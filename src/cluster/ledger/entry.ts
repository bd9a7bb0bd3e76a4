/**
 * An entry of the ledger: a change that was allowed and that an apiserver may be about to store.
 *
 * An apiserver stores a change only if the object still is what the validating webhook was shown as
 * `oldObject`: it compares resource versions, and asks again where they differ. So an entry for an
 * update or a deletion is settled as soon as the object is seen at another version, and one for a
 * creation as soon as the object it made is seen.
 */
import { CONNECTION_KEYS } from '../../core/iomesh/connection.ts';
import { asString, at, isArray, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { type Change, type Resource, toResource } from '../../core/base/model.ts';
import { essence } from '../../admission/ledger-view.ts';
import type { World } from '../../core/world.ts';

export interface Entry {
  readonly id: string;
  /**
   * `unknown`: what was allowed before cannot be known, because a ledger was lost; nothing is allowed
   * beside it.
   */
  readonly operation: 'create' | 'update' | 'delete' | 'unknown';
  /** {@link Resource.key} of the object; empty for `unknown`. */
  readonly key: string;
  /** Of the object that is made, changed or deleted. */
  readonly uid?: string | undefined;
  /** Of the object that is changed or deleted. */
  readonly resourceVersion?: string | undefined;
  /** True where the world held that object: then its absence later says that it is gone. */
  readonly seen?: boolean | undefined;
  /** What the object will be, as far as judging others needs it; absent for a deletion. */
  readonly object?: JsonObject | undefined;
}

/** The entry for a change that was allowed against a world. */
export function entryOf(id: string, { before, after }: Change, world: World): Entry {
  const key = (after ?? before)?.key ?? '';
  const object = after === undefined ? {} : { object: essence(after) };
  if (before === undefined) return { id, operation: 'create', key, ...text('uid', uidOf(after)), ...object };
  return {
    id,
    operation: after === undefined ? 'delete' : 'update',
    key,
    ...text('uid', uidOf(before)),
    ...text('resourceVersion', versionOf(before)),
    seen: world.getByKey(key) !== undefined,
    ...object,
  };
}

/**
 * True where the world shows that the change is stored, or that no apiserver can store it any more. The
 * world must have been read after the entry was.
 */
export function isSettled(entry: Entry, world: World): boolean {
  if (entry.operation === 'unknown') return false;
  const stored = world.getByKey(entry.key);
  if (entry.operation === 'create')
    return stored !== undefined && entry.uid !== undefined && uidOf(stored) === entry.uid;
  // The world does not keep every object: only what it once showed is known to be gone.
  if (stored === undefined) return entry.seen === true;
  const version = isFollowed(stored) ? versionOf(stored) : undefined;
  return version !== undefined && entry.resourceVersion !== undefined && version !== entry.resourceVersion;
}

/** A world need not keep up with the versions of ConfigMaps that are none of ours. */
function isFollowed({ kind, json }: Resource): boolean {
  return kind !== 'ConfigMap' || CONNECTION_KEYS.some((key) => at(json, ['data', key]) !== undefined);
}

/** What the object of an entry may become, given what is stored; undefined: gone. */
export function outcomesOf(entry: Entry, stored: Resource | undefined): readonly (Resource | undefined)[] {
  if (entry.object !== undefined) {
    const resource = toResource(entry.object);
    return resource === undefined ? [] : [resource];
  }
  if (entry.operation !== 'delete' || stored === undefined) return [];
  // With finalizers, which the deletion itself may add, the object first stays on as a terminating one.
  const metadata = own(stored.json, 'metadata');
  const terminating = {
    ...stored.json,
    metadata: { ...(isObject(metadata) ? metadata : {}), deletionTimestamp: '1970-01-01T00:00:00Z' },
  };
  return [toResource(terminating), undefined];
}

/** Reads entries that some replica wrote; undefined where they are not what a replica writes. */
export function parseEntries(value: Json): readonly Entry[] | undefined {
  if (!isArray(value)) return undefined;
  const entries: Entry[] = [];
  for (const each of value) {
    const [id, operation, key] = ['id', 'operation', 'key'].map((name) => asString(own(each, name)));
    if (id === undefined || id === '' || key === undefined || !isOperation(operation)) return undefined;
    const object = own(each, 'object');
    const complete = operation === 'create' || operation === 'update';
    if (complete !== isObject(object)) return undefined;
    if (isObject(object) && toResource(object)?.key !== key) return undefined;
    entries.push({
      id,
      operation,
      key,
      ...text('uid', asString(own(each, 'uid'))),
      ...text('resourceVersion', asString(own(each, 'resourceVersion'))),
      ...(own(each, 'seen') === true ? { seen: true } : {}),
      ...(isObject(object) ? { object } : {}),
    });
  }
  return entries;
}

function isOperation(value: string | undefined): value is Entry['operation'] {
  return value === 'create' || value === 'update' || value === 'delete' || value === 'unknown';
}

function uidOf(resource: Resource | undefined): string | undefined {
  return asString(at(resource?.json, ['metadata', 'uid']));
}

function versionOf(resource: Resource): string | undefined {
  return asString(at(resource.json, ['metadata', 'resourceVersion']));
}

function text<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
