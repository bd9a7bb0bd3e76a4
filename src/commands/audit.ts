import { auditFlags } from './audit/options.ts';
import type { Command } from './command.ts';

/** `iomesh-guard audit`: checks a live cluster. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'Check the objects of a live cluster',
  operands: [],
  description:
    'Reads every IOMeshCluster, ZookeeperCluster, connection ConfigMap, StorageClass, PersistentVolumeClaim, ' +
    'PersistentVolume and Node of the cluster that kubectl uses, and checks them with the rules of lint. The findings are ' +
    'the same as those of lint on the same objects in files. The cluster is only read.\n' +
    'The configuration is the nearest iomesh-guard.yaml, from the current directory upward.',
  flags: auditFlags,
  examples: [
    { command: 'iomesh-guard audit', does: 'check the cluster of the current context' },
    {
      command: 'iomesh-guard audit --context production --format json --output audit.json',
      does: 'check another cluster and write the findings as JSON',
    },
    { command: 'iomesh-guard audit --watch', does: 'print what appears and is resolved, until Ctrl-C' },
  ],
  exitCodes: {
    0: 'no findings at or above --fail-on',
    1: 'findings at or above --fail-on, or more warnings than --max-warnings',
    2: 'wrong usage or configuration, the cluster could not be read, or it has no IOMesh objects',
  },
  run: async (args, io) => (await import('./audit/run.ts')).runAudit(args, io),
};
