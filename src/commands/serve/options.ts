import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../usage-error.ts';
import type { TlsVersion } from '../../webhook/connection-limits.ts';
import type { Arguments, Flag } from '../command.ts';
import { clusterFlags, configFlag } from '../shared-options.ts';

/** The flags of `serve`. */
export const serveFlags = {
  world: {
    type: 'string',
    value: 'DIR',
    completion: 'directories',
    description: 'use the manifests in a directory in place of a live cluster; changed files are read again',
  },
  ...clusterFlags,
  'cert-dir': {
    type: 'string',
    value: 'DIR',
    completion: 'directories',
    description:
      'the directory of tls.crt and tls.key, which are reloaded when they change. Without it the replicas create certificates, store them in a Secret, and set the caBundle of the webhook configurations',
  },
  'ca-bundle': {
    type: 'string',
    value: 'FILE',
    completion: 'files',
    description:
      'with --path-secret, the CAs that signed the certificate, in PEM. The replicas add them to the caBundle of the webhook configurations; default: ca.crt in the directory of --cert-dir, if it exists',
  },
  'client-ca': {
    type: 'string',
    value: 'FILE',
    completion: 'files',
    description: 'require client certificates signed by a CA in this bundle',
  },
  'client-name': {
    type: 'string',
    value: 'NAME',
    description: 'the common name or DNS name of these client certificates; default kube-apiserver',
  },
  'tls-min-version': {
    type: 'string',
    value: 'VERSION',
    choices: ['1.2', '1.3'],
    description: 'the oldest version of TLS that is accepted; default 1.3, which every apiserver speaks',
  },
  namespace: {
    type: 'string',
    value: 'NAME',
    description:
      'the namespace of the webhook, with its Secret and its ledger of pending changes; default: the namespace of the pod. Without a namespace there is no ledger, and two replicas can admit conflicting changes',
  },
  'certificate-secret': {
    type: 'string',
    value: 'NAME',
    description:
      'the Secret for the certificates that the replicas create; default iomesh-guard-certificates',
  },
  'path-secret': {
    type: 'string',
    value: 'NAME',
    description:
      'the Secret for the secret path of the webhook configurations, which the replicas set. Without it the path is stored with the certificates that the replicas create; with --cert-dir every client is answered on /validate and /mutate',
  },
  service: {
    type: 'string',
    value: 'NAME',
    description: 'the Service that these certificates are for; default iomesh-guard',
  },
  'validating-configuration': {
    type: 'string',
    value: 'NAME',
    description:
      'the ValidatingWebhookConfiguration that gets the caBundle and the path; default iomesh-guard',
  },
  'mutating-configuration': {
    type: 'string',
    value: 'NAME',
    description: 'the MutatingWebhookConfiguration that gets the caBundle and the path; default iomesh-guard',
  },
  'ledger-hold': {
    type: 'string',
    value: 'SECONDS',
    description:
      'how long an admitted deletion can be pending, and any other change if that is less than 60; default 180. Set it to three times the --request-timeout of the apiserver',
  },
  'list-every': {
    type: 'string',
    value: 'SECONDS',
    description:
      'how long the watches are used until a list must show again that they lack nothing; default 5, at most 20; 0 lists for every review',
  },
  host: {
    type: 'string',
    value: 'ADDRESS',
    description:
      'the address to listen on; default ::, which are all IPv6 and IPv4 addresses, or 0.0.0.0 without IPv6',
  },
  reports: {
    type: 'boolean',
    description:
      'write standing findings as reports of openreports.io/v1alpha1, or of wgpolicyk8s.io/v1alpha2 where only that is installed',
  },
  events: {
    type: 'boolean',
    description: 'write an Event when a standing error appears and when it is resolved',
  },
  port: {
    type: 'string',
    value: 'PORT',
    description: 'the HTTPS port; default 8443; 0 selects a free port',
  },
  'health-port': {
    type: 'string',
    value: 'PORT',
    description: 'the port of probes and metrics; default 8081; 0 selects a free port',
  },
  timeout: {
    type: 'string',
    value: 'SECONDS',
    description: 'the time for an answer if the apiserver sends no timeout; default 5',
  },
  drain: {
    type: 'string',
    value: 'SECONDS',
    description: 'how long new connections are accepted during shutdown; default 10',
  },
  'log-level': {
    type: 'string',
    value: 'LEVEL',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    description: 'the lowest level to log, as JSON lines on standard output; default info',
  },
  ...configFlag,
} as const satisfies Readonly<Record<string, Flag>>;

