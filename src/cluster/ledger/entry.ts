/**
 * An entry of the ledger: a change that was admitted and that an apiserver may still store.
 *
 * An apiserver stores a change only if the object still has the resourceVersion that the validating webhook
 * got as `oldObject`. Otherwise it calls the webhooks again:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go
 * (Update and Delete, by GuaranteedUpdate). So an update or a deletion is resolved when the object has
 * another version, and a creation when the created object exists.
 */
import { createHash } from 'node:crypto';
import { ledgerView } from '../../admission/ledger-view.ts';
import { asString, at, isArray, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { type Change, type Resource, toResource } from '../../core/base/model.ts';
import { CONNECTION_KEYS } from '../../core/iomesh/connection.ts';
import type { World } from '../../core/world.ts';

/** A change that was admitted and may not be stored yet. */
export interface LedgerEntry {
  readonly id: string;
  /** `unknown`: a ledger was lost with all its entries. No change is admitted until this entry expires. */
  readonly operation: 'create' | 'update' | 'delete' | 'unknown';
  /** {@link Resource.key} of the object; empty for `unknown`. */
  readonly key: string;
  /** The uid of the object that is created, updated or deleted. */
  readonly uid?: string | undefined;
  /** The resourceVersion of the object that is updated or deleted. */
  readonly resourceVersion?: string | undefined;
  /** A hash of the user name, for the shares of the ledger. */
  readonly user?: string | undefined;
  /** The {@link ledgerView} of the new object; undefined for a deletion. */
  readonly object?: JsonObject | undefined;
}

/**
 * An apiserver ends the request of one object after 34 seconds, whatever its --request-timeout. The rest is for etcd, and
 * for processes that pause.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/handlers/rest.go
 * (requestTimeoutUpperBound)
 */
const STORE_MS = 60_000;

/**
 * After this time no apiserver can still store the change of an entry, in milliseconds. A deletion can be one of a
 * collection, which only the --request-timeout ends, and so is kept for the whole `holdMs`.
 */
export function entryHoldMs({ operation }: LedgerEntry, holdMs: number): number {
  return operation === 'create' || operation === 'update' ? Math.min(STORE_MS, holdMs) : holdMs;
}

/** The entry for a change of a user. */
export function ledgerEntryOf(id: string, { before, after }: Change, userName: string): LedgerEntry {
  const key = (after ?? before)?.key ?? '';
  const object = after && ledgerView(after);
  const user = createHash('sha256').update(userName).digest('base64url').slice(0, 12);
  if (before === undefined) return { id, operation: 'create', key, uid: uidOf(after), user, object };
  return {
    id,
    operation: after === undefined ? 'delete' : 'update',
    key,
    uid: uidOf(before),
    resourceVersion: versionOf(before),
    user,
    object,
  };
}

/**
 * True if the world shows that the change is stored, or that an apiserver can no longer store it. The
 * world must have been read after the entry. `wasStored`: the created object was seen before that read, so it
 * is in the world, or deleted.
 */
export function isResolved(entry: LedgerEntry, world: World, wasStored = false): boolean {
  if (entry.operation === 'unknown') return false;
  const stored = world.getByKey(entry.key);
  if (entry.operation === 'create')
    return wasStored || (stored !== undefined && entry.uid !== undefined && uidOf(stored) === entry.uid);
  if (stored === undefined) return true;
  const version = isWatched(stored) ? versionOf(stored) : undefined;
  return version !== undefined && entry.resourceVersion !== undefined && version !== entry.resourceVersion;
}

/** The world may have an old version of a ConfigMap without the keys of a connection. */
function isWatched({ kind, json }: Resource): boolean {
  return kind !== 'ConfigMap' || CONNECTION_KEYS.some((key) => at(json, ['data', key]) !== undefined);
}

/**
 * What the rules derive from a resource is kept with it, so that the requests of a round do not derive it again: a sixth of
 * their evaluation with ten at once (bench/apiserver).
 */
const RESOURCES = new WeakMap<JsonObject, Resource>();

function resourceOf(object: JsonObject): Resource | undefined {
  const known = RESOURCES.get(object);
  if (known !== undefined) return known;
  const resource = toResource(object);
  if (resource !== undefined) RESOURCES.set(object, resource);
  return resource;
}

/** The change of an entry, as far as the entry has it: a deletion has the key only. */
export function changeOfEntry({ key, object }: LedgerEntry): Change {
  const [kind = '', ...rest] = key.split('/');
  const [namespace, name] = rest.length === 1 ? [undefined, rest[0]] : rest;
  const after = object && resourceOf(object);
  if (after !== undefined) return { after };
  const before = toResource({
    apiVersion: 'v1',
    kind,
    metadata: { name: name ?? '', namespace: namespace ?? '' },
  });
  return before === undefined ? {} : { before };
}

/** The states that the change of an entry can lead to, given the stored object; undefined: deleted. */
export function possibleStates(
  entry: LedgerEntry,
  stored: Resource | undefined,
): readonly (Resource | undefined)[] {
  if (entry.object !== undefined) {
    const resource = resourceOf(entry.object);
    return resource === undefined ? [] : [resource];
  }
  if (entry.operation !== 'delete' || stored === undefined) return [];
  // With finalizers, which the deletion itself can add, the object first remains as a terminating one.
  const metadata = own(stored.json, 'metadata');
  const terminating = {
    ...stored.json,
    metadata: { ...(isObject(metadata) ? metadata : {}), deletionTimestamp: '1970-01-01T00:00:00Z' },
  };
  return [toResource(terminating), undefined];
}

/** Parses the entries that a replica wrote; undefined if they are malformed. */
export function parseLedgerEntries(value: Json): readonly LedgerEntry[] | undefined {
  if (!isArray(value)) return undefined;
  const entries: LedgerEntry[] = [];
  for (const each of value) {
    const [id, operation, key] = ['id', 'operation', 'key'].map((name) => asString(own(each, name)));
    if (id === undefined || id === '' || key === undefined || !isOperation(operation)) return undefined;
    const object = own(each, 'object');
    const hasObject = operation === 'create' || operation === 'update';
    if (hasObject !== isObject(object)) return undefined;
    if (isObject(object) && toResource(object)?.key !== key) return undefined;
    entries.push({
      id,
      operation,
      key,
      uid: asString(own(each, 'uid')),
      resourceVersion: asString(own(each, 'resourceVersion')),
      user: asString(own(each, 'user')),
      object: isObject(object) ? object : undefined,
    });
  }
  return entries;
}

function isOperation(value: string | undefined): value is LedgerEntry['operation'] {
  return value === 'create' || value === 'update' || value === 'delete' || value === 'unknown';
}

function uidOf(resource: Resource | undefined): string | undefined {
  return asString(at(resource?.json, ['metadata', 'uid']));
}

function versionOf(resource: Resource): string | undefined {
  return asString(at(resource.json, ['metadata', 'resourceVersion']));
}
