import { CONNECTION_KEYS, isNamedLikeConnection, MAX_CONNECTION_KEYS } from '../core/iomesh/connection.ts';
import { CLASS_REFERENCES } from '../core/iomesh/storage-class.ts';
import { asString, at, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Resource, toResource } from '../core/base/model.ts';
import type { LiveKind } from './kinds.ts';

/** An object of the cluster: its version and the fields that rules read. */
export interface CachedObject {
  readonly version: string;
  readonly resource: Resource;
  /** False for a ConfigMap that is not a connection: only its name is kept, and no world has it. */
  readonly whole: boolean;
  /** True if only the metadata was requested. */
  readonly partial?: boolean | undefined;
}

/** True if a StorageClass, or a change under review, names the ConfigMap `namespace/name`: it is kept whatever its content. */
export type IsNamed = (namespacedName: string) => boolean;

/**
 * An object of a list or an event, without the fields that no rule reads: the managed fields, kubectl's
 * copy of the object, and what is long in a ConfigMap. Of one that is not a connection only the name is kept. Undefined if the object has
 * no name or no version.
 */
export function toCachedObject(kind: LiveKind, json: JsonObject, isNamed: IsNamed): CachedObject | undefined {
  const metadata = own(json, 'metadata');
  const name = asString(own(metadata, 'name'));
  const version = asString(own(metadata, 'resourceVersion'));
  if (!isObject(metadata) || name === undefined || name === '' || version === undefined) return undefined;
  const namespace = asString(own(metadata, 'namespace'));
  const { apiVersion } = kind;
  const typed = (rest: JsonObject) =>
    toResource({ apiVersion, kind: kind.kind, ...rest }, namespace === undefined ? {} : { namespace });
  if (
    kind.kind === 'ConfigMap' &&
    !looksLikeConnection(name, json) &&
    !isNamed(`${namespace ?? ''}/${name}`)
  ) {
    const resource = typed({ metadata: pick(metadata, ['name', 'namespace', 'uid', 'resourceVersion']) });
    return resource && { version, resource, whole: false };
  }
  if (kind.metadataOnly) {
    const resource = typed({ metadata: readMetadata(metadata) });
    return resource && { version, resource, whole: true, partial: true };
  }
  if (kind.kind === 'PersistentVolume') {
    const resource = typed(readVolume(json, metadata));
    return resource && { version, resource, whole: true };
  }
  if (kind.kind === 'ConfigMap') {
    const resource = typed(readConnection(json, metadata));
    return resource && { version, resource, whole: true };
  }
  const { apiVersion: _, kind: __, ...rest } = json;
  const resource = typed({ ...rest, metadata: withoutManagedFields(metadata) });
  return resource && { version, resource, whole: true };
}

/**
 * True if no rule can see a difference between two states of an object. The status of Nodes changes every
 * few seconds, and ConfigMaps that are not connections change too.
 */
export function hasSameContent(a: CachedObject | undefined, b: CachedObject | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  // The apiserver converts an object to each version that it serves, under the same resourceVersion.
  if (a.resource.ref.apiVersion !== b.resource.ref.apiVersion) return false;
  if (a.version === b.version) return a.whole === b.whole;
  if (a.whole !== b.whole) return false;
  if (!a.whole) return true;
  return a.partial === true && b.partial === true && content(a) === content(b);
}

function content({ resource: { json } }: CachedObject): string {
  const metadata = own(json, 'metadata');
  return JSON.stringify({ ...(isObject(metadata) ? metadata : {}), resourceVersion: '' });
}

/** True for a ConfigMap that can be a connection by its name or a key of it. */
export function looksLikeConnection(name: string, json: JsonObject): boolean {
  const data = own(json, 'data');
  return isNamedLikeConnection(name) || CONNECTION_KEYS.some((key) => own(data, key) !== undefined);
}

const OWN_ANNOTATIONS = 'iomesh-guard.io/';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function withoutManagedFields(metadata: JsonObject): JsonObject {
  const { managedFields: _, ...rest } = metadata;
  const annotations = own(rest, 'annotations');
  if (!isObject(annotations) || own(annotations, LAST_APPLIED) === undefined) return rest;
  const { [LAST_APPLIED]: __, ...others } = annotations;
  return { ...rest, annotations: others };
}

