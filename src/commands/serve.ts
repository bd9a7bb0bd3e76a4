import type { Command } from './command.ts';
import { serveFlags } from './serve/options.ts';

/** `iomesh-guard serve`: the admission webhook. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'Run the admission webhook: deny changes, warn, and fill in defaults',
  operands: [],
  description:
    'Serves POST /validate and POST /mutate over HTTPS, and /livez, /readyz and /metrics over plain HTTP on a second port. ' +
    'Changes are compared with the objects of a live cluster: that of the kubeconfig, or in a pod its own. ' +
    'On SIGTERM or SIGINT the server is not ready any more, waits for --drain, and stops without losing a request.\n' +
    'The configuration is iomesh-guard.yaml in the current directory or a parent directory; it is read once.',
  flags: serveFlags,
  examples: [
    {
      command: 'iomesh-guard serve',
      does: 'in a pod: use its cluster, and create certificates',
    },
    { command: 'iomesh-guard serve --cert-dir /certs', does: 'the same with the certificate in /certs' },
    {
      command: 'iomesh-guard serve --world clusters/ --cert-dir certs/',
      does: 'use the manifests in clusters/',
    },
  ],
  exitCodes: {
    0: 'stopped by a signal',
    2: 'wrong usage, a port in use, or an invalid certificate, kubeconfig or configuration',
  },
  run: async (args, io) => (await import('./serve/run.ts')).runServe(args, io),
};
