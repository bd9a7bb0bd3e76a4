import { asString, at, isObject, type Json, type JsonObject, own } from '../../core/base/json.ts';
import { type Api, statusOf } from '../api.ts';
import { beforeAbort } from '../../before-abort.ts';
import { decodeLedger, encodeLedger } from './codec.ts';
import type { LedgerEntry } from './entry.ts';
import { versionNumber } from '../resource-version.ts';
import {
  EMPTY_LEDGER,
  type LedgerContent,
  type LedgerState,
  type LedgerStore,
  type WriteResult,
} from './types.ts';

export const LEDGER_ANNOTATION = 'iomesh-guard.io/ledger';

/** The ledger as read by /mutate is used for the write of /validate, which follows within milliseconds. */
const LATEST_MS = 1000;

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
  /** The Lease as last read or written. Fields of other writers are kept. */
  #last: ReadLease | undefined;
  /** The result of the write that is under way: the ledger, or undefined if it is not known what is stored. */
  #writing: Promise<LedgerState | undefined> | undefined;
  /** The entries as last read or written. */
  #entries: readonly LedgerEntry[] = [];

  constructor(options: LeaseStoreOptions) {
    this.#options = options;
    this.#collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(options.namespace)}/leases`;
  }

  async read(signal: AbortSignal): Promise<LedgerState> {
    const read = await this.#get(signal);
    this.#last = read;
    return read.state;
  }

  /**
   * Waits for a write that is under way, in place of a read. With ten changes at once that leaves out nearly all reads,
   * each of which takes the apiserver more than a millisecond of processor time (bench/apiserver.mjs).
   */
  async peek(signal: AbortSignal): Promise<LedgerState> {
    const written = this.#writing && (await beforeAbort(this.#writing, signal, () => signal.reason as Error));
    if (written !== undefined) return written;
    const read = await this.#get(signal);
    // A write may have ended meanwhile.
    if (versionNumber(read.state.version) > versionNumber(this.#last?.state.version)) this.#last = read;
    return read.state;
  }

  latest(): LedgerState | undefined {
    const last = this.#last;
    return last !== undefined && performance.now() - last.since < LATEST_MS ? last.state : undefined;
  }

  async #get(signal: AbortSignal): Promise<ReadLease> {
    const { api, name } = this.#options;
    const since = performance.now();
    let lease: JsonObject;
    try {
      // Without resourceVersion the read is consistent, not from a cache:
      // https://kubernetes.io/docs/reference/using-api/api-concepts/#the-resourceversion-parameter
      lease = await api.request('GET', `${this.#collection}/${encodeURIComponent(name)}`, { signal });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      const state = { version: undefined, identity: undefined, entries: undefined, untouched: false };
      return { state, since };
    }
    const version = asString(at(lease, ['metadata', 'resourceVersion']));
    if (version === undefined)
      throw new Error(`Lease ${this.#options.namespace}/${name} has no resourceVersion`);
    const text = at(lease, ['metadata', 'annotations', LEDGER_ANNOTATION]);
    const content: LedgerContent | undefined =
      text === undefined ? EMPTY_LEDGER : decodeLedger(asString(text) ?? '');
    const entries = content && withKnown(content.entries, this.#entries);
    this.#entries = entries ?? [];
    const state: LedgerState = {
      version,
      identity: asString(at(lease, ['metadata', 'uid'])),
      entries,
      lockRequest: content?.lockRequest,
      progress: content?.progress,
      untouched: text === undefined,
    };
    return { state, lease, since };
  }

  async write(
    content: LedgerContent,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<{ result: WriteResult; version?: string }> {
    const text = encodeLedger(content);
    if (text === undefined) return { result: 'full' };
    const last = this.#last;
    if (last?.state.version !== version) return { result: 'conflict' };
    // Until the answer it is not known what is stored.
    this.#last = undefined;
    const stored = this.#store(content, text, last?.lease, signal);
    this.#writing = stored.catch(() => undefined);
    try {
      const state = await stored;
      return { result: 'ok', ...(state?.version === undefined ? {} : { version: state.version }) };
    } catch (error) {
      const status = statusOf(error);
      // 409: another replica wrote, created or deleted it. 404: it was deleted.
      if (status === 409 || (status === 404 && last?.lease !== undefined)) return { result: 'conflict' };
      throw error;
    } finally {
      this.#writing = undefined;
    }
  }

  /** The ledger as stored; undefined if the answer has no version. */
  async #store(
    content: LedgerContent,
    text: string,
    last: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<LedgerState | undefined> {
    const { api, name } = this.#options;
    const since = performance.now();
    const body = this.#lease(last, text);
    const lease =
      last === undefined
        ? await api.request('POST', this.#collection, { body, signal })
        : await api.request('PUT', `${this.#collection}/${encodeURIComponent(name)}`, { body, signal });
    const version = asString(at(lease, ['metadata', 'resourceVersion']));
    if (version === undefined) return undefined;
    const identity = asString(at(lease, ['metadata', 'uid']));
    const state: LedgerState = { ...content, version, identity, untouched: false };
    this.#entries = content.entries;
    this.#last = { state, lease, since };
    return state;
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

interface ReadLease {
  readonly state: LedgerState;
  /** Undefined if there is none. */
  readonly lease?: JsonObject;
  /** When the request began that read or wrote it. */
  readonly since: number;
}

/** Entries, those that are known as the same objects: what the rules derived from them is kept with them. */
function withKnown(entries: readonly LedgerEntry[], known: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const byId = new Map(known.map((each) => [each.id, each]));
  return entries.map((each) => {
    const same = byId.get(each.id);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(each) ? same : each;
  });
}

function members(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
