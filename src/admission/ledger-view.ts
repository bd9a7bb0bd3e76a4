import { exactText, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import type { Change, Resource } from '../core/base/model.ts';
import { WAIVE_ANNOTATION, waiversOf } from '../core/base/waivers.ts';
import { waivedRule } from '../core/judge/waivable.ts';
import { CONNECTION_KEYS } from '../core/iomesh/connection.ts';

/** True if a change alters a field that the rules read. */
export function changesLedgerView({ before, after }: Change): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return exactText(ledgerView(before)) !== exactText(ledgerView(after));
}

const METADATA = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const;

/**
 * The part of an object that is recorded in the ledger: the fields that are needed to evaluate other
 * objects. Without status, managed fields, labels and annotations other than a waiver, of which the reasons are
 * left out; of a ConfigMap only the keys of a connection. Users who may write ConfigMaps must not be able to
 * fill the ledger.
 */
export function ledgerView(resource: Resource): JsonObject {
  const { json, ref } = resource;
  const { status: _status, metadata: _metadata, binaryData: _binary, data, ...rest } = json;
  const metadata = own(json, 'metadata');
  const waiver = waiverView(resource);
  return {
    ...rest,
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      ...pick(metadata, METADATA),
      name: ref.name,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      ...(waiver === '' ? {} : { annotations: { [WAIVE_ANNOTATION]: waiver } }),
    },
    ...(data === undefined ? {} : { data: isObject(data) ? pick(data, CONNECTION_KEYS) : data }),
  };
}

/** The waivers of an object, each as the code of its rule and the date; the reason is only there or not. */
function waiverView(resource: Resource): string {
  const waivers = waiversOf(resource).flatMap((waiver) => {
    const code = waivedRule(waiver)?.code;
    if (code === undefined) return [];
    const until = waiver.badDate === undefined ? waiver.until : 'invalid';
    return [`${code}=${waiver.reason === '' ? '' : 'given'}${until === undefined ? '' : `;until=${until}`}`];
  });
  return [...new Set(waivers)].join(';');
}

function pick(value: Json | undefined, keys: readonly string[]): JsonObject {
  const found = keys.flatMap((key) => {
    const each = own(value, key);
    return each === undefined ? [] : [[key, each] as const];
  });
  return Object.fromEntries(found);
}
