import { atLeast, IOMESH_VERSIONS, type IomeshVersion } from '../base/iomesh-version.ts';
import { at, type JsonObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, type Path, parentPath } from '../base/path.ts';
import { withFields } from '../base/help-text.ts';
import { either, quoted } from '../base/text.ts';
import type { SchemaError } from './schema-error.ts';
import { type FieldTree, fieldNames, nodeAt, treeOf } from './field-tree.ts';
import { findIntendedField, type IntendedField, isFree } from './intended-field.ts';
import { fieldText } from './field-text.ts';

const REFUSED = 'kubectl rejects unknown fields; without strict validation they are silently dropped';
const MAX_NAMES = 12;

const HELM_KEY =
  'move its contents to spec: iomesh is a key of Helm values, and iomesh.meta.podPolicy is spec.meta.podPolicy in the object';

/** Fields that an object does not have, and what to do instead. By kind, then place, then field. */
const OTHER_OBJECTS: JsonObject = {
  IOMeshCluster: {
    spec: {
      zookeeper: 'create a separate ZookeeperCluster named <cluster>-zookeeper for ZooKeeper',
      csi: 'remove it; the CSI driver is installed once, with the management cluster',
      'csi-driver': 'remove it; the CSI driver is installed once, with the management cluster',
      operator: 'remove it; the operator is installed once, with the management cluster',
      iomesh: HELM_KEY,
    },
    '': {
      iomesh: HELM_KEY,
    },
  },
};

/**
 * A field that the schema of an IOMesh version does not know (IOM004). A later version may know it.
 */
export function unknownFieldError(
  resource: Resource,
  tree: FieldTree,
  path: Path,
  version: IomeshVersion,
): SchemaError {
  const parent = parentPath(path);
  const key = String(path.at(-1));
  const place = fieldText(parent, resource.kind);
  const fact = `${quoted(key)} is not a field of ${place}`;
  const error = { code: 'IOM004', path, part: 'key' } as const;
  const value = at(resource.json, path) ?? null;
  const since = IOMESH_VERSIONS.find((each) => {
    const later = atLeast(each, version) ? treeOf(resource.kind, each) : undefined;
    return later !== undefined && nodeAt(later, path) !== undefined;
  });
  if (since !== undefined)
    return {
      ...error,
      message: `${fact} in IOMesh ${version}, only from IOMesh ${since} on`,
      help: `remove it, or set iomeshVersion: "${since}" in the configuration if IOMesh ${since} is installed`,
    };
  const note = noteOn(resource.kind, parent, key);
  if (note !== undefined) return { ...error, message: fact, help: note };
  const intended = findIntendedField(tree, parent, key, value);
  if (intended === undefined)
    return { ...error, message: fact, help: `${REFUSED}; ${knownFields(tree, parent)}` };
  if (intended.others.length > 0) return severalPlaces(error, fact, intended);
  return onePlace(resource, error, fact, intended);
}

type Base = Pick<SchemaError, 'code' | 'path' | 'part'>;

function severalPlaces(error: Base, fact: string, intended: IntendedField): SchemaError {
  const places = [intended.path, ...intended.others].map(formatPath);
  return {
    ...error,
    message: `${fact}; it belongs in ${either(places.slice(0, 3))}`,
    help: `${REFUSED}; move it to each place that needs it`,
  };
}

function onePlace(resource: Resource, error: Base, fact: string, intended: IntendedField): SchemaError {
  const target = formatPath(intended.path);
  const isSibling = intended.by !== 'place';
  const message = isSibling
    ? `${fact}; ${intended.by === 'name' ? 'the field is called' : 'did you mean'} ${quoted(intended.name)}${intended.by === 'name' ? '' : '?'}`
    : `${fact}; ${intended.name === error.path.at(-1) ? 'it' : quoted(intended.name)} belongs ${intended.exact ? `at ${target}` : `inside ${target}`}`;
  const base = { ...error, message, intended: intended.path };
  if (!intended.exact) return { ...base, help: withFields`move it into ${intended.path}` };
  if (!isFree(resource.json, intended.path))
    return { ...base, help: withFields`${intended.path} is already set; remove one of the two` };
  const description = isSibling
    ? `rename it to ${quoted(intended.name)}`
    : withFields`move it to ${intended.path}`;
  const edits = [{ op: 'move', from: error.path, path: intended.path }] as const;
  return { ...base, help: description, fix: { safety: 'unsafe', description, edits } };
}

function noteOn(kind: string, parent: Path, key: string): string | undefined {
  const place = own(own(OTHER_OBJECTS, kind), formatPath(parent));
  const note = own(place, key);
  return typeof note === 'string' ? note : undefined;
}

function knownFields(tree: FieldTree, parent: Path): string {
  const here = nodeAt(tree, parent);
  const names = here === undefined ? [] : fieldNames(here);
  const more = names.length > MAX_NAMES ? ', …' : '';
  return `fields here are ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
