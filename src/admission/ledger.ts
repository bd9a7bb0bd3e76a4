import type { Change, Resource } from '../core/base/model.ts';
import type { World } from '../core/world.ts';

/** A change to evaluate. */
export interface Evaluation<T> {
  readonly change: Change;
  /** Evaluates the change in one world. The result must depend on nothing else. */
  evaluate(world: World): {
    readonly allowed: boolean;
    readonly answer: T;
    /** True if the answer of {@link Ledger.evaluate} has warnings, which a list must confirm. */
    readonly warned?: boolean;
    /** The other objects that a denial rests on; undefined if it may rest on what does not exist. */
    readonly restsOn?: readonly Resource[] | undefined;
  };
}

/** A change to decide on. */
export interface LedgerRequest<T> extends Evaluation<T> {
  /** The name of the user who makes the change. */
  readonly user: string;
  /** Nothing is stored, so the ledger records nothing. */
  readonly dryRun: boolean;
  /** Adds to a denial that it depends on a pending change, which is stored or expires in `seconds`. */
  noteUndecided?(denial: T, seconds: number): T;
  /** Adds to an answer what is different without the pending changes, as the `others` show. */
  notePending?(answer: T, others: readonly T[], seconds: number): T;
}

/** The changes that were admitted and are not yet stored, shared by all replicas. */
export interface Ledger {
  /**
   * Decides on a change. Returns the answer of `evaluate` after an allowed change is recorded. Rejects
   * with WorldUnreadable if there is no decision within `timeoutMs` or before the signal aborts.
   */
  decide<T>(request: LedgerRequest<T>, timeoutMs: number, signal: AbortSignal): Promise<T>;
  /**
   * Evaluates a change without a decision, in a world with everything that was stored before the call. Rejects with
   * WorldUnreadable if it cannot be read before the signal aborts.
   */
  evaluate<T>(request: Evaluation<T>, signal: AbortSignal): Promise<T>;
}
