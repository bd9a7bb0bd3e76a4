import type { World } from '../core/world.ts';

/** Where an admission gets its world from: a directory of manifests, or the live cluster. */
export interface WorldSource {
  /**
   * The world to judge against. Rejects with {@link WorldUnreadable} where it cannot be read: then
   * nothing is allowed and nothing denied. The signal fires when the apiserver is about to give up.
   */
  current(signal: AbortSignal): World | Promise<World>;
  /** True once there has been a world to judge against. */
  readonly ready: boolean;
}

/** The world cannot be read now, so nothing can be said of a change. */
export class WorldUnreadable extends Error {
  constructor(reason: string) {
    super(`cannot verify: ${reason}`);
    this.name = 'WorldUnreadable';
  }
}
