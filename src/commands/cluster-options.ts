import { resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { Arguments } from './command.ts';

/** Which live cluster, as the flags of `cluster-flags.ts` name it. */
export interface ClusterOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** The flags of `cluster-flags.ts`, understood; a relative path is one of the working directory `cwd`. Throws a UsageError for an empty one. */
export function clusterOptions(args: Arguments, cwd: string): ClusterOptions {
  const kubeconfig = args.get('kubeconfig');
  const context = args.get('context');
  if (kubeconfig === '') throw new UsageError('--kubeconfig needs the name of a file');
  if (context === '') throw new UsageError('--context needs the name of a context');
  return { kubeconfig: kubeconfig === undefined ? undefined : resolve(cwd, kubeconfig), context };
}

/** The same, for a verb that asks a cluster only where it is told to: undefined where no flag names one. */
export function clusterIfAsked(args: Arguments, cwd: string): ClusterOptions | undefined {
  return args.has('kubeconfig') || args.has('context') ? clusterOptions(args, cwd) : undefined;
}
