import { resolve } from 'node:path';
import type { Arguments } from '../command.ts';
import { UsageError } from '../../config/usage-error.ts';

export interface ServeOptions {
  readonly world: string;
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
      'the world is named by --world DIR',
    );
  const folder = (flag: string, why: string): string => {
    const value = args.get(flag);
    if (value === undefined || value === '') throw new UsageError(`--${flag} DIR is needed: ${why}`);
    return resolve(cwd, value);
  };
  const clientCa = args.get('client-ca');
  return {
    world: folder('world', 'the manifests to judge against'),
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

function number(args: Arguments, flag: string, otherwise: number, most: number): number {
  const text = args.get(flag);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value > most)
    throw new UsageError(`--${flag} ${JSON.stringify(text)} is not a whole number from 0 to ${most}`);
  return value;
}
