import { asString, at, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { type Api, statusOf } from '../api.ts';
import { decode, encode } from './codec.ts';
import type { Entry } from './entry.ts';
import type { LedgerState, LedgerStore, WriteResult } from './types.ts';

export const LEDGER_ANNOTATION = 'iomesh-guard.io/ledger';

export interface LeaseStoreOptions {
  readonly api: Api;
  readonly namespace: string;
  readonly name: string;
  /** Who writes, for people who look at the Lease; a pod's name. */
  readonly holder: string;
}

/**
 * The ledger in an annotation of a Lease. Not in a ConfigMap: those are listed and watched by many, us
 * among them, and each write would be sent to all of them.
 */
export class LeaseStore implements LedgerStore {
  readonly #options: LeaseStoreOptions;
  readonly #collection: string;
  /** The Lease as last read: what others put there is written back as it was. */
  #last: { readonly version: string; readonly lease: JsonObject } | undefined;

  constructor(options: LeaseStoreOptions) {
    this.#options = options;
    this.#collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(options.namespace)}/leases`;
  }

  async read(signal: AbortSignal): Promise<LedgerState> {
    const { api, name } = this.#options;
    let lease: JsonObject;
    try {
      // Without resourceVersion the answer is what is stored now, not what a cache holds.
      lease = await api.request('GET', `${this.#collection}/${encodeURIComponent(name)}`, { signal });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      this.#last = undefined;
      return { version: undefined, identity: undefined, entries: undefined, untouched: false };
    }
    const version = asString(at(lease, ['metadata', 'resourceVersion']));
    if (version === undefined)
      throw new Error(`Lease ${this.#options.namespace}/${name} has no resourceVersion`);
    this.#last = { version, lease };
    const text = at(lease, ['metadata', 'annotations', LEDGER_ANNOTATION]);
    const content = text === undefined ? { entries: [] } : decode(asString(text) ?? '');
    return {
      version,
      identity: asString(at(lease, ['metadata', 'uid'])),
      entries: content?.entries,
      turn: content?.turn,
      untouched: text === undefined,
    };
  }

  async write(
    entries: readonly Entry[],
    version: string | undefined,
    signal: AbortSignal,
    turn?: string,
  ): Promise<{ result: WriteResult; version?: string }> {
    const text = encode({ entries, turn });
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
      // 409: another wrote, or made it, or took it away. 404: it is gone.
      if (status === 409 || (status === 404 && last !== undefined)) return { result: 'conflict' };
      throw error;
    }
  }

  /** The uid goes along with the resourceVersion: a PUT onto a Lease that is gone must not make a new one. */
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
