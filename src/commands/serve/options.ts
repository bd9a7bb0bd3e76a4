import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Arguments } from '../command.ts';
import { UsageError } from '../../usage-error.ts';

export interface ServeOptions {
  /** The world to judge against: a directory, or the live cluster. */
  readonly world:
    | { readonly folder: string }
    | { readonly kubeconfig: string | undefined; readonly context: string | undefined };
  /** Undefined: the certificates are made and kept by the replicas themselves. */
  readonly certDir: string | undefined;
  readonly clientCa: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly timeoutMs: number;
  readonly drainMs: number;
  readonly logLevel: string;
  readonly config: string | undefined;
  /** Where this webhook is installed; undefined outside of a pod, unless it is said. */
  readonly namespace: string | undefined;
  readonly certificateSecret: string;
  readonly service: string;
  readonly validatingConfiguration: string;
  readonly mutatingConfiguration: string;
  readonly ledgerHoldMs: number;
}

/** Where the kubelet tells a pod its namespace. */
const POD_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The flags of `serve`, understood. Throws a UsageError where one is missing or makes no sense. */
export function serveOptions(args: Arguments, cwd: string): ServeOptions {
  const world = worldOptions(args, cwd);
  const namespace = args.get('namespace') ?? podNamespace();
  const certDir = args.get('cert-dir');
  if (certDir === '') throw new UsageError('--cert-dir needs the name of a directory');
  if (certDir === undefined && 'folder' in world)
    throw new UsageError(
      '--cert-dir DIR is needed: where tls.crt and tls.key are',
      'npm run certs makes one for development',
    );
  if (certDir === undefined && namespace === undefined)
    throw new UsageError(
      'outside of a pod, --cert-dir DIR or --namespace NAME is needed',
      'without --cert-dir the certificates are kept in a Secret of that namespace',
    );
  const clientCa = args.get('client-ca');
  return {
    world,
    certDir: certDir === undefined ? undefined : resolve(cwd, certDir),
    clientCa: clientCa === undefined ? undefined : resolve(cwd, clientCa),
    host: args.get('host') ?? '0.0.0.0',
    port: number(args, 'port', 8443, 65_535),
    healthPort: number(args, 'health-port', 8081, 65_535),
    timeoutMs: number(args, 'timeout', 5, 30) * 1000,
    drainMs: number(args, 'drain', 10, 600) * 1000,
    logLevel: args.get('log-level') ?? 'info',
    config: args.get('config'),
    namespace,
    certificateSecret: args.get('certificate-secret') ?? 'iomesh-guard-certificates',
    service: args.get('service') ?? 'iomesh-guard',
    validatingConfiguration: args.get('validating-configuration') ?? 'iomesh-guard',
    mutatingConfiguration: args.get('mutating-configuration') ?? 'iomesh-guard',
    ledgerHoldMs: number(args, 'ledger-hold', 180, 86_400, 10) * 1000,
  };
}

function podNamespace(): string | undefined {
  try {
    return readFileSync(POD_NAMESPACE, 'utf8').trim();
  } catch {
    return undefined;
  }
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

function number(args: Arguments, flag: string, otherwise: number, most: number, least = 0): number {
  const text = args.get(flag);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < least || value > most)
    throw new UsageError(`--${flag} ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
  return value;
}