/** No valid value of a connection ConfigMap is longer. */
const MAX_VALUE = 4096;

/** The fields that rules read of a connection ConfigMap, whose other keys may hold files of any size. */
function readConnection(json: JsonObject, metadata: JsonObject): JsonObject {
  const annotations = own(metadata, 'annotations');
  const short = isObject(annotations)
    ? Object.entries(annotations).filter(
        ([key, value]) => key.startsWith(OWN_ANNOTATIONS) || !isLong(value ?? null),
      )
    : [];
  const { annotations: _, ...rest } = withoutManagedFields(metadata);
  const [data, binaryData] = [own(json, 'data'), own(json, 'binaryData')];
  return {
    ...pick(json, ['immutable']),
    metadata: short.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(short) },
    ...(isObject(data) ? { data: withShortValues(data) } : {}),
    ...(isObject(binaryData) ? { binaryData: withShortValues(binaryData) } : {}),
  };
}

/** One key more than a ConfigMap can have in which rules search for misspelled ones. */
function withShortValues(data: JsonObject): JsonObject {
  const keys = Object.keys(data);
  const others = keys.filter((key) => !isConnectionKey(key)).slice(0, MAX_CONNECTION_KEYS + 1);
  const kept = [...keys.filter(isConnectionKey), ...others];
  return Object.fromEntries(
    kept.map((key): [string, Json] => {
      const value = own(data, key) ?? null;
      if (!isLong(value)) return [key, value];
      return [key, isConnectionKey(key) ? startOf(value) : ''];
    }),
  );
}

function isConnectionKey(key: string): boolean {
  return CONNECTION_KEYS.some((each) => each === key);
}

function isLong(value: Json): boolean {
  return typeof value === 'string' && value.length > MAX_VALUE;
}

/** A copy: a slice would keep the whole text in memory. */
function startOf(value: Json): string {
  return Buffer.from(String(value).slice(0, MAX_VALUE)).toString();
}

/** The fields that rules read of a PersistentVolume. A cluster can have tens of thousands. */
function readVolume(json: JsonObject, metadata: JsonObject): JsonObject {
  const spec = own(json, 'spec');
  const claim = own(spec, 'claimRef');
  const csi = own(spec, 'csi');
  const attributes = own(csi, 'volumeAttributes');
  return {
    metadata: readMetadata(metadata),
    spec: {
      ...(isObject(spec) ? pick(spec, ['storageClassName']) : {}),
      ...(isObject(claim) ? { claimRef: pick(claim, ['namespace', 'name']) } : {}),
      ...(isObject(csi)
        ? {
            csi: {
              ...pick(csi, ['driver']),
              ...(isObject(attributes) ? { volumeAttributes: pick(attributes, CLASS_REFERENCES) } : {}),
            },
          }
        : {}),
    },
    status: pick(own(json, 'status'), ['phase']),
  };
}

/** The metadata that rules read of Nodes, Namespaces and PersistentVolumes: labels and the annotations of this program. */
function readMetadata(metadata: JsonObject): JsonObject {
  const annotations = own(metadata, 'annotations');
  const ours = isObject(annotations)
    ? Object.entries(annotations).filter(([key]) => key.startsWith(OWN_ANNOTATIONS))
    : [];
  return {
    ...pick(metadata, ['name', 'uid', 'resourceVersion', 'labels', 'deletionTimestamp']),
    ...(ours.length === 0 ? {} : { annotations: Object.fromEntries(ours) }),
  };
}

function pick(object: Json | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries<Json>(
    keys.flatMap((key): [string, Json][] => {
      const value = own(object, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** The items of a list. */
export function itemsOf(list: JsonObject): readonly JsonObject[] {
  const items = own(list, 'items');
  return Array.isArray(items) ? (items as Json[]).filter(isObject) : [];
}

/** The version of a list, and the token of its next page. */
export interface ListPosition {
  readonly version: string;
  readonly next: string | undefined;
}

/** The position of a list in JSON. */
export function listPosition(list: JsonObject): ListPosition {
  const next = asString(at(list, ['metadata', 'continue']));
  return {
    version: asString(at(list, ['metadata', 'resourceVersion'])) ?? '',
    next: next === '' ? undefined : next,
  };
}
