import { isObject, type Json, own } from '../base/json.ts';
import type { Kind, Resource } from '../base/model.ts';
import type { Report } from '../rule.ts';
import { isIomeshClass } from '../iomesh/storage-class.ts';
import { type SchemaError, schemaErrors } from '../schema/schema-errors.ts';
import type { World } from '../world.ts';

/** The kinds whose shape is judged. */
export const SHAPED: readonly Kind[] = [
  'IOMeshCluster',
  'ZookeeperCluster',
  'ConfigMap',
  'StorageClass',
  'PersistentVolumeClaim',
];

/** An object's faults of one rule; none for a ConfigMap or StorageClass that has nothing to do with IOMesh. */
export function faultsOf(code: SchemaError['code'], subject: Resource, world: World): readonly SchemaError[] {
  if (!isOurs(subject)) return [];
  return schemaErrors(subject, world.config.iomeshVersion).filter((fault) => fault.code === code);
}

/** Reports a fault as it is told. */
export function reportFault({ path, part, message, help, fix }: SchemaError, report: Report): void {
  report({
    path,
    message,
    ...(part === undefined ? {} : { part }),
    ...(help === undefined ? {} : { help }),
    ...(fix === undefined ? {} : { fix }),
  });
}

/**
 * By the object alone: keys and parameters that nobody else uses mark it, also where the indentation
 * has put them at the top.
 */
function isOurs(subject: Resource): boolean {
  const { kind, json } = subject;
  const holds = (where: Json | undefined, names: readonly string[]) =>
    isObject(where) && names.some((name) => own(where, name) !== undefined);
  if (kind === 'ConfigMap')
    return [json, own(json, 'data')].some((where) => holds(where, ['iscsiPortal', 'metaAddr']));
  if (kind === 'StorageClass')
    return (
      isIomeshClass(subject) ||
      [json, own(json, 'parameters')].some((where) => holds(where, ['clusterConnection', 'iomeshCluster']))
    );
  return true;
}
