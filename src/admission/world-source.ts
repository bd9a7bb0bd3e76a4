import type { Change } from '../core/base/model.ts';
import type { SeparateKind, World } from '../core/world.ts';

/** Provides the world for a review: a directory of manifests, or the live cluster. */
export interface WorldSource {
  /**
   * The world to evaluate a change in. Rejects with {@link WorldUnreadable} if it cannot be read: then the
   * change is neither allowed nor denied. The signal aborts shortly before the apiserver's timeout.
   */
  current(signal: AbortSignal): World | Promise<World>;
  /** This change is evaluated in the next worlds, which must have what the change names. */
  use?(changes: readonly Change[]): void;
  /**
   * The PersistentVolumes at a moment after this call, for a deletion that may lose some; `recent`: a few seconds
   * before it, if they are known. Does not reject: if they cannot be read before the signal aborts, the result has the
   * reason. Undefined if the world has them.
   */
  volumes?(signal: AbortSignal, recent: boolean): Promise<SeparateKind>;
  /** True after a world could be read for the first time. */
  readonly ready: boolean;
}

/** The world cannot be read now, so a change can be neither allowed nor denied. */
export class WorldUnreadable extends Error {
  constructor(reason: string) {
    super(`cannot verify: ${reason}`);
    this.name = 'WorldUnreadable';
  }
}
