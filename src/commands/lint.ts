import type { Command } from './command.ts';
import { lintFlags } from './lint/options.ts';

/** `iomesh-guard lint`: checks files. */
export const lintCommand: Command = {
  name: 'lint',
  summary: 'Check the manifests and Helm values of IOMesh clusters in files',
  operands: [{ name: 'PATH', optional: true, multiple: true, completion: 'files' }],
  description:
    'PATH is a file, a directory (searched recursively for *.yaml, *.yml and *.json), a glob pattern, or - for standard ' +
    'input. Without PATH and --values, the current directory is read. All objects of a run are checked together: an object ' +
    'that another one needs and that is not in the input is reported as missing. With --context or --kubeconfig, the files ' +
    'are checked as a change of a live cluster. Objects of other kinds, and documents that are not Kubernetes objects, are ' +
    'counted and skipped.\n' +
    'The configuration is the nearest iomesh-guard.yaml, from the current directory upward.',
  flags: lintFlags,
  examples: [
    { command: 'iomesh-guard lint clusters/', does: 'check every manifest in clusters/' },
    {
      command: 'helm template iomesh ./chart | iomesh-guard lint - pools/',
      does: 'check a rendered chart together with the pools',
    },
    {
      command: 'iomesh-guard lint --values iomesh.yaml pools/',
      does: 'check the Helm values of the management cluster together with the pools',
    },
    {
      command: 'iomesh-guard lint --format text --format json --output findings.json .',
      does: 'print the findings as text and write them to a file as JSON',
    },
    {
      command: 'iomesh-guard lint --baseline iomesh-guard-baseline.json --write-baseline clusters/',
      does: 'write all findings to a baseline; a later run with --baseline alone reports only new ones',
    },
    {
      command: 'iomesh-guard lint --diff --unsafe-fixes clusters/',
      does: 'show all fixes; use --fix instead of --diff to apply them',
    },
    {
      command: 'iomesh-guard lint --context production pools/new/',
      does: 'report the findings that these files would introduce into a live cluster',
    },
  ],
  exitCodes: {
    0: 'no findings at or above --fail-on',
    1: 'findings at or above --fail-on, or more warnings than --max-warnings; with --diff: at least one fix',
    2: 'wrong usage or configuration, input that could not be read, or no IOMesh objects found',
  },
  run: async (args, io) => (await import('./lint/run.ts')).runLint(args, io),
};
