import type { Arguments, Flag } from '../command.ts';
import { findingsFlags, findingsOptions } from '../findings/options.ts';
import type { FindingsOptions } from '../findings/types.ts';
import { UsageError } from '../../usage-error.ts';
import { type ClusterOptions, clusterFlags, clusterOptions, worldFlag } from '../shared-options.ts';

/** The flags of `audit`. */
export const auditFlags = {
  ...clusterFlags,
  ...findingsFlags,
  ...worldFlag,
  format: {
    ...findingsFlags.format,
    choices: [...findingsFlags.format.choices, 'openreports'],
  },
  'allow-empty': {
    type: 'boolean',
    description: 'exit with 0 even if the cluster has no IOMesh objects',
  },
  watch: {
    type: 'boolean',
    short: 'w',
    description:
      'print each finding that appears or is resolved, until interrupted; the exit code is that of the last findings',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** The values of the flags of `audit`. */
export interface AuditOptions extends FindingsOptions, ClusterOptions {
  /** The world of the configuration that the cluster is. */
  readonly worldName: string | undefined;
  readonly watch: boolean;
}

/** The flags that `--watch` cannot be used with. */
const OF_ONE_REPORT = ['format', 'output', 'statistics', 'max-warnings', 'baseline', 'write-baseline'];

/** Reads the flags of `audit`. Throws a UsageError for wrong usage. */
export function auditOptions(args: Arguments, cwd: string): AuditOptions {
  const watch = args.has('watch');
  const other = OF_ONE_REPORT.find((name) => watch && args.has(name));
  if (other !== undefined)
    throw new UsageError(`--watch and --${other} cannot be used together`, 'iomesh-guard audit --watch');
  return { ...findingsOptions(args), ...clusterOptions(args, cwd), watch, worldName: args.get('world') };
}
