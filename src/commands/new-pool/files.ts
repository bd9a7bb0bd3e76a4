import { isDeepStrictEqual } from 'node:util';
import { clusterText } from '../../core/iomesh/cluster.ts';
import type { Json } from '../../core/base/json.ts';
import type { Kind, Resource } from '../../core/base/model.ts';
import type { PoolPlan } from '../../core/new-pool/plan.ts';
import { readManifests } from '../../manifests/read.ts';
import { KNOWN_KINDS } from '../../manifests/world.ts';
import { joined } from '../../core/base/text.ts';
import { sanitize } from '../../core/base/sanitize.ts';

/** A file to write. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
}

/** The file names, numbered in the order to apply them. */
const NAMES: Partial<Record<Kind, string>> = {
  Namespace: '0-namespace.yaml',
  ZookeeperCluster: '1-zookeeper.yaml',
  IOMeshCluster: '2-iomesh.yaml',
  ConfigMap: '3-connection.yaml',
  StorageClass: '4-storageclass.yaml',
};

/** The files of a pool, one for each object. Each is read again as kubectl reads it and compared with the object. */
export async function filesOf(plan: PoolPlan): Promise<NewFile[]> {
  const { toYaml } = await import('./to-yaml.ts');
  return plan.objects.map((resource) => {
    const name = NAMES[resource.kind] ?? `${resource.kind.toLowerCase()}.yaml`;
    const comment = commentOn(resource, plan).map((line) => `# ${sanitize(line)}\n`);
    for (const quoteAll of [false, true]) {
      const text = `${comment.join('')}${toYaml(plainNumbers(resource.json), quoteAll)}`;
      if (isDeepStrictEqual(readBack(text), resource.json)) return { name, text };
    }
    throw new Error(`${resource.key} cannot be written as YAML without a change`);
  });
}

function readBack(text: string): Json | undefined {
  const { documents } = readManifests('', Buffer.from(text), { kinds: KNOWN_KINDS });
  return documents.length === 1 ? documents[0]?.objects[0]?.json : undefined;
}

/** Big integers as numbers, because the YAML writer knows no others; a lost digit shows when the file is read again. */
function plainNumbers(value: Json): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)),
  );
}

function commentOn({ kind, ref }: Resource, { template, objects, placed, replicas }: PoolPlan): string[] {
  const management = clusterText(template.id);
  const pool = objects.find((each) => each.kind === 'IOMeshCluster')?.ref.name ?? ref.name;
  switch (kind) {
    case 'Namespace':
      return [
        `The namespace of IOMesh pool ${pool}. It holds this one IOMesh cluster only.`,
        'Do not remove the pool with kubectl delete -f: it deletes this Namespace first, and all objects in it.',
      ];
    case 'ZookeeperCluster':
      return [
        `ZooKeeper of IOMesh pool ${pool}, linked to it by name, on the nodes of the pool.`,
        'Its pods prefer different nodes. They cannot move after the installation.',
      ];
    case 'IOMeshCluster':
      return [
        `IOMesh pool ${pool}: ${replicas.meta} meta and ${replicas.chunk} chunk pods.`,
        `Images, devices and network are those of ${management}. Upgrade that cluster first, then this one.`,
        `No node below may belong to another IOMesh cluster. Add a new node to ${joined(placed)}.`,
        'Raise meta and chunk replicas one at a time. The pool needs its own licence.',
      ];
    case 'ConfigMap':
      return [
        `How the CSI driver reaches IOMesh pool ${pool}.`,
        'All connections of this Kubernetes cluster have the same clusterId and the same iscsiPortal.',
      ];
    default:
      return [
        `Volumes of this class are stored in IOMesh pool ${pool}.`,
        'parameters, reclaimPolicy and volumeBindingMode cannot be changed after it is created.',
      ];
  }
}
