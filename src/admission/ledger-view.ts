import { CONNECTION_KEYS } from '../core/iomesh/connection.ts';
import { at, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import type { Change, Resource } from '../core/base/model.ts';
import { MAX_WAIVE_LENGTH, WAIVE_ANNOTATION } from '../core/base/waivers.ts';

/** True where a change alters something that judging any object looks at. */
export function matters({ before, after }: Change): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return stable(essence(before)) !== stable(essence(after));
}

const METADATA = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const;

/**
 * What judging other objects needs of an object: no status, no managed fields, no labels, no annotation
 * but a waiver, and of a ConfigMap only the keys of a connection. Whoever may write a ConfigMap must not be
 * able to fill the ledger with it.
 */
export function essence({ json, ref }: Resource): JsonObject {
  const { status: _status, metadata: _metadata, binaryData: _binary, data, ...rest } = json;
  const metadata = own(json, 'metadata');
  const waiver = at(metadata, ['annotations', WAIVE_ANNOTATION]);
  const waives = typeof waiver === 'string' && waiver.length <= MAX_WAIVE_LENGTH;
  return {
    ...rest,
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      ...pick(metadata, METADATA),
      name: ref.name,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      ...(waives ? { annotations: { [WAIVE_ANNOTATION]: waiver } } : {}),
    },
    ...(data === undefined ? {} : { data: isObject(data) ? pick(data, CONNECTION_KEYS) : data }),
  };
}

/** JSON text that is the same for the same value; numbers beyond 2^53 included. */
export function stable(value: Json): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
}

function pick(value: Json | undefined, keys: readonly string[]): JsonObject {
  const found = keys.flatMap((key) => {
    const each = own(value, key);
    return each === undefined ? [] : [[key, each] as const];
  });
  return Object.fromEntries(found);
}
