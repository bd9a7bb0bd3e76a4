import type { Config } from '../core/base/config.ts';
import type { Resource } from '../core/base/model.ts';
import type { VersionEvidence } from '../core/base/version-evidence.ts';
import { World } from '../core/world.ts';

/** What one audit evaluates. */
export interface AuditInput {
  readonly resources: readonly Resource[];
  /** What the installed definition of IOMeshClusters shows, if it can be read. */
  readonly definition: VersionEvidence | undefined;
  readonly config: Config;
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string;
}

/**
 * The world of an audit, for `audit` and for the standing findings of `serve`. The objects are in the order of the
 * apiserver's lists, whatever the order of the input, so that both have the same findings byte for byte.
 */
export function auditedWorld({ resources, ...rest }: AuditInput): World {
  const named = resources.map((resource) => ({ resource, name: storedName(resource) }));
  named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return World.of({ ...rest, resources: named.map(({ resource }) => resource) });
}

/** etcd sorts by this text. */
function storedName({ ref }: Resource): string {
  return ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
}
