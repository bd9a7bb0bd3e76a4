import type { Command } from './command.ts';
import { planFlags } from './plan/options.ts';

/** `iomesh-guard plan`: the ordered commands of an operation. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'Show the ordered commands to remove, upgrade or scale IOMesh clusters, and what they lose',
  operands: [
    { name: 'OPERATION', choices: ['remove', 'upgrade', 'scale'] },
    { name: 'POOL', optional: true },
    { name: 'COMPONENT=N', optional: true, multiple: true },
  ],
  description:
    'Prints the commands of an operation in their order, each with what to wait for before the next one, the volumes that ' +
    'would be lost, what the input does not show, and the rules that deny a step. It changes nothing.\n' +
    'remove POOL removes one IOMesh cluster. upgrade --to TAG upgrades the management cluster, then every pool. ' +
    'scale POOL COMPONENT=N scales chunk, meta or zookeeper one replica at a time. POOL is the name of the IOMeshCluster, or ' +
    'namespace/name if several have it.\n' +
    'The objects are read from --from, or from a live cluster with --context or --kubeconfig. Every step is evaluated with all ' +
    'rules, as the webhook evaluates it after the steps before it.',
  flags: planFlags,
  examples: [
    {
      command: 'iomesh-guard plan remove iomesh-cluster-1 --context production',
      does: 'show how to remove a pool, and the volumes that live on it',
    },
    {
      command: 'iomesh-guard plan upgrade --to charts/iomesh --context production',
      does: 'show how to upgrade all clusters to the images of a chart',
    },
    {
      command: 'iomesh-guard plan scale iomesh-cluster-1 chunk=5 --from clusters --format json',
      does: 'print the steps to five chunk pods as JSON',
    },
  ],
  exitCodes: {
    0: 'the plan was printed, and nothing that is known stops it',
    1: 'the plan was printed, but something stops it: a rule denies a step, volumes would be lost or it is unknown which, the new tags lose the edition, or more pods are asked for than are allowed',
    2: 'wrong usage or configuration, input or a cluster that could not be read, or no such cluster',
  },
  run: async (args, io) => (await import('./plan/run.ts')).runPlan(args, io),
};
