import { resolve } from 'node:path';
import type { Arguments } from '../command.ts';
import { UsageError } from '../../config/usage-error.ts';

export interface ServeOptions {
  /** The world to judge against: a directory, or the live cluster. */
  readonly world:
    | { readonly folder: string }
    | { readonly kubeconfig: string | undefined; readonly context: string | undefined };
  readonly certDir: string;
  readonly clientCa: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly timeoutMs: number;
  readonly drainMs: number;
  readonly logLevel: string;
  readonly config: string | undefined;
}

/** The flags of `serve`, understood. Throws a UsageError where one is missing or makes no sense. */
export function serveOptions(args: Arguments, cwd: string): ServeOptions {
  if (args.positionals.length > 0)
    throw new UsageError(
      `serve takes no argument ${JSON.stringify(args.positionals[0])}`,
      'a directory to judge against is named by --world DIR',
    );
  const folder = (flag: string, why: string): string => {
    const value = args.get(flag);
    if (value === undefined || value === '') throw new UsageError(`--${flag} DIR is needed: ${why}`);
    return resolve(cwd, value);
  };
  const clientCa = args.get('client-ca');
  return {
    world: worldOptions(args, cwd),
    certDir: folder('cert-dir', 'where tls.crt and tls.key are'),
    clientCa: clientCa === undefined ? undefined : resolve(cwd, clientCa),
    host: args.get('host') ?? '0.0.0.0',
    port: number(args, 'port', 8443, 65_535),
    healthPort: number(args, 'health-port', 8081, 65_535),
    timeoutMs: number(args, 'timeout', 5, 30) * 1000,
    drainMs: number(args, 'drain', 10, 600) * 1000,
    logLevel: args.get('log-level') ?? 'info',
    config: args.get('config'),
  };
}

function worldOptions(args: Arguments, cwd: string): ServeOptions['world'] {
  const world = args.get('world');
  const kubeconfig = args.get('kubeconfig');
  const context = args.get('context');
  if (world === undefined)
    return { kubeconfig: kubeconfig === undefined ? undefined : resolve(cwd, kubeconfig), context };
  if (world === '') throw new UsageError('--world needs the name of a directory');
  if (kubeconfig !== undefined || context !== undefined)
    throw new UsageError(
      `--world and --${kubeconfig === undefined ? 'context' : 'kubeconfig'} exclude each other`,
      'the world is a directory or the live cluster',
    );
  return { folder: resolve(cwd, world) };
}

function number(args: Arguments, flag: string, otherwise: number, most: number): number {
  const text = args.get(flag);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value > most)
    throw new UsageError(`--${flag} ${JSON.stringify(text)} is not a whole number from 0 to ${most}`);
  return value;
}
