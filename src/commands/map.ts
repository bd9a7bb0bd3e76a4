import type { Command } from './command.ts';
import { mapFlags } from './map/options.ts';

/** `iomesh-guard map`: shows which node belongs to which cluster. */
export const mapCommand: Command = {
  name: 'map',
  summary: 'Show which node belongs to which IOMesh cluster, from files or from a live cluster',
  operands: [{ name: 'PATH', optional: true, multiple: true, completion: 'files' }],
  description:
    'Shows every node with the clusters whose components (chunk, meta, redirector, zookeeper) may run on it. The map marks ' +
    'nodes that two clusters claim and nodes that no cluster claims, by the rules IOM101 and IOM103. A note names what is ' +
    'unknown.\n' +
    'PATH is the same as for lint. Without PATH and --values, the current directory is read. With --context or --kubeconfig, a live ' +
    'cluster is read instead of files.\n' +
    'The nodes are those of the live cluster, of the input, or of iomesh-guard.yaml (nodes). Without any of these, they are ' +
    'the nodes that selectors name.',
  flags: mapFlags,
  examples: [
    { command: 'iomesh-guard map clusters/', does: 'show the map of the manifests in clusters/' },
    {
      command: 'iomesh-guard map --context production --format html --output map.html',
      does: 'write the map of a live cluster as a self-contained page',
    },
    {
      command: 'iomesh-guard map --format json . | jq -r \'.nodes[] | select(.state == "free").name\'',
      does: 'list the nodes that no cluster claims',
    },
  ],
  exitCodes: {
    0: 'the map was made; it may show overlaps',
    2: 'wrong usage or configuration, input or a cluster that could not be read, or no IOMesh cluster found',
  },
  run: async (args, io) => (await import('./map/run.ts')).runMap(args, io),
};
