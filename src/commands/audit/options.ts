import type { Arguments, Flag } from '../command.ts';
import { findingsFlags, findingsOptions } from '../findings/options.ts';
import type { FindingsOptions } from '../findings/types.ts';
import { type ClusterOptions, clusterFlags, clusterOptions, worldFlag } from '../shared-options.ts';

/** The flags of `audit`. */
export const auditFlags = {
  ...clusterFlags,
  ...findingsFlags,
  ...worldFlag,
  'allow-empty': {
    type: 'boolean',
    description: 'exit with 0 even if the cluster has no IOMesh objects',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The values of the flags of `audit`. */
export interface AuditOptions extends FindingsOptions, ClusterOptions {
  /** The world of the configuration that the cluster is. */
  readonly worldName: string | undefined;
}

/** Reads the flags of `audit`. Throws a UsageError for wrong usage. */
export function auditOptions(args: Arguments, cwd: string): AuditOptions {
  return { ...findingsOptions(args), ...clusterOptions(args, cwd), worldName: args.get('world') };
}
