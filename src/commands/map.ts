import { clusterFlags } from './cluster-flags.ts';
import type { Command } from './command.ts';
import { mapFlags } from './map/flags.ts';

/** `iomesh-guard map`: which node belongs to which cluster. */
export const mapCommand: Command = {
  name: 'map',
  summary: 'Show which node belongs to which cluster, from files or from a live cluster',
  operands: '[PATH…]',
  description:
    'Shows every node with the clusters whose components (chunk, meta, redirector, zookeeper) may run on it. Nodes that ' +
    'two clusters claim and nodes that none claims are marked; what selectors leave open is said. The law is that of the ' +
    'rules IOM101 and IOM103.\n' +
    'PATH is as for lint; without PATH the current directory is read. With --context or --kubeconfig a live cluster is read ' +
    'instead, and only read.\n' +
    'The nodes are those of the cluster, of the input, or of iomesh-guard.yaml (nodes); where nobody says which there are, those ' +
    'that selectors name.',
  flags: {
    ...mapFlags,
    context: {
      ...clusterFlags.context,
      description: 'read the cluster of this kubeconfig context, and no files',
    },
    kubeconfig: {
      ...clusterFlags.kubeconfig,
      description: 'the same with this kubeconfig file; without --context, its current context',
    },
  },
  examples: [
    { command: 'iomesh-guard map clusters/', does: 'the map of the manifests below clusters/' },
    {
      command: 'iomesh-guard map --context production --format html --output map.html',
      does: 'the map of a live cluster as a page that needs nothing beside itself',
    },
    {
      command: 'iomesh-guard map --format json . | jq -r \'.nodes[] | select(.state == "free").name\'',
      does: 'the nodes that no cluster claims',
    },
  ],
  exitCodes: [
    '0  the map was made, whatever it shows',
    '2  wrong usage or configuration, input or a cluster that could not be read, or no IOMesh cluster found',
    '3  a fault of iomesh-guard itself',
  ],
  run: async (args, io) => (await import('./map/run.ts')).runMap(args, io),
};
