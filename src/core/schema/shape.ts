import type { Kind } from '../base/model.ts';
import {
  configMap,
  iomeshCluster10,
  iomeshCluster12,
  persistentVolumeClaim,
  storageClass,
  trees,
  type Validator,
  zookeeperCluster,
} from './compiled.js';
import type { FieldTree } from './fields.ts';

/** What an object of one kind may look like. */
export interface Shape {
  readonly validate: Validator;
  readonly tree: FieldTree;
}

const SHAPES: Partial<Record<Kind, Shape>> = {
  ZookeeperCluster: { validate: zookeeperCluster, tree: trees.zookeeperCluster },
  ConfigMap: { validate: configMap, tree: trees.configMap },
  StorageClass: { validate: storageClass, tree: trees.storageClass },
  PersistentVolumeClaim: { validate: persistentVolumeClaim, tree: trees.persistentVolumeClaim },
};
const IOMESH_CLUSTER: Record<'1.0' | '1.2', Shape> = {
  '1.0': { validate: iomeshCluster10, tree: trees.iomeshCluster10 },
  '1.2': { validate: iomeshCluster12, tree: trees.iomeshCluster12 },
};

/** The shape of a kind in an IOMesh version; undefined for kinds whose shape nobody judges. */
export function shapeOf(kind: Kind, version: '1.0' | '1.2'): Shape | undefined {
  return kind === 'IOMeshCluster' ? IOMESH_CLUSTER[version] : SHAPES[kind];
}
