/**
 * Reads the tables of scripts/fields/ and makes the JSON Schemas of both custom resources from them: the only
 * place that says which fields exist, in which release, of which type, and which are required.
 *
 * A table maps definitions to types. A type is
 *
 *   string, boolean, integer, int32, int64, object, quantity or intOrString
 *   Name                    another definition
 *   [type]                  a list
 *   {field: type, …}        an object that takes these fields only; `'*': type` in place of or beside them
 *                           takes every other key as well
 *   {is: type, …}           a type with more facts: `about` and `title` for editors, `default`, `values`,
 *                           `pattern`, `minimum`, `maximum`, `since` (the release that added the field)
 *
 * `!` after a name makes the field required; `requiredUntil` ends that after a release. `judgedBy` names the
 * rule that checks the value, because the apiserver does not, unless it is `enforced: true`; `least` is the
 * minimum that the apiserver has besides. `enforced: false` marks values that the apiserver does not check, but
 * the pods do. `only` limits a field to one of both schemas.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

export const RELEASES = ['1.0', '1.1', '1.2'];

/** The quantities of both definitions: what Go's parser takes, and a fraction in the exponent. */
const QUANTITY =
  '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+))?$';
const SCALARS = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  object: { type: 'object' },
  quantity: { type: ['integer', 'string'], pattern: QUANTITY },
  intOrString: { type: ['integer', 'string'] },
};
const COPIED = ['title', 'pattern', 'minimum', 'maximum', 'default', 'nullable'];

/** The content of the generated files of schemas/, by name. */
export function generatedSchemas() {
  const kubernetes = readTable('kubernetes');
  const files = {};
  for (const release of RELEASES)
    files[`iomeshcluster-${release}.schema.json`] = schemaOf('iomeshcluster', release, kubernetes, {
      title: `IOMeshCluster, IOMesh ${release}`,
      description:
        'One IOMesh cluster: its metadata servers, chunk servers and iSCSI redirectors, their images and the nodes they run on.',
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: 'ClusterMeta',
    });
  files['zookeepercluster.schema.json'] = schemaOf('zookeepercluster', '1.2', kubernetes, {
    title: 'ZookeeperCluster',
    description:
      "The ZooKeeper ensemble of one IOMesh cluster, named <cluster>-zookeeper in the cluster's namespace.",
    apiVersion: 'zookeeper.pravega.io/v1beta1',
    kind: 'ZookeeperCluster',
    metadata: 'NamedMeta',
  });
  for (const release of RELEASES) files[`iomesh-${release}.schema.json`] = manifestsSchema(release);
  return files;
}

