/** Schema errors: hostile objects, intended fields and placeholders. */
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { renderHelp } from '../../../src/core/base/help-text.ts';
import { at, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { type Kind, toResource } from '../../../src/core/base/model.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import { placeholderIn } from '../../../src/core/schema/placeholder.ts';
import { type SchemaError, schemaErrors } from '../../../src/core/schema/schema-errors.ts';
import { MAX_VALUES } from '../../../src/core/schema/validate.ts';
import { baseDocuments } from '../../cases/harness.ts';
import { hostileJson } from '../../support/hostile-json.ts';

const VERSIONS: Partial<Record<Kind, string>> = {
  IOMeshCluster: 'iomesh.com/v1alpha1',
  ZookeeperCluster: 'zookeeper.pravega.io/v1beta1',
  ConfigMap: 'v1',
  StorageClass: 'storage.k8s.io/v1',
  PersistentVolumeClaim: 'v1',
};
const KINDS = Object.keys(VERSIONS) as Kind[];

function errors(kind: Kind, body: object, version: '1.0' | '1.2' = '1.0'): readonly SchemaError[] {
  const json = { apiVersion: VERSIONS[kind]!, kind, metadata: { name: 'a' }, ...body } as JsonObject;
  return schemaErrors(toResource(json)!, version);
}

describe('hostile objects', () => {
  it('never make it throw, and each error has one line', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        fc.constantFrom('1.0', '1.2'),
        hostileJson,
        hostileJson,
        (kind, version, a, b) => {
          const json = Object.fromEntries([
            ['apiVersion', VERSIONS[kind]!],
            ['kind', kind],
            ['metadata', a],
            ['spec', b],
            ['data', a],
            ['parameters', b],
            ['__proto__', a],
          ]) as JsonObject;
          for (const error of schemaErrors(toResource(json)!, version)) {
            expect(error.message).toMatch(/^[^\n]{1,500}$/);
            if (error.help !== undefined) expect(renderHelp(error.help)).toMatch(/^[^\n]{1,1000}$/);
            expect(formatPath(error.path)).toBeTypeOf('string');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never make it throw when any value is in any place of a valid object', () => {
    const documents = [...baseDocuments().values()].map((text) => load(text) as JsonObject);
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), hostileJson, (document, pick, value) => {
        const paths = [...pathsOf(document)].filter(
          (path) => path.length > 0 && path[0] !== 'kind' && path[0] !== 'apiVersion',
        );
        const path = paths[pick % paths.length]!;
        const resource = toResource(replaced(document, path, value));
        if (resource !== undefined) expect(Array.isArray(schemaErrors(resource, '1.0'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('have bounded errors and take bounded time with 100 000 wrong values', () => {
    const values = Array.from({ length: 100_000 }, () => 1);
    const term = { matchExpressions: [{ key: 'a', operator: 'In', values }] };
    const required = { nodeSelectorTerms: [term] };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    const started = performance.now();
    const found = errors('ZookeeperCluster', { spec: { pod: { affinity } } });
    expect(performance.now() - started).toBeLessThan(1000);
    expect(found.length).toBeLessThan(60);
    expect(found.at(-1)?.message).toContain(`more than ${MAX_VALUES} values`);
    expect(found.some(({ message }) => message.includes('more errors of this kind'))).toBe(true);
  });

  it('list the first of very many unknown fields, and how many more there are', () => {
    const spec = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]));
    const found = errors('ZookeeperCluster', { spec });
    expect(found.filter(({ code }) => code === 'IOM004').length).toBeLessThan(60);
    expect(found.map(({ message }) => message).join('\n')).toContain('more errors');
  });

  it('are not searched deeper than the schema', () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    expect(errors('ZookeeperCluster', { spec: { ports: deep, replicas: deep } }).length).toBeGreaterThan(0);
  });

  it('report inherited names as unknown fields', () => {
    const spec = JSON.parse('{"__proto__": {"replicas": "x"}, "constructor": 1, "toString": {}}') as Json;
    const keys = errors('ZookeeperCluster', { spec }).map(({ path }) => path.at(-1));
    expect(keys.sort()).toEqual(['__proto__', 'constructor', 'toString']);
  });
});

describe('the fix of a value that must be a string', () => {
  it.each([
    [5, 'safe', '5'],
    [1.5, 'safe', '1.5'],
    [1e30, 'unsafe', '1e+30'],
    [true, 'unsafe', 'true'],
  ])('quotes %j if the text of the object is unknown', (value, safety, text) => {
    const [error] = errors('StorageClass', {
      provisioner: 'com.iomesh.csi-driver',
      parameters: { a: value },
    });
    expect(error?.fix).toMatchObject({ safety, description: `quote it: "${text}"` });
  });
});

describe('an object as the apiserver reads it', () => {
  it('may have integers of any size', () => {
    expect(errors('ZookeeperCluster', { spec: { replicas: 2n ** 60n } })).toEqual([]);
    expect(errors('ZookeeperCluster', { spec: { replicas: 3.5 } }).map(({ code }) => code)).toEqual([
      'IOM005',
    ]);
  });

  it('is checked without status and managedFields', () => {
    const managedFields = Array.from({ length: MAX_VALUES }, () => ({ a: 1 }));
    expect(errors('ConfigMap', { metadata: { name: 'a', managedFields }, data: {} })).toEqual([]);
  });
});

describe('the intended field', () => {
  const meta = (body: object) =>
    errors('IOMeshCluster', { spec: { meta: body } }).find(({ code }) => code === 'IOM004');

  it.each([
    [{ affinity: {} }, 'spec.meta.podPolicy.affinity'],
    [{ nodeSelector: {} }, 'spec.meta.podPolicy.nodeSelector'],
    [{ podAffinity: {} }, 'spec.meta.podPolicy.affinity.podAffinity'],
    [{ podPolicy: { podAntiAffinity: {} } }, 'spec.meta.podPolicy.affinity.podAntiAffinity'],
    [
      { podPolicy: { affinity: { nodeSelectorTerms: [] } } },
      'spec.meta.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    ],
    [{ tag: 'a' }, 'spec.meta.image.tag'],
    [{ imagePullPolicy: 'Always' }, 'spec.meta.image.pullPolicy'],
    [{ replica: 3 }, 'spec.meta.replicas'],
    [{ limits: {} }, 'spec.meta.resources.limits'],
    [{ image: { repo: 'a' } }, undefined],
    [{ podpolicy: {} }, 'spec.meta.podPolicy'],
    [{ dataCIDR: '10.0.0.0/8' }, undefined],
  ])('of %j is %s', (body, intended) => {
    const error = meta(body);
    expect(error?.intended === undefined ? undefined : formatPath(error.intended)).toBe(intended);
  });

  it('is unknown when the value is of another type', () => {
    expect(meta({ affinity: 'a' })?.intended).toBeUndefined();
  });

  it('is named up to the list, without a fix, when it is inside a list', () => {
    const error = errors('ZookeeperCluster', {
      spec: {
        pod: {
          affinity: {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { matchExpressions: [] } },
          },
        },
      },
    }).find(({ code }) => code === 'IOM004');
    expect(error?.message).toContain('belongs inside');
    expect(error?.fix).toBeUndefined();
  });

  it('is the target of the fix', () => {
    const error = errors('PersistentVolumeClaim', { spec: { storageclassname: 'a' } }).find(
      ({ code }) => code === 'IOM004',
    );
    expect(error?.fix?.edits).toEqual([
      { op: 'move', from: ['spec', 'storageclassname'], path: ['spec', 'storageClassName'] },
    ]);
  });
});

describe('placeholders', () => {
  it.each([
    ['<your-data-cidr-here>', '<your-data-cidr-here>'],
    ['a.<namespace>.svc', '<namespace>'],
    ['< 网段 >', '< 网段 >'],
    ['a < b', undefined],
    ['a <b', undefined],
    ['<>', undefined],
    ['<-->', undefined],
    ['->', undefined],
  ])('in %s: %s', (text, found) => expect(placeholderIn(text)).toBe(found));

  it('are found in linear time in a hostile text', () => {
    const started = process.cpuUsage();
    placeholderIn('<'.repeat(1_000_000));
    placeholderIn(`<${'a'.repeat(1_000_000)}`);
    placeholderIn('<a'.repeat(1_000_000));
    expect(process.cpuUsage(started).user).toBeLessThan(100_000);
  });
});

function* pathsOf(value: Json, path: (string | number)[] = []): Iterable<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) yield* pathsOf(at(value, [key])!, [...path, key]);
}

function replaced(json: JsonObject, path: readonly (string | number)[], value: Json): JsonObject {
  const copy = structuredClone(json) as Record<string | number, unknown>;
  let holder = copy;
  for (const step of path.slice(0, -1)) holder = holder[step] as typeof holder;
  holder[path.at(-1)!] = value;
  return copy as JsonObject;
}
