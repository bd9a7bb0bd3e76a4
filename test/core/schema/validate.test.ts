/** Validation by the field tree finds what ajv finds by the schemas themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorObject } from 'ajv';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { IOMESH_VERSIONS } from '../../../src/core/base/iomesh-version.ts';
import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { KINDS } from '../../../src/core/base/model.ts';
import type { Path } from '../../../src/core/base/path.ts';
import { trees } from '../../../src/core/schema/compiled.js';
import { type FieldNode, rootOf, stepInto, treeOf } from '../../../src/core/schema/field-tree.ts';
import { MAX_VALUES, validate } from '../../../src/core/schema/validate.ts';
import { documentValue } from '../../../src/manifests/read.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { CASES } from '../../cases/all.ts';
import { baseDocuments, caseText, readWorld } from '../../cases/harness.ts';
import { hostileJson, mutationOf } from '../../support/hostile-json.ts';
import { apiserverSchemas } from '../../support/schema-files.ts';
import { runsOf } from '../../support/runs.ts';

const ROOT = join(import.meta.dirname, '../../..');

const SCHEMAS = {
  iomeshCluster10: 'iomeshcluster-1.0',
  iomeshCluster11: 'iomeshcluster-1.1',
  iomeshCluster12: 'iomeshcluster-1.2',
  zookeeperCluster: 'zookeepercluster',
  configMap: 'connection-configmap',
  storageClass: 'storageclass',
  namespace: 'namespace',
  persistentVolumeClaim: 'persistentvolumeclaim',
  config: 'config',
  helmValues: 'helm-values',
} as const satisfies Record<keyof typeof trees, string>;

type TreeName = keyof typeof SCHEMAS;

const ajv = apiserverSchemas();

const CLAIM: JsonObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'a', labels: { app: 'b' } },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'c',
    volumeMode: 'Block',
    resources: { requests: { storage: '20Gi' }, limits: { storage: 5 } },
  },
};

const CONFIG: JsonObject = {
  managementCluster: 'iomesh-system/iomesh',
  iomeshVersion: '1.2',
  nodes: ['a', { name: 'b', labels: { zone: 'c' } }],
  pools: { 'ns/name': { 'kubernetes.io/hostname': ['a'] } },
  rules: { IOM101: 'off', 'scale-step': 'error', IOM102: false },
  mode: 'warn',
};

const VALUES = load(readFileSync(join(ROOT, 'examples/helm/iomesh.yaml'), 'utf8')) as JsonObject;

/** What both find: each error as its keyword and a JSON pointer, sorted. */
function compare(name: TreeName, value: Json): [ours: string[], ajvs: string[]] {
  const found = validate(trees[name], value)
    // Ajv knows nothing of values that only the pods check, and is not asked about a status.
    .errors.filter(
      ({ keyword, path }) => keyword !== 'expected' && keyword !== 'requirement' && path[0] !== 'status',
    )
    .map(({ keyword, path }) => `${keyword} ${pointerOf(path)}`);
  const check = ajv.getSchema(`${SCHEMAS[name]}.schema.json`)!;
  const errors = check(asApiserverReads(value, rootOf(trees[name]))) ? [] : (check.errors ?? []);
  const wrongTypes = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  const expected = errors
    // The pattern of a key is reported as propertyNames as well.
    .filter(({ propertyName }) => propertyName === undefined)
    // Of a value of a wrong type nothing else is reported.
    .filter(({ keyword, instancePath }) => keyword === 'type' || !wrongTypes.has(instancePath))
    .filter(({ instancePath }) => !instancePath.startsWith('/status'))
    .map((error) => `${error.keyword} ${error.instancePath}${keyOf(error)}`);
  return [found.sort(), [...new Set(expected)].sort()];
}

function keyOf({ keyword, params }: ErrorObject): string {
  if (keyword === 'required') return pointerOf([String(params['missingProperty'])]);
  if (keyword === 'additionalProperties') return pointerOf([String(params['additionalProperty'])]);
  return keyword === 'propertyNames' ? pointerOf([String(params['propertyName'])]) : '';
}

function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * The apiserver drops null members of objects that it knows before it validates. Integers have 64 bits; a
 * larger one is no integer.
 */
function asApiserverReads(value: Json, node: FieldNode | undefined): unknown {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? Number(value) : 0.5;
  if (typeof value === 'number') return Math.abs(value) < 2 ** 63 ? value : 0.5;
  if (Array.isArray(value)) return value.map((each) => asApiserverReads(each, node && stepInto(node, 0)));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, each] of Object.entries(value)) {
    const child = node && stepInto(node, key);
    if (each !== null) copy[key] = asApiserverReads(each, child);
    else if (child === undefined ? node?.closed === true : child.types?.includes('null')) copy[key] = null;
  }
  return copy;
}

