import { type ClusterOptions, clusterIfAsked } from '../cluster-options.ts';
import type { Arguments } from '../command.ts';
import { type FindingsOptions, findingsOptions } from '../findings/options.ts';

export interface LintOptions extends FindingsOptions {
  readonly paths: readonly string[];
  /** The cluster to judge against; undefined where the files are the whole world. */
  readonly cluster: ClusterOptions | undefined;
}

/** The flags of `lint`, understood. Throws a UsageError where they make no sense together. */
export function lintOptions(args: Arguments, cwd: string): LintOptions {
  return {
    ...findingsOptions(args),
    paths: args.positionals.length > 0 ? args.positionals : ['.'],
    cluster: clusterIfAsked(args, cwd),
  };
}
