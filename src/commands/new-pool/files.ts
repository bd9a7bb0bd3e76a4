import { isDeepStrictEqual } from 'node:util';
import { clusterText } from '../../core/iomesh/cluster.ts';
import type { Json } from '../../core/base/json.ts';
import type { Kind, Resource } from '../../core/base/model.ts';
import type { PoolPlan } from '../../core/new-pool/plan.ts';
import { readManifests } from '../../manifests/index.ts';
import { isOurs } from '../../manifests/world.ts';
import { sanitize } from '../../core/base/sanitize.ts';

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
}

/** What the folder calls them; their numbers are the order to apply them. */
const NAMES: Partial<Record<Kind, string>> = {
  Namespace: '0-namespace.yaml',
  ZookeeperCluster: '1-zookeeper.yaml',
  IOMeshCluster: '2-iomesh.yaml',
  ConfigMap: '3-connection.yaml',
  StorageClass: '4-storageclass.yaml',
};

/** The files of a pool: one an object, each read back as kubectl would before it is given. */
export async function filesOf(plan: PoolPlan): Promise<NewFile[]> {
  const { toYaml } = await import('./to-yaml.ts');
  return plan.objects.map((resource) => {
    const name = NAMES[resource.kind] ?? `${resource.kind.toLowerCase()}.yaml`;
    const comment = commentOn(resource, plan).map((line) => `# ${sanitize(line)}\n`);
    for (const quoteAll of [false, true]) {
      const text = `${comment.join('')}${toYaml(plainNumbers(resource.json), quoteAll)}`;
      if (isDeepStrictEqual(readBack(text), resource.json)) return { name, text };
    }
    throw new Error(`${resource.key} does not survive being written as YAML`);
  });
}

function readBack(text: string): Json | undefined {
  const { documents } = readManifests('', Buffer.from(text), { isOurs });
  return documents.length === 1 ? documents[0]?.objects[0]?.json : undefined;
}

/** YAML writers know numbers, not big ones; what loses digits is found when it is read back. */
function plainNumbers(value: Json): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)),
  );
}

function commentOn({ kind, ref }: Resource, { model, objects, replicas }: PoolPlan): string[] {
  const management = clusterText(model.id);
  const pool = objects.find((each) => each.kind === 'IOMeshCluster')?.ref.name ?? ref.name;
  switch (kind) {
    case 'Namespace':
      return [`The namespace of IOMesh pool ${pool}. It holds this one IOMesh cluster only.`];
    case 'ZookeeperCluster':
      return [
        `ZooKeeper of IOMesh pool ${pool}, linked to it by its name, on the pool's own nodes.`,
        'Its pods prefer different nodes, and cannot move once they are installed.',
      ];
    case 'IOMeshCluster':
      return [
        `IOMesh pool ${pool}: ${replicas.meta} meta and ${replicas.chunk} chunk pods.`,
        `Images, devices and network are those of ${management}. Upgrade that one first, then this.`,
        'No node below may belong to another IOMesh cluster; add a node to all four components, ZooKeeper too.',
        'Raise meta and chunk replicas one at a time. The pool needs a licence of its own.',
      ];
    case 'ConfigMap':
      return [
        `How the CSI driver reaches IOMesh pool ${pool}.`,
        'clusterId is the same in every connection of this Kubernetes cluster; iscsiPortal is the same everywhere.',
      ];
    default:
      return [
        `Volumes of this class are stored in IOMesh pool ${pool}.`,
        'parameters, reclaimPolicy and volumeBindingMode cannot be changed once it is created.',
      ];
  }
}
