import type { Command } from './command.ts';
import { worldFlags } from './cluster-flags.ts';
import { findingsFlags } from './findings/flags.ts';
import { fixFlags } from './lint/fix-flags.ts';
import { valuesFlags } from './lint/helm-flags.ts';

/** `iomesh-guard lint`: judges files. */
export const lintCommand: Command = {
  name: 'lint',
  summary: 'Judge manifests in files: is every IOMesh cluster apart from, and in step with, the others?',
  operands: '[PATH…]',
  description:
    'PATH is a file, a directory (read in depth: *.yaml, *.yml, *.json), a glob pattern, or - for standard input. ' +
    'Without PATH and --values the current directory is read. All input together is one world: a partner that is not in it is missing. ' +
    'With --context or --kubeconfig the world is what a live cluster holds, with the files put over it. ' +
    'Objects of other kinds are counted and passed; documents that are no Kubernetes objects are counted and skipped.\n' +
    'The configuration is iomesh-guard.yaml, looked for in the current directory and upward.',
  flags: {
    ...findingsFlags,
    ...worldFlags,
    ...valuesFlags,
    ...fixFlags,
    'allow-empty': { type: 'boolean', description: 'exit with 0 even where nothing to judge was found' },
  },
  examples: [
    { command: 'iomesh-guard lint clusters/', does: 'judge every manifest below clusters/' },
    {
      command: 'helm template iomesh ./chart | iomesh-guard lint - pools/',
      does: 'judge a rendered chart together with the pools',
    },
    {
      command: 'iomesh-guard lint --values iomesh.yaml pools/',
      does: 'judge the Helm values of the management cluster together with the pools',
    },
    {
      command: 'iomesh-guard lint --format text --format json --output findings.json .',
      does: 'text to read, JSON to keep',
    },
    {
      command: 'iomesh-guard lint --baseline iomesh-guard-baseline.json --write-baseline clusters/',
      does: 'take what is found as known; with --baseline alone only new findings count from then on',
    },
    {
      command: 'iomesh-guard lint --diff --unsafe-fixes clusters/',
      does: 'show every fix there is; --fix in the place of --diff makes them',
    },
    {
      command: 'iomesh-guard lint --context production pools/new/',
      does: 'what would these files bring to a cluster? A partner that is there already is not missing',
    },
  ],
  exitCodes: [
    '0  clean: nothing at or above --fail-on',
    '1  findings at or above --fail-on, or more warnings than --max-warnings; with --diff: any fix',
    '2  wrong usage or configuration, input that could not be read, or nothing of IOMesh found',
    '3  a fault of iomesh-guard itself',
  ],
  run: async (args, io) => (await import('./lint/run.ts')).runLint(args, io),
};
