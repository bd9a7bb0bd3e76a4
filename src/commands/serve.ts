import type { Command } from './command.ts';
import { clusterFlags, configFlag } from './shared-options.ts';

/** `iomesh-guard serve`: the admission webhook. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'Run the admission webhook: refuse, warn or complete at kubectl apply',
  operands: [],
  description:
    'Serves POST /validate and POST /mutate over HTTPS, and /livez, /readyz and /metrics over plain HTTP on a second port. ' +
    'What is judged is held against the live cluster: the one of the kubeconfig, or in a pod its own. ' +
    'Runs until it gets SIGTERM or SIGINT; then readiness goes, and after --drain the server closes without losing a request.\n' +
    'The configuration is iomesh-guard.yaml, looked for in the current directory and upward; it is read once.',
  flags: {
    world: {
      type: 'string',
      value: 'DIR',
      completion: 'directories',
      description:
        'judge against a directory of manifests, read anew when it changes, instead of the live cluster',
    },
    ...clusterFlags,
    'cert-dir': {
      type: 'string',
      value: 'DIR',
      completion: 'directories',
      description:
        'where tls.crt and tls.key are; reloaded when they change. Without it the replicas make their own, keep them in a Secret, and put the CA into the webhook configurations',
    },
    'client-ca': {
      type: 'string',
      value: 'FILE',
      completion: 'files',
      description: 'require of callers a certificate that this CA bundle vouches for',
    },
    namespace: {
      type: 'string',
      value: 'NAME',
      description:
        'where this webhook is installed: the ledger that keeps replicas from letting two conflicting changes through is there; default: the namespace of the pod. Outside of a pod and without it there is no ledger',
    },
    'certificate-secret': {
      type: 'string',
      value: 'NAME',
      description: 'the Secret of certificates the replicas make; default iomesh-guard-certificates',
    },
    service: {
      type: 'string',
      value: 'NAME',
      description: 'the Service those certificates are for; default iomesh-guard',
    },
    'validating-configuration': {
      type: 'string',
      value: 'NAME',
      description: 'our ValidatingWebhookConfiguration; default iomesh-guard',
    },
    'mutating-configuration': {
      type: 'string',
      value: 'NAME',
      description: 'our MutatingWebhookConfiguration; default iomesh-guard',
    },
    'ledger-hold': {
      type: 'string',
      value: 'SECONDS',
      description:
        'how long a change under way is remembered; default 180, three times the request timeout of an apiserver. Raise it where that was raised',
    },
    host: { type: 'string', value: 'ADDRESS', description: 'the address to listen on; default 0.0.0.0' },
    port: { type: 'string', value: 'PORT', description: 'the HTTPS port; default 8443; 0 takes a free one' },
    'health-port': {
      type: 'string',
      value: 'PORT',
      description: 'the port of the probes and metrics; default 8081; 0 takes a free one',
    },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      description: 'longest an answer may take where the apiserver does not say; default 5',
    },
    drain: {
      type: 'string',
      value: 'SECONDS',
      description: 'how long connections are still taken after readiness has gone; default 10',
    },
    'log-level': {
      type: 'string',
      value: 'LEVEL',
      choices: ['debug', 'info', 'warn', 'error', 'silent'],
      description: 'what to log, as lines of JSON on standard output; default info',
    },
    ...configFlag,
  },
  examples: [
    {
      command: 'iomesh-guard serve',
      does: 'in a pod: judge against its cluster, with certificates of its own making',
    },
    { command: 'iomesh-guard serve --cert-dir /certs', does: 'the same, with certificates of somebody else' },
    {
      command: 'iomesh-guard serve --world clusters/ --cert-dir certs/',
      does: 'judge against the manifests below clusters/',
    },
  ],
  exitCodes: {
    0: 'stopped by a signal',
    2: 'wrong usage, a port that is in use, or an invalid certificate, kubeconfig or configuration',
  },
  run: async (args, io) => (await import('./serve/run.ts')).runServe(args, io),
};
