/** Which objects are about IOMesh: others are none of its rules' business. */
import { asString, at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { World } from '../world.ts';
import { isIomeshClassName } from './class-cluster.ts';
import { isOfIomesh } from './cluster.ts';
import { isConnection } from './connection.ts';
import { misnamedClass } from './misnamed-class.ts';
import { isIomeshClass } from './storage-class.ts';

/**
 * True for an object of IOMesh, or one that decides where IOMesh runs or what it stores. False for objects of other
 * software of the same kinds.
 */
export function isAboutIomesh(world: World, resource: Resource): boolean {
  const { kind, json, ref } = resource;
  switch (kind) {
    case 'IOMeshCluster':
      return true;
    case 'ZookeeperCluster':
      return isOfIomesh(world, resource);
    case 'ConfigMap':
      return isConnection(world, resource);
    case 'StorageClass':
      return isIomeshClass(resource, world.config) || misnamedClass(resource, world.config) !== undefined;
    case 'PersistentVolumeClaim':
      return isIomeshClassName(world, asString(at(json, ['spec', 'storageClassName'])) ?? '');
    case 'PersistentVolume':
      return at(json, ['spec', 'csi', 'driver']) === world.config.provisioner;
    case 'Namespace':
      return world.inNamespace('IOMeshCluster', ref.name).length > 0;
    case 'Node':
      return true;
    default:
      return false;
  }
}