function schemaOf(name, release, kubernetes, { title, description, apiVersion, kind, metadata }) {
  const table = readTable(name);
  const definitions = { ...kubernetes, ...table.definitions };
  const used = new Set();
  const exists = (type) => {
    const { since, only, is } = longForm(type);
    if (since !== undefined && since > release) return false;
    if (only !== undefined && only !== name) return false;
    return typeof is !== 'string' || isScalar(is) || exists(definitions[nameIn(is)]);
  };

  const typeSchema = (type) => {
    const { is, about, values, judgedBy, enforced, least, listMapKeys, anyValue, ...rest } = longForm(type);
    const facts = { ...(about !== undefined && { description: about }) };
    for (const keyword of COPIED) if (rest[keyword] !== undefined) facts[keyword] = rest[keyword];
    if (values !== undefined) facts.enum = values;
    if (judgedBy !== undefined) facts['x-judged-by'] = judgedBy;
    if (enforced !== undefined) facts[enforced ? 'x-enforced' : 'x-not-enforced'] = true;
    if (least !== undefined) facts['x-minimum'] = least;
    if (listMapKeys !== undefined) facts['x-list-map-keys'] = listMapKeys;
    if (anyValue === true) facts['x-any-value'] = true;
    return { ...facts, ...structure(is) };
  };

  const structure = (is) => {
    if (Array.isArray(is)) return { type: 'array', items: typeSchema(is[0]) };
    if (typeof is === 'object') return objectSchema(is);
    const plain = nameIn(is);
    if (plain.startsWith('[')) return { type: 'array', items: typeSchema(plain.slice(1, -1)) };
    if (Object.hasOwn(SCALARS, plain)) return SCALARS[plain];
    if (definitions[plain] === undefined) throw new Error(`${name}: there is no definition ${plain}`);
    used.add(plain);
    return { $ref: `#/definitions/${plain}` };
  };

  const objectSchema = ({ '*': entry, ...fields }) => {
    const known = Object.entries(fields).filter(([, type]) => exists(type));
    const required = known.filter(([, type]) => isRequired(type, release)).map(([field]) => field);
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(known.length > 0 && {
        properties: Object.fromEntries(known.map(([field, type]) => [field, typeSchema(type)])),
      }),
      additionalProperties: entry === undefined ? false : typeSchema(entry),
    };
  };

  const spec = typeSchema(table.spec);
  const status = { ...typeSchema(table.status), 'x-status': true };
  const made = {};
  for (const each of used) made[each] = typeSchema(definitions[each]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    description,
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    // An object without it is a mistake, but the apiserver accepts it.
    'x-optional': ['spec'],
    properties: {
      apiVersion: { type: 'string', enum: [apiVersion] },
      kind: { type: 'string', enum: [kind] },
      metadata: { $ref: `kubernetes.schema.json#/definitions/${metadata}` },
      spec,
      status,
    },
    definitions: made,
  };
}

/** For editors: each document by its kind. */
function manifestsSchema(release) {
  const branch = (file, properties, required) => ({
    if: { type: 'object', properties, required: ['apiVersion', 'kind', ...required] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
    then: { $ref: file },
  });
  const kind = (apiVersion, name) => ({ apiVersion: { const: apiVersion }, kind: { const: name } });
  // Other applications use each of the keys too.
  const keys = ['clusterId', 'iscsiPortal', 'metaAddr'];
  const anyKey = keys.map((key) => ({ required: [key] }));
  const twoKeys = keys.map((key) => ({ required: keys.filter((other) => other !== key) }));
  const named = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', pattern: 'iomesh' } },
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Manifests of IOMesh, IOMesh ${release}`,
    description:
      'For editors: each document of a file is checked with the schema of its kind. Objects that are not of IOMesh pass.',
    allOf: [
      branch(`iomeshcluster-${release}.schema.json`, kind('iomesh.com/v1alpha1', 'IOMeshCluster'), []),
      branch('zookeepercluster.schema.json', kind('zookeeper.pravega.io/v1beta1', 'ZookeeperCluster'), []),
      branch(
        'storageclass.schema.json',
        { ...kind('storage.k8s.io/v1', 'StorageClass'), provisioner: { const: 'com.iomesh.csi-driver' } },
        ['provisioner'],
      ),
      branch(
        'connection-configmap.schema.json',
        { ...kind('v1', 'ConfigMap'), data: { type: 'object', anyOf: twoKeys } },
        ['data'],
      ),
      branch(
        'connection-configmap.schema.json',
        { ...kind('v1', 'ConfigMap'), metadata: named, data: { type: 'object', anyOf: anyKey } },
        ['metadata', 'data'],
      ),
    ],
  };
}

function longForm(type) {
  return typeof type === 'object' && !Array.isArray(type) && type.is !== undefined ? type : { is: type };
}

function isRequired(type, release) {
  const { is, requiredUntil } = longForm(type);
  if (requiredUntil !== undefined) return release <= requiredUntil;
  return typeof is === 'string' && is.endsWith('!');
}

function nameIn(is) {
  return is.endsWith('!') ? is.slice(0, -1) : is;
}

function isScalar(is) {
  const plain = nameIn(is);
  return plain.startsWith('[') || Object.hasOwn(SCALARS, plain);
}

function readTable(name) {
  return load(readFileSync(join(import.meta.dirname, 'fields', `${name}.yaml`), 'utf8'));
}
