import type { Resource } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import type { LedgerEntry } from './entry.ts';

/** The ledger as it was read. */
export interface LedgerState {
  /** The version that a write must name, so that no other write is lost; undefined if there is no ledger. */
  readonly version: string | undefined;
  /** Differs for a ledger that was created again. */
  readonly identity: string | undefined;
  /** Undefined if there is no ledger, or it cannot be decoded. */
  readonly entries: readonly LedgerEntry[] | undefined;
  /** True if no replica has written to it since it was installed. */
  readonly untouched: boolean;
  /** The lock request of a replica, if there is one; see {@link LedgerStore.write}. */
  readonly lockRequest?: string | undefined;
}

/** `conflict`: the ledger is no longer the one that was read. `full`: the entries do not fit. */
export type WriteResult = 'ok' | 'conflict' | 'full';

/** Stores the ledger. Both methods reject if the result is unknown; a rejected write may have been applied. */
export interface LedgerStore {
  read(signal: AbortSignal): Promise<LedgerState>;
  /**
   * Replaces all entries if the ledger still has that version (undefined: still does not exist). With
   * `lockRequest` the writer asks the other replicas to pause until its next write.
   */
  write(
    entries: readonly LedgerEntry[],
    version: string | undefined,
    signal: AbortSignal,
    lockRequest?: string,
  ): Promise<{ readonly result: WriteResult; readonly version?: string }>;
}

/** Reads the cluster consistently. */
export interface WorldReader {
  /**
   * A world with everything that was stored before the call, as a list without resourceVersion returns it.
   * Its objects have `metadata.uid` and `metadata.resourceVersion`.
   */
  consistent(signal: AbortSignal): Promise<World>;
  /**
   * True if an object of this {@link Resource.key} and uid was stored before this call, as a watch has shown
   * it. It may be deleted by now. False if that is unknown.
   */
  hasBeenStored(key: string, uid: string): boolean;
}

/** Monotonic time of one process, in milliseconds. */
export interface LedgerClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}
