import type { Command } from './command.ts';
import { newPoolFlags } from './new-pool/options.ts';

/** `iomesh-guard new`: writes the manifests of a new pool. */
export const newCommand: Command = {
  name: 'new',
  summary: 'Write the manifests of a new pool that fit the management cluster',
  operands: [{ name: 'pool', choices: ['pool'] }, { name: 'NAME' }],
  description:
    'Writes the objects of a new IOMesh cluster: Namespace, ZookeeperCluster, IOMeshCluster, connection ConfigMap and ' +
    'StorageClass. Image tags, clusterId, block-device namespace, network, device map and edition are those of the ' +
    'management cluster, read from manifests, from Helm values or from a live cluster. Nodes that do not exist or that belong to another ' +
    'cluster are rejected, and the free nodes are listed. Before the files are written, all rules check the pool together ' +
    'with the existing objects. A pool that would introduce an error is not written.\n' +
    'The files are written to a directory NAME and numbered in the order to apply them. Existing files are never ' +
    'overwritten. Apply the files with kubectl apply -f NAME/.\n' +
    'The configuration is the nearest iomesh-guard.yaml, from the current directory upward.',
  flags: newPoolFlags,
  examples: [
    {
      command:
        'iomesh-guard new pool iomesh-cluster-2 --nodes k8s-worker-6,k8s-worker-7,k8s-worker-8 --from clusters --output clusters',
      does: 'write clusters/iomesh-cluster-2/ to fit the clusters in clusters/',
    },
    {
      command: 'iomesh-guard new pool fast --nodes n7,n8,n9 --context production --dry-run',
      does: 'print the manifests of a pool for a live cluster',
    },
  ],
  exitCodes: {
    0: 'the manifests were written or printed',
    2: 'wrong usage or configuration, existing objects that could not be read, or a pool that is not possible',
  },
  run: async (args, io) => (await import('./new-pool/run.ts')).runNew(args, io),
};
