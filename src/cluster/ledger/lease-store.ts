import { asString, at, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { type Api, statusOf } from '../api.ts';
import { decodeLedger, encodeLedger } from './codec.ts';
import type { LedgerContent, LedgerState, LedgerStore, WriteResult } from './types.ts';

export const LEDGER_ANNOTATION = 'iomesh-guard.io/ledger';

/** Nothing was removed from a ledger that no replica has written to. */
const UNTOUCHED: LedgerContent = { entries: [], progress: { applied: [], forgotten: {} } };

export interface LeaseStoreOptions {
  readonly api: Api;
  readonly namespace: string;
  readonly name: string;
  /** The writer, as shown by `kubectl get lease`: the name of the pod. */
  readonly holder: string;
}

/**
 * Stores the ledger in an annotation of a Lease. Not in a ConfigMap, because many clients watch ConfigMaps,
 * this webhook among them, and would receive each write.
 */
export class LeaseStore implements LedgerStore {
  readonly #options: LeaseStoreOptions;
  readonly #collection: string;
  /** The Lease as last read. Fields of other writers are kept. */
  #last: { readonly version: string; readonly lease: JsonObject } | undefined;

  constructor(options: LeaseStoreOptions) {
    this.#options = options;
    this.#collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(options.namespace)}/leases`;
  }

  async read(signal: AbortSignal): Promise<LedgerState> {
    const { state, lease } = await this.#get(signal);
    this.#last =
      lease === undefined || state.version === undefined ? undefined : { version: state.version, lease };
    return state;
  }

  async peek(signal: AbortSignal): Promise<LedgerState> {
    return (await this.#get(signal)).state;
  }

  async #get(signal: AbortSignal): Promise<{ state: LedgerState; lease?: JsonObject }> {
    const { api, name } = this.#options;
    let lease: JsonObject;
    try {
      // Without resourceVersion the read is consistent, not from a cache:
      // https://kubernetes.io/docs/reference/using-api/api-concepts/#the-resourceversion-parameter
      lease = await api.request('GET', `${this.#collection}/${encodeURIComponent(name)}`, { signal });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      return { state: { version: undefined, identity: undefined, entries: undefined, untouched: false } };
    }
    const version = asString(at(lease, ['metadata', 'resourceVersion']));
    if (version === undefined)
      throw new Error(`Lease ${this.#options.namespace}/${name} has no resourceVersion`);
    const text = at(lease, ['metadata', 'annotations', LEDGER_ANNOTATION]);
    const content: LedgerContent | undefined =
      text === undefined ? UNTOUCHED : decodeLedger(asString(text) ?? '');
    const state: LedgerState = {
      version,
      identity: asString(at(lease, ['metadata', 'uid'])),
      entries: content?.entries,
      lockRequest: content?.lockRequest,
      progress: content?.progress,
      untouched: text === undefined,
    };
    return { state, lease };
  }

  async write(
    content: LedgerContent,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<{ result: WriteResult; version?: string }> {
    const text = encodeLedger(content);
    if (text === undefined) return { result: 'full' };
    const last = this.#last;
    if (last?.version !== version) return { result: 'conflict' };
    const { api, name } = this.#options;
    try {
      const written =
        last === undefined
          ? await api.request('POST', this.#collection, { body: this.#lease(undefined, text), signal })
          : await api.request('PUT', `${this.#collection}/${encodeURIComponent(name)}`, {
              body: this.#lease(last.lease, text),
              signal,
            });
      const next = asString(at(written, ['metadata', 'resourceVersion']));
      return { result: 'ok', ...(next === undefined ? {} : { version: next }) };
    } catch (error) {
      const status = statusOf(error);
      // 409: another replica wrote, created or deleted it. 404: it was deleted.
      if (status === 409 || (status === 404 && last !== undefined)) return { result: 'conflict' };
      throw error;
    }
  }

  /** Includes uid and resourceVersion: a PUT onto a deleted Lease must not create a new one. */
  #lease(last: JsonObject | undefined, text: string): JsonObject {
    const { namespace, name, holder } = this.#options;
    const metadata = own(last, 'metadata');
    const annotations = own(metadata, 'annotations');
    return {
      ...(last ?? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }),
      metadata: {
        ...(last === undefined ? { namespace, name } : members(metadata)),
        annotations: { ...members(annotations), [LEDGER_ANNOTATION]: text },
      },
      spec: { ...members(own(last, 'spec')), holderIdentity: holder.slice(0, 253) },
    };
  }
}

function members(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
