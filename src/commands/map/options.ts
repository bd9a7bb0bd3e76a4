import { UsageError } from '../../usage-error.ts';
import { type ClusterOptions, clusterIfAsked } from '../cluster-options.ts';
import type { Arguments } from '../command.ts';

export type MapFormat = 'text' | 'svg' | 'html' | 'json';

export interface MapOptions {
  /** What to read; `cluster` is undefined where it is files. */
  readonly paths: readonly string[];
  readonly cluster: ClusterOptions | undefined;
  readonly config: string | undefined;
  readonly format: MapFormat;
  /** Undefined for standard output. */
  readonly output: string | undefined;
  readonly allowEmpty: boolean;
}

/** The flags of `map`, understood. Throws a UsageError where they make no sense together. */
export function mapOptions(args: Arguments, cwd: string): MapOptions {
  const cluster = clusterIfAsked(args, cwd);
  if (cluster !== undefined && args.positionals.length > 0)
    throw new UsageError(
      `a map is of files or of a live cluster, not of both: ${JSON.stringify(args.positionals[0])} beside --context or --kubeconfig`,
      'leave one of them out; iomesh-guard lint --context judges files as a change of a live cluster',
    );
  for (const name of ['format', 'output'])
    if (args.flags.filter((flag) => flag.name === name).length > 1)
      throw new UsageError(`--${name} is given twice`, 'one map a run: run map once for each format');
  const output = args.get('output');
  if (output === '') throw new UsageError('--output needs the name of a file');
  return {
    paths: args.positionals.length > 0 ? args.positionals : ['.'],
    cluster,
    config: args.get('config'),
    format: (args.get('format') ?? 'text') as MapFormat,
    output: output === '-' ? undefined : output,
    allowEmpty: args.has('allow-empty'),
  };
}
