import type { Change, Resource } from '../../core/base/model.ts';
import type { World } from '../../core/world.ts';
import type { LedgerEntry } from './entry.ts';

/** The version at which a pending change was seen stored, or seen impossible to store, before it was removed. */
export interface AppliedVersion {
  /** {@link Resource.key} of the object. */
  readonly key: string;
  readonly uid?: string | undefined;
  /** The object has this version, a later one, or is deleted. */
  readonly resourceVersion: string;
}

/** How far the changes have come that are no longer in the ledger. */
export interface LedgerProgress {
  /** The latest of them. */
  readonly applied: readonly AppliedVersion[];
  /** By kind: a version that none of the others exceeds. */
  readonly forgotten: Readonly<Record<string, string>>;
}

/** The content of a ledger. */
export interface LedgerContent {
  readonly entries: readonly LedgerEntry[];
  /** The lock request of a replica, if there is one. With it the writer asks the others to pause until its next write. */
  readonly lockRequest?: string | undefined;
  /** Undefined if the last writer did not record it. */
  readonly progress?: LedgerProgress | undefined;
}

/** A ledger from which nothing was removed, because nothing was ever in it. */
export const EMPTY_LEDGER: LedgerContent = { entries: [], progress: { applied: [], forgotten: {} } };

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
  readonly lockRequest?: LedgerContent['lockRequest'];
  readonly progress?: LedgerContent['progress'];
}

/** `conflict`: the ledger is no longer the one that was read. `full`: the entries do not fit. */
export type WriteResult = 'ok' | 'conflict' | 'full';

/** Stores the ledger. Both methods reject if the result is unknown; a rejected write may have been applied. */
export interface LedgerStore {
  read(signal: AbortSignal): Promise<LedgerState>;
  /** The same for a caller that does not write. It can be the ledger that this replica is writing, once it is stored. */
  peek?(signal: AbortSignal): Promise<LedgerState>;
  /** The ledger as it was last read or written, if that was a moment ago. A write names its version. */
  latest?(): LedgerState | undefined;
  /** Replaces the content if the ledger still has that version (undefined: still does not exist). */
  write(
    content: LedgerContent,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly result: WriteResult; readonly version?: string }>;
}

/** What a cached world must have. */
export interface CacheNeeds {
  readonly shown: readonly AppliedVersion[];
  /** By kind: the world has everything that was stored up to this version. */
  readonly listed: Readonly<Record<string, string>>;
}

/**
 * Why a cached world cannot be used. `unproven`: no list has shown lately that the watches lack nothing.
 * `behind`: they do not show what the ledger says was stored.
 */
export type CacheGap = 'unproven' | 'behind';

/** Reads the cluster. */
export interface WorldReader {
  /** These changes are evaluated in the next worlds, which must have what the changes name. */
  use?(changes: readonly Change[]): void;
  /**
   * A world with everything that was stored before the call, as a list without resourceVersion returns it.
   * Its objects have `metadata.uid` and `metadata.resourceVersion`.
   */
  consistent(signal: AbortSignal): Promise<World>;
  /** By kind: a version that nothing read so far exceeds. Kinds that are not installed are missing. */
  reachedVersions?(): Readonly<Record<string, string>>;
  /** The world as the watches show it, if it has what is needed; waits some milliseconds for it. */
  cached?(needs: CacheNeeds): Promise<World | CacheGap>;
  /** True if these objects have these versions now, as etcd confirms. */
  areCurrent?(objects: readonly AppliedVersion[], signal: AbortSignal): Promise<boolean>;
  /** The versions of the cluster went back, as after a restore of etcd: the next read must be a list. */
  distrust?(): void;
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
