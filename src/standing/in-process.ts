import type { Api } from '../cluster/api.ts';
import type { Config } from '../core/base/config.ts';
import { evaluatePass } from './evaluate-pass.ts';
import type { StandingSource } from './standing-audit.ts';
import { readWatched, type WatchedWorld } from './watched-objects.ts';

/** Evaluates in the calling thread, for a process that has no other work meanwhile. */
export function evaluateInProcess(api: Api, world: WatchedWorld, config: Config): StandingSource {
  return {
    world,
    async evaluate(today, signal) {
      return await evaluatePass(api, { ...(await readWatched(world, signal)), config, today }, signal);
    },
    close: () => undefined,
  };
}
