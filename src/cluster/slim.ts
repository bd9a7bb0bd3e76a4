import { CONNECTION_KEYS } from '../core/iomesh/connection.ts';
import { asString, at, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Resource, toResource } from '../core/base/model.ts';
import type { LiveKind } from './kinds.ts';

/** One object as it is kept: its version, and what a rule may want to see of it. */
export interface Entry {
  readonly version: string;
  readonly resource: Resource;
  /** False for a ConfigMap that is none of ours: only its name is kept. */
  readonly whole: boolean;
  /** True where only metadata was asked for. */
  readonly partial?: boolean | undefined;
}

/** Decides by `namespace/name` whether a ConfigMap counts as a connection, whatever it holds. */
export type IsNamed = (namespacedName: string) => boolean;

/**
 * An object of an answer or an event as it is kept; undefined for what has no name or no version. What
 * no rule looks at is left out: the bookkeeping of server-side apply, kubectl's copy of the object, and
 * all of a ConfigMap that is no connection.
 */
export function toEntry(kind: LiveKind, json: JsonObject, isNamed: IsNamed): Entry | undefined {
  const metadata = own(json, 'metadata');
  const name = asString(own(metadata, 'name'));
  const version = asString(own(metadata, 'resourceVersion'));
  if (!isObject(metadata) || name === undefined || name === '' || version === undefined) return undefined;
  const namespace = asString(own(metadata, 'namespace'));
  const { apiVersion } = kind;
  const typed = (rest: JsonObject) =>
    toResource({ apiVersion, kind: kind.kind, ...rest }, namespace === undefined ? {} : { namespace });
  if (kind.kind === 'ConfigMap' && !isConnectionLike(json) && !isNamed(`${namespace ?? ''}/${name}`)) {
    const resource = typed({ metadata: picked(metadata, ['name', 'namespace', 'uid', 'resourceVersion']) });
    return resource && { version, resource, whole: false };
  }
  if (kind.metadataOnly) {
    const resource = typed({ metadata: essential(metadata) });
    return resource && { version, resource, whole: true, partial: true };
  }
  const { apiVersion: _, kind: __, ...rest } = json;
  const resource = typed({ ...rest, metadata: lean(metadata) });
  return resource && { version, resource, whole: true };
}

/**
 * True where two states of an object are the same to whoever looks at a world. Nodes and namespaces
 * report all the time without changing; ConfigMaps of others change without being looked at.
 */
export function sameContent(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.version === b.version) return a.whole === b.whole;
  if (a.whole !== b.whole) return false;
  if (!a.whole) return true;
  return a.partial === true && b.partial === true && content(a) === content(b);
}

function content({ resource: { json } }: Entry): string {
  const metadata = own(json, 'metadata');
  return JSON.stringify({ ...(isObject(metadata) ? metadata : {}), resourceVersion: '' });
}

function isConnectionLike(json: JsonObject): boolean {
  const data = own(json, 'data');
  return CONNECTION_KEYS.some((key) => own(data, key) !== undefined);
}

const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

function lean(metadata: JsonObject): JsonObject {
  const { managedFields: _, ...rest } = metadata;
  const annotations = own(rest, 'annotations');
  if (!isObject(annotations) || own(annotations, COPY) === undefined) return rest;
  const { [COPY]: __, ...others } = annotations;
  return { ...rest, annotations: others };
}

/** Nodes report every few seconds; of what they say, only labels and our own annotations matter. */
function essential(metadata: JsonObject): JsonObject {
  const annotations = own(metadata, 'annotations');
  const ours = isObject(annotations)
    ? Object.entries(annotations).filter(([key]) => key.startsWith('iomesh-guard.io/'))
    : [];
  return {
    ...picked(metadata, ['name', 'uid', 'resourceVersion', 'labels', 'deletionTimestamp']),
    ...(ours.length === 0 ? {} : { annotations: Object.fromEntries(ours) }),
  };
}

function picked(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries<Json>(
    keys.flatMap((key): [string, Json][] => {
      const value = own(object, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** The items of a list's answer. */
export function itemsOf(list: JsonObject): readonly JsonObject[] {
  const items = own(list, 'items');
  return Array.isArray(items) ? (items as Json[]).filter(isObject) : [];
}

/** A list's version, and where its next page begins. */
export function listPosition(list: JsonObject): { version: string; next: string | undefined } {
  const next = asString(at(list, ['metadata', 'continue']));
  return {
    version: asString(at(list, ['metadata', 'resourceVersion'])) ?? '',
    next: next === '' ? undefined : next,
  };
}
