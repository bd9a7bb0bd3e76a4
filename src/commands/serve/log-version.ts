import type { Logger } from 'pino';
import type { WorldSource } from '../../admission/world-source.ts';
import type { World } from '../../core/world.ts';
import { versionReason } from '../version-note.ts';

/** The same worlds. Logs the release of IOMesh whose rules apply, and again whenever it changes. */
export function logVersion(source: WorldSource, logger: Logger): WorldSource {
  let logged: string | undefined;
  const log = (world: World): World => {
    const { iomeshVersion } = world;
    if (iomeshVersion === logged) return world;
    logged = iomeshVersion;
    const reason =
      versionReason(world) ?? (world.config.iomeshVersion === 'auto' ? 'no evidence' : 'configuration');
    logger.info({ iomeshVersion, reason }, 'release of IOMesh');
    return world;
  };
  return {
    get ready() {
      return source.ready;
    },
    current(signal) {
      const world = source.current(signal);
      return world instanceof Promise ? world.then(log) : log(world);
    },
    ...(source.volumes === undefined ? {} : { volumes: source.volumes.bind(source) }),
  };
}
