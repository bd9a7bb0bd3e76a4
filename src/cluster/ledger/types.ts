import type { World } from '../../core/world.ts';
import type { Entry } from './entry.ts';

/** The ledger as it was read. */
export interface LedgerState {
  /** What a write must name so that nothing written since is lost; undefined: there is no ledger. */
  readonly version: string | undefined;
  /** Tells one ledger from another that took its place. */
  readonly identity: string | undefined;
  /** Undefined where there is none, or what is there cannot be understood. */
  readonly entries: readonly Entry[] | undefined;
  /** True where nobody ever wrote to it: as it was installed. */
  readonly untouched: boolean;
  /** Whose turn it is, where somebody asked for one; see {@link LedgerStore.write}. */
  readonly turn?: string | undefined;
}

/** How a write ended: `conflict` where the ledger is no longer the one that was read, `full` where it would not fit. */
export type WriteResult = 'ok' | 'conflict' | 'full';

/**
 * Where the ledger is kept. Both reject where the answer is not known; a rejected write may have been
 * made.
 */
export interface LedgerStore {
  read(signal: AbortSignal): Promise<LedgerState>;
  /**
   * Writes all entries at once, if the ledger still has that version (undefined: still is not there). With
   * `turn` the writer asks the others to hold back until its next write.
   */
  write(
    entries: readonly Entry[],
    version: string | undefined,
    signal: AbortSignal,
    turn?: string,
  ): Promise<{ readonly result: WriteResult; readonly version?: string }>;
}

/** Reads the cluster as it is, and not as it was. */
export interface WorldReader {
  /**
   * A world that shows everything stored before the call: what a list without resourceVersion gives. Its
   * objects carry `metadata.uid` and `metadata.resourceVersion`.
   */
  consistent(signal: AbortSignal): Promise<World>;
}

/** Time that only goes forward, in milliseconds; no two processes share it. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}
