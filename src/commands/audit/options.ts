import { UsageError } from '../../usage-error.ts';
import { type ClusterOptions, clusterOptions } from '../cluster-options.ts';
import type { Arguments } from '../command.ts';
import { type FindingsOptions, findingsOptions } from '../findings/options.ts';

export interface AuditOptions extends FindingsOptions, ClusterOptions {}

/** The flags of `audit`, understood. Throws a UsageError where they make no sense together. */
export function auditOptions(args: Arguments, cwd: string): AuditOptions {
  if (args.positionals.length > 0)
    throw new UsageError(
      `audit takes no argument ${JSON.stringify(args.positionals[0])}`,
      'it reads a live cluster; iomesh-guard lint reads files',
    );
  return { ...findingsOptions(args), ...clusterOptions(args, cwd) };
}