/** The values of the flags of `serve`. */
export interface ServeOptions {
  /** The source of the world: a directory, or a live cluster. */
  readonly world:
    | { readonly folder: string }
    | { readonly kubeconfig: string | undefined; readonly context: string | undefined };
  /** Undefined if the replicas create the certificates. */
  readonly certDir: string | undefined;
  /** The CAs that signed the certificate in that directory. */
  readonly caBundle: string | undefined;
  readonly clientCa: string | undefined;
  readonly clientName: string;
  readonly tlsMinVersion: TlsVersion;
  /** Undefined for all addresses. */
  readonly host: string | undefined;
  readonly port: number;
  readonly healthPort: number;
  readonly timeoutMs: number;
  readonly drainMs: number;
  readonly logLevel: string;
  readonly config: string | undefined;
  /** The namespace of the webhook; undefined outside of a pod without --namespace. */
  readonly namespace: string | undefined;
  readonly certificateSecret: string;
  /** Undefined if the path is stored with the certificates of the replicas, or is not secret. */
  readonly pathSecret: string | undefined;
  readonly service: string;
  readonly validatingConfiguration: string;
  readonly mutatingConfiguration: string;
  readonly ledgerHoldMs: number;
  readonly listEveryMs: number;
  /** Whether standing findings are written as policy reports, and as Events. */
  readonly reports: boolean;
  readonly events: boolean;
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
const POD_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** Parses the flags of `serve`. Throws a UsageError if one is missing or invalid. */
export function serveOptions(args: Arguments, cwd: string): ServeOptions {
  const world = worldOptions(args, cwd);
  const namespace = args.get('namespace') ?? podNamespace();
  const certDir = args.get('cert-dir');
  if (certDir === '') throw new UsageError('--cert-dir is empty');
  if (certDir === undefined && 'folder' in world)
    throw new UsageError(
      '--cert-dir DIR is required with --world',
      'for development, run npm run certs and set --cert-dir certs',
    );
  if (certDir === undefined && namespace === undefined)
    throw new UsageError(
      'outside of a pod, --cert-dir DIR or --namespace NAME is required',
      'set --cert-dir DIR, or set --namespace NAME to create certificates in a Secret of that namespace',
    );
  const clientCa = args.get('client-ca');
  if (clientCa === undefined && args.get('client-name') !== undefined)
    throw new UsageError('--client-name requires --client-ca FILE');
  const pathSecret = args.get('path-secret');
  if (pathSecret !== undefined && ('folder' in world || namespace === undefined))
    throw new UsageError('--path-secret requires a live cluster and, outside of a pod, --namespace NAME');
  const caBundle = args.get('ca-bundle');
  if (caBundle !== undefined && (certDir === undefined || pathSecret === undefined))
    throw new UsageError(
      '--ca-bundle requires --cert-dir DIR and --path-secret NAME',
      'otherwise the replicas create the certificates, or set no caBundle',
    );
  const writer = (['reports', 'events'] as const).find((name) => args.has(name));
  if (writer !== undefined && ('folder' in world || namespace === undefined))
    throw new UsageError(`--${writer} requires a live cluster and, outside of a pod, --namespace NAME`);
  return {
    world,
    reports: args.has('reports'),
    events: args.has('events'),
    caBundle: caBundle === undefined ? undefined : resolve(cwd, caBundle),
    certDir: certDir === undefined ? undefined : resolve(cwd, certDir),
    clientCa: clientCa === undefined ? undefined : resolve(cwd, clientCa),
    clientName: args.get('client-name') ?? 'kube-apiserver',
    tlsMinVersion: args.get('tls-min-version') === '1.2' ? '1.2' : '1.3',
    host: args.get('host'),
    port: number(args, 'port', 8443, 65_535),
    healthPort: number(args, 'health-port', 8081, 65_535),
    timeoutMs: number(args, 'timeout', 5, 30) * 1000,
    drainMs: number(args, 'drain', 10, 600) * 1000,
    logLevel: args.get('log-level') ?? 'info',
    config: args.get('config'),
    namespace,
    certificateSecret: args.get('certificate-secret') ?? 'iomesh-guard-certificates',
    pathSecret,
    service: args.get('service') ?? 'iomesh-guard',
    validatingConfiguration: args.get('validating-configuration') ?? 'iomesh-guard',
    mutatingConfiguration: args.get('mutating-configuration') ?? 'iomesh-guard',
    ledgerHoldMs: number(args, 'ledger-hold', 180, 86_400, 10) * 1000,
    // An entry can expire 26 s after its change was stored: the list of a proof must be younger.
    listEveryMs: number(args, 'list-every', 5, 20) * 1000,
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
  if (world === '') throw new UsageError('--world is empty');
  if (kubeconfig !== undefined || context !== undefined)
    throw new UsageError(
      `--world and --${kubeconfig === undefined ? 'context' : 'kubeconfig'} cannot be used together`,
      'set --world for a directory, or --kubeconfig and --context for a live cluster',
    );
  return { folder: resolve(cwd, world) };
}

function number(args: Arguments, flag: string, fallback: number, max: number, min = 0): number {
  const text = args.get(flag);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < min || value > max)
    throw new UsageError(`--${flag} ${JSON.stringify(text)} is not a whole number from ${min} to ${max}`);
  return value;
}