function treeNamed(index: number): TreeName {
  return (Object.keys(SCHEMAS) as TreeName[]).find((name) => trees[name] === index)!;
}

function expectAgreement(name: TreeName, value: Json): number {
  const [ours, ajvs] = compare(name, value);
  expect(ours).toEqual(ajvs);
  return ours.length;
}

describe('validate agrees with ajv', () => {
  it.each(CASES)('on every object of $code', ({ lint }) => {
    for (const each of lint) {
      const world = readWorld(caseText(each), each);
      for (const values of world.helmValues) expectAgreement('helmValues', values.json);
      for (const { kind, json } of KINDS.flatMap((kind) => world.all(kind)))
        for (const version of IOMESH_VERSIONS) {
          const tree = treeOf(kind, version);
          if (tree !== undefined) expectAgreement(treeNamed(tree), json);
        }
    }
  });

  it.each(['two-clusters', 'broken'])('on every object of examples/%s', (folder) => {
    const files = readdirSync(join(ROOT, 'examples', folder), { recursive: true, encoding: 'utf8' });
    let errors = 0;
    for (const name of files.filter((each) => each.endsWith('.yaml'))) {
      const file = readManifests(name, readFileSync(join(ROOT, 'examples', folder, name)));
      for (const { index } of file.documents.filter(({ status }) => status !== 'failed'))
        for (const tree of Object.keys(SCHEMAS) as TreeName[])
          errors += expectAgreement(tree, documentValue(file, index));
    }
    // Each object was also checked against the schemas of other kinds.
    expect(errors).toBeGreaterThan(50);
  });

  it('on random mutations of valid objects', () => {
    const documents = [...baseDocuments().values()].map((text) => load(text) as JsonObject);
    const trees = (object: JsonObject): TreeName[] => {
      if (object === CONFIG) return ['config'];
      if (object === VALUES) return ['helmValues'];
      const kind = KINDS.find((each) => each === object['kind']);
      if (kind === undefined) return [];
      return IOMESH_VERSIONS.flatMap((version) => {
        const tree = treeOf(kind, version);
        return tree === undefined ? [] : [treeNamed(tree)];
      });
    };
    let errors = 0;
    const objects = [...documents, CLAIM, CONFIG, VALUES].filter((object) => trees(object).length > 0);
    const mutation = fc
      .constantFrom(...objects)
      .chain((object) => fc.tuple(fc.constant(trees(object)), mutationOf([object])));
    fc.assert(
      fc.property(mutation, ([names, object]) => {
        for (const name of names) errors += expectAgreement(name, object);
      }),
      { numRuns: runsOf(3000) },
    );
    expect(errors).toBeGreaterThan(runsOf(3000));
  });

  it('on any JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(SCHEMAS) as TreeName[])), hostileJson, (name, value) => {
        expectAgreement(name, value);
      }),
      { numRuns: runsOf(2000) },
    );
  });
});

describe('validate', () => {
  const check = (spec: Json) => validate(trees.zookeeperCluster, { spec });

  it('skips null members of objects but not null items of lists', () => {
    const claim = (accessModes: Json) =>
      validate(trees.persistentVolumeClaim, { ...CLAIM, status: null, spec: { ...at(CLAIM), accessModes } });
    const at = (object: JsonObject) => object['spec'] as JsonObject;
    expect(claim(['ReadWriteOnce']).errors).toEqual([]);
    expect(claim(null).errors.map(({ keyword, path }) => [keyword, ...path])).toEqual([
      ['required', 'spec', 'accessModes'],
    ]);
    expect(claim([null]).errors.map(({ keyword, path }) => [keyword, ...path])).toEqual([
      ['type', 'spec', 'accessModes', 0],
    ]);
  });

  it('lists errors in the order of the object', () => {
    const { errors } = check({ replicas: 'a', extra: 1, image: { tag: 2, more: 3 } });
    expect(errors.filter(({ keyword }) => keyword !== 'required').map(({ path }) => path.join('.'))).toEqual([
      'spec.replicas',
      'spec.extra',
      'spec.image.tag',
      'spec.image.more',
    ]);
  });

  it('stops at the maximum of values and says so', () => {
    const ports = Array.from({ length: 3 * MAX_VALUES }, () => 1);
    const many = check({ ports });
    expect(many.whole).toBe(false);
    expect(many.errors.length).toBeLessThanOrEqual(1000);
    const unknown = Object.fromEntries(ports.map((_, index) => [`field${index}`, 1]));
    expect(check(unknown).whole).toBe(false);
    expect(check({ replicas: 3 }).whole).toBe(true);
  });
});
