import { worldFlags } from './cluster-flags.ts';
import type { Command } from './command.ts';
import { configFlag } from './config-flag.ts';

/** `iomesh-guard new`: writes the manifests of another pool. */
export const newCommand: Command = {
  name: 'new',
  summary: 'Write the manifests of another pool, in step with the management cluster',
  operands: 'pool NAME --nodes NODE,NODE,NODE',
  description:
    'Writes what another IOMesh cluster needs: Namespace, ZookeeperCluster, IOMeshCluster, connection ConfigMap and ' +
    'StorageClass. Image tags, clusterId, block-device namespace, network, device map and edition are the management ' +
    "cluster's, read from manifests or from a live cluster. Nodes that another cluster has, or that are not there, are " +
    'refused, and the free ones named. Before anything is written, the pool is judged by every rule together with all ' +
    'that was read: where it would bring an error, it is refused.\n' +
    'The files go into a folder NAME, numbered in the order to apply them; no file is ever overwritten. Nothing is ' +
    'applied: kubectl apply -f NAME/ does that.\n' +
    'The configuration is iomesh-guard.yaml, looked for in the current directory and upward.',
  flags: {
    nodes: {
      type: 'string',
      multiple: true,
      value: 'NODES',
      description: "the pool's nodes, by name, with commas between them; may be repeated",
    },
    namespace: {
      type: 'string',
      short: 'n',
      value: 'NAMESPACE',
      description: "the pool's namespace; default NAME",
    },
    from: {
      type: 'string',
      multiple: true,
      value: 'PATH',
      description:
        'the manifests that are there already: a file, a directory, a glob pattern or -; may be repeated; default the current directory, unless a cluster is named',
    },
    ...worldFlags,
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      description: 'make the folder NAME in DIR; - prints to standard output; default the current directory',
    },
    'dry-run': {
      type: 'boolean',
      description: 'print what would be written, and write nothing',
    },
    'data-cidr': {
      type: 'string',
      value: 'CIDR',
      description: "the pool's data network; default the management cluster's",
    },
    'meta-replicas': {
      type: 'string',
      value: 'N',
      choices: ['3', '5'],
      description: 'how many meta pods; default 3',
    },
    'chunk-replicas': {
      type: 'string',
      value: 'N',
      description: 'how many chunk pods; default one on each node, 3 for the Community edition',
    },
    ...configFlag,
  },
  examples: [
    {
      command:
        'iomesh-guard new pool iomesh-cluster-2 --nodes k8s-worker-6,k8s-worker-7,k8s-worker-8 --from clusters --output clusters',
      does: 'write clusters/iomesh-cluster-2/, in step with the clusters in clusters/',
    },
    {
      command: 'iomesh-guard new pool fast --nodes n7,n8,n9 --context production --dry-run',
      does: 'show a pool for a live cluster',
    },
  ],
  exitCodes: [
    '0  written, or shown',
    '2  wrong usage or configuration, a world that could not be read, or a pool that cannot be made',
    '3  a fault of iomesh-guard itself',
  ],
  run: async (args, io) => (await import('./new-pool/run.ts')).runNew(args, io),
};
