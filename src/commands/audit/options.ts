import { resolve } from 'node:path';
import { UsageError } from '../../config/usage-error.ts';
import type { Arguments } from '../command.ts';
import { type FindingsOptions, findingsOptions } from '../findings/options.ts';

export interface AuditOptions extends FindingsOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** The flags of `audit`, understood. Throws a UsageError where they make no sense together. */
export function auditOptions(args: Arguments, cwd: string): AuditOptions {
  if (args.positionals.length > 0)
    throw new UsageError(
      `audit takes no argument ${JSON.stringify(args.positionals[0])}`,
      'it reads a live cluster; iomesh-guard lint reads files',
    );
  const kubeconfig = args.get('kubeconfig');
  return {
    ...findingsOptions(args),
    kubeconfig: kubeconfig === undefined ? undefined : resolve(cwd, kubeconfig),
    context: args.get('context'),
  };
}
