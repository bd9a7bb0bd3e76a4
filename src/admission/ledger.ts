import type { Change } from '../core/base/model.ts';
import type { World } from '../core/world.ts';

/** A change to decide on. */
export interface LedgerRequest<T> {
  readonly change: Change;
  /** Nothing will be stored, so nothing is written. */
  readonly dryRun: boolean;
  /** Judges the change against one world. Must depend on nothing else. */
  judge(world: World): { readonly allowed: boolean; readonly answer: T };
  /** A denial that holds only against a change under way, as it is told where that does not get stored in time. */
  underWay?(answer: T): T;
}

/** The changes that were admitted and are not yet stored, as all replicas share them. */
export interface Ledger {
  /**
   * Decides on a change: gives what `judge` answered, once an allowed change is recorded. Rejects with
   * WorldUnreadable if that cannot be known within `timeoutMs`, or when the signal fires.
   */
  decide<T>(request: LedgerRequest<T>, timeoutMs: number, signal: AbortSignal): Promise<T>;
}
