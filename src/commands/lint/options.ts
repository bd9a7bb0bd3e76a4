import type { Arguments } from '../command.ts';
import { type FindingsOptions, findingsOptions } from '../findings/options.ts';

export interface LintOptions extends FindingsOptions {
  readonly paths: readonly string[];
}

/** The flags of `lint`, understood. Throws a UsageError where they make no sense together. */
export function lintOptions(args: Arguments): LintOptions {
  return { ...findingsOptions(args), paths: args.positionals.length > 0 ? args.positionals : ['.'] };
}
