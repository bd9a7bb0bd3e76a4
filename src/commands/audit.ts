import { clusterFlags } from './cluster-flags.ts';
import type { Command } from './command.ts';
import { findingsFlags } from './findings/flags.ts';

/** `iomesh-guard audit`: judges what a live cluster holds. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'Judge what a live cluster holds already',
  operands: '',
  description:
    'Reads the cluster that kubectl would talk to, and judges every IOMeshCluster, ZookeeperCluster, connection ConfigMap, ' +
    'StorageClass and PersistentVolumeClaim in it, against its Nodes. It only reads. The rules are those of lint; ' +
    'lint on the same objects in files finds the same.\n' +
    'The configuration is iomesh-guard.yaml, looked for in the current directory and upward.',
  flags: {
    ...clusterFlags,
    ...findingsFlags,
    'allow-empty': {
      type: 'boolean',
      description: 'exit with 0 even where the cluster holds nothing of IOMesh',
    },
  },
  examples: [
    { command: 'iomesh-guard audit', does: 'judge the cluster of the current context' },
    {
      command: 'iomesh-guard audit --context production --format json --output audit.json',
      does: 'judge another one, and keep the findings as JSON',
    },
  ],
  exitCodes: [
    '0  clean: nothing at or above --fail-on',
    '1  findings at or above --fail-on, or more warnings than --max-warnings',
    '2  wrong usage or configuration, a cluster that could not be read, or nothing of IOMesh in it',
    '3  a fault of iomesh-guard itself',
  ],
  run: async (args, io) => (await import('./audit/run.ts')).runAudit(args, io),
};
