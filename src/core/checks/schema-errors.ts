import { isObject, type Json, own } from '../base/json.ts';
import type { Kind, Resource } from '../base/model.ts';
import { isIomeshClass } from '../iomesh/storage-class.ts';
import { type SchemaError, schemaErrors } from '../schema/schema-errors.ts';
import type { World } from '../world.ts';

/** The kinds that are checked with a schema. */
export const SCHEMA_KINDS: readonly Kind[] = [
  'IOMeshCluster',
  'ZookeeperCluster',
  'ConfigMap',
  'StorageClass',
  'PersistentVolumeClaim',
  'Namespace',
];

/** The schema errors of one rule in an object; none if the object has nothing to do with IOMesh. */
export function schemaErrorsOf(
  code: SchemaError['code'],
  subject: Resource,
  world: World,
): readonly SchemaError[] {
  if (!concernsIomesh(subject, world) && !isReferenced(subject, world)) return [];
  return schemaErrors(subject, world.iomeshVersion).filter((error) => error.code === code);
}

/**
 * In lint, true for a ConfigMap that a StorageClass of IOMesh names, whatever it holds. At admission a finding
 * depends on the object alone.
 */
function isReferenced({ kind, ref }: Resource, world: World): boolean {
  if (kind !== 'ConfigMap' || world.mode !== 'lint') return false;
  return world.memoize(isReferenced, () => referencedConnections(world)).has(`${ref.namespace}/${ref.name}`);
}

function referencedConnections(world: World): ReadonlySet<unknown> {
  return new Set(
    world.all('StorageClass').map(({ json }) => own(own(json, 'parameters'), 'clusterConnection')),
  );
}

/**
 * True for a ConfigMap or StorageClass with keys that only IOMesh uses, also if wrong indentation put
 * them at the top level; true for every other kind. It depends on the object and the configuration only.
 */
function concernsIomesh(subject: Resource, { config }: World): boolean {
  const { kind, json } = subject;
  const holds = (where: Json | undefined, names: readonly string[]) =>
    isObject(where) && names.some((name) => own(where, name) !== undefined);
  if (kind === 'ConfigMap')
    return [json, own(json, 'data')].some((where) => holds(where, ['iscsiPortal', 'metaAddr']));
  if (kind === 'StorageClass')
    return (
      isIomeshClass(subject, config) ||
      [json, own(json, 'parameters')].some((where) => holds(where, ['clusterConnection', 'iomeshCluster']))
    );
  return true;
}
