import { isObject, type Json, type JsonObject, own, at } from '../core/base/json.ts';
import type { Change, Resource } from '../core/base/model.ts';
import { MAX_WAIVE_LENGTH, WAIVE_ANNOTATION } from '../core/base/waivers.ts';
import { CONNECTION_KEYS } from '../core/iomesh/connection.ts';

/** True if a change alters a field that the rules read. */
export function changesLedgerView({ before, after }: Change): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return stableJson(ledgerView(before)) !== stableJson(ledgerView(after));
}

const METADATA = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const;

/**
 * The part of an object that is recorded in the ledger: the fields that are needed to evaluate other
 * objects. Without status, managed fields, labels and annotations other than a waiver; of a ConfigMap only
 * the keys of a connection. Users who may write ConfigMaps must not be able to fill the ledger.
 */
export function ledgerView({ json, ref }: Resource): JsonObject {
  const { status: _status, metadata: _metadata, binaryData: _binary, data, ...rest } = json;
  const metadata = own(json, 'metadata');
  const waiver = at(metadata, ['annotations', WAIVE_ANNOTATION]);
  const hasWaiver = typeof waiver === 'string' && waiver.length <= MAX_WAIVE_LENGTH;
  return {
    ...rest,
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      ...pick(metadata, METADATA),
      name: ref.name,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      ...(hasWaiver ? { annotations: { [WAIVE_ANNOTATION]: waiver } } : {}),
    },
    ...(data === undefined ? {} : { data: isObject(data) ? pick(data, CONNECTION_KEYS) : data }),
  };
}

/** JSON text that is equal for equal values, including integers beyond 2^53. */
export function stableJson(value: Json): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
}

function pick(value: Json | undefined, keys: readonly string[]): JsonObject {
  const found = keys.flatMap((key) => {
    const each = own(value, key);
    return each === undefined ? [] : [[key, each] as const];
  });
  return Object.fromEntries(found);
}
