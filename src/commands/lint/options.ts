import { type ClusterOptions, clusterIfAsked } from '../cluster-options.ts';
import type { Arguments } from '../command.ts';
import { type FindingsOptions, findingsOptions } from '../findings/options.ts';
import { type FixOptions, fixOptions } from './fix-flags.ts';
import { type GivenValues, givenValues } from './helm-flags.ts';

export interface LintOptions extends FindingsOptions {
  readonly paths: readonly string[];
  readonly values: readonly GivenValues[];
  readonly fixes: FixOptions;
  /** The cluster to judge against; undefined where the files are the whole world. */
  readonly cluster: ClusterOptions | undefined;
}

/** The flags of `lint`, understood. Throws a UsageError where they make no sense together. */
export function lintOptions(args: Arguments, cwd: string): LintOptions {
  const values = givenValues(args, cwd);
  return {
    ...findingsOptions(args),
    paths: args.positionals.length > 0 || values.length > 0 ? args.positionals : ['.'],
    values,
    fixes: fixOptions(args),
    cluster: clusterIfAsked(args, cwd),
  };
}
