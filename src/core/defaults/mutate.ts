/**
 * The fields that a person may leave out and the values that they get: all that the mutating webhook does.
 *
 * Each default names absent fields of one object; {@link mutate} collects them into one patch. It never
 * changes what a person wrote, so that applying it again changes nothing more. A field whose value comes from an
 * object that does not exist yet is left absent, and IOM409 rejects the new object ({@link awaitedFields}): what
 * is filled never depends on the order in which objects arrive.
 */
import { type FixEdit, fillAbsent, type PatchOperation, patchOf } from '../base/edits.ts';
import { at, isObject } from '../base/json.ts';
import { isBeingDeleted, type Kind, type Resource } from '../base/model.ts';
import { isRelated, type Path } from '../base/path.ts';
import { isOfIomesh } from '../iomesh/cluster.ts';
import { schemaErrors } from '../schema/schema-errors.ts';
import type { World } from '../world.ts';
import { connectionDefaults } from './connection.ts';
import type { AwaitedField, Default, WriteOperation } from './fill.ts';
import { iomeshClusterDefaults } from './iomesh-cluster.ts';
import { storageClassDefaults } from './storage-class.ts';
import { zookeeperDefaults } from './zookeeper.ts';

/** The defaults of each kind. No two of a kind fill the same field. */
export const DEFAULTS: Partial<Record<Kind, readonly Default[]>> = {
  IOMeshCluster: iomeshClusterDefaults,
  ZookeeperCluster: zookeeperDefaults,
  ConfigMap: connectionDefaults,
  StorageClass: storageClassDefaults,
};

/** An object with its absent fields filled. */
export interface Mutation {
  /** Empty if nothing was filled. Applied to the object's JSON, it gives `resource.json`. */
  readonly patch: readonly PatchOperation[];
  /** The object after; the given one itself if nothing was filled. */
  readonly resource: Resource;
  /** Which default filled which field. */
  readonly filled: readonly { readonly name: string; readonly path: Path }[];
}

/**
 * Fills the absent fields of an object that is about to enter a world, which may hold an older version of it.
 * An object that is being deleted is not changed. Never throws, whatever the object holds. The object must be
 * a whole one: subresources are not mutated.
 */
export function mutate(resource: Resource, world: World, operation: WriteOperation): Mutation {
  // A misplaced field is not filled over, even if the review does not report it.
  const asWritten = world.inMode('lint');
  const skipped = isBeingDeleted(resource) || !isOfIomesh(world, resource);
  const stored = operation === 'UPDATE' ? world.getByKey(resource.key) : undefined;
  const found = (skipped ? [] : (DEFAULTS[resource.kind] ?? [])).flatMap((each) =>
    each
      .fill(resource, asWritten, operation)
      .flatMap((edit) => (stored === undefined ? [edit] : onUpdate(each, edit, resource, stored)))
      .map((edit) => ({ name: each.name, edit })),
  );
  if (found.length === 0) return { patch: [], resource, filled: [] };
  const json = fillAbsent(
    resource.json,
    found.map(({ edit }) => edit),
  );
  return {
    patch: patchOf(resource.json, json),
    resource: { ...resource, json },
    filled: found.map(({ name, edit }) => ({ name, path: edit.path })),
  };
}

/**
 * The edit that an update makes: only a field that the request takes away, or that is part of what it adds, is
 * filled. A field that was absent and stays absent is none of the request's business: filling it would change
 * what runs because of a label.
 */
function onUpdate(
  { keepsStored }: Default,
  edit: FixEdit,
  resource: Resource,
  stored: Resource,
): readonly FixEdit[] {
  if (edit.op !== 'add') return [edit];
  const previous = at(stored.json, edit.path) ?? undefined;
  if (previous !== undefined) {
    if (keepsStored !== true) return [edit];
    // An empty value is none.
    return previous === '' ? [] : [{ ...edit, value: previous }];
  }
  let length = edit.path.length - 1;
  while (length > 0 && !isObject(at(resource.json, edit.path.slice(0, length)))) length -= 1;
  return isObject(at(stored.json, edit.path.slice(0, length))) ? [] : [edit];
}

/**
 * The fields that a new object leaves out and that cannot be filled yet, because the object that they are taken
 * from does not exist. `world` has the new object.
 */
export function awaitedFields(resource: Resource, world: World): readonly AwaitedField[] {
  if (isBeingDeleted(resource) || !isOfIomesh(world, resource)) return [];
  return (DEFAULTS[resource.kind] ?? []).flatMap((each) => each.awaits?.(resource, world) ?? []);
}

/**
 * The {@link awaitedFields} that the schema requires: the apiserver rejects the object before any rule is
 * evaluated, and does not say what they are filled in from.
 */
export function awaitedRequiredFields(resource: Resource, world: World): readonly AwaitedField[] {
  const awaited = awaitedFields(resource, world);
  if (awaited.length === 0) return [];
  const required = schemaErrors(resource, world.iomeshVersion).filter(({ code }) => code === 'IOM006');
  return awaited.filter(({ path }) => required.some((error) => isRelated(error.path, path)));
}

/**
 * True if a fix only fills absent fields, each with the value that the mutating webhook would fill: such a
 * fix is safe, because it changes nothing that a person wrote.
 */
export function fillsAsDefault(resource: Resource, world: World, edits: readonly FixEdit[]): boolean {
  if (edits.length === 0 || edits.some(({ op }) => op !== 'add')) return false;
  const mutation = mutate(resource, world, 'CREATE');
  return edits.every(
    (edit) =>
      edit.op === 'add' &&
      mutation.filled.some(({ path }) => isRelated(path, edit.path)) &&
      at(resource.json, edit.path) === undefined &&
      JSON.stringify(at(mutation.resource.json, edit.path)) === JSON.stringify(edit.value),
  );
}
