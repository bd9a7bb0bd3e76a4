/** Schema errors: hostile objects, intended fields and placeholders. */
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { renderHelp } from '../../../src/core/base/help-text.ts';
import type { IomeshVersion } from '../../../src/core/base/iomesh-version.ts';
import { at, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { type Kind, toResource } from '../../../src/core/base/model.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import { placeholderIn } from '../../../src/core/schema/placeholder.ts';
import { type SchemaError, schemaErrors } from '../../../src/core/schema/schema-errors.ts';
import { MAX_VALUES } from '../../../src/core/schema/validate.ts';
import { baseDocuments } from '../../cases/harness.ts';
import { hostileJson } from '../../support/hostile-json.ts';
import { runsOf } from '../../support/runs.ts';

const VERSIONS: Partial<Record<Kind, string>> = {
  IOMeshCluster: 'iomesh.com/v1alpha1',
  ZookeeperCluster: 'zookeeper.pravega.io/v1beta1',
  ConfigMap: 'v1',
  StorageClass: 'storage.k8s.io/v1',
  PersistentVolumeClaim: 'v1',
};
const KINDS = Object.keys(VERSIONS) as Kind[];

function errors(kind: Kind, body: object, version: IomeshVersion = '1.0'): readonly SchemaError[] {
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
      { numRuns: runsOf(2000) },
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
      { numRuns: runsOf(2000) },
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

const IMAGE = { repository: 'a' };
/** What the definition of IOMesh 1.0 requires. */
const REQUIRED = {
  storageClass: 'hostpath',
  reclaimPolicy: { volume: 'Delete', blockdevice: 'Delete' },
  meta: { replicas: 3, image: IMAGE },
  chunk: { replicas: 3, dataCIDR: '10.40.0.0/16', image: IMAGE, devicemanager: { image: IMAGE } },
  redirector: { dataCIDR: '10.40.0.0/16', image: IMAGE },
  probe: { image: IMAGE },
  toolbox: { image: IMAGE },
};
const found = (list: readonly SchemaError[]) =>
  list.map(({ code, path, minor }) => `${code} ${formatPath(path)}${minor === true ? ' (minor)' : ''}`);

describe('an IOMeshCluster with the fields that came with IOMesh 1.1', () => {
  const selector = { matchLabels: { 'iomesh.com/bd-driverType': 'SSD' } };
  const extraEnvs = { A: 'b' };
  const spec = {
    ...REQUIRED,
    edition: 'community',
    platform: '',
    version: 'v1.1.0',
    clusterID: -1,
    cpuExclusiveOptions: {
      cpuExclusivePolicy: 'kubeletCpuManager',
      exclusiveCpusets: { chunk: '0-3', meta: '4' },
    },
    meta: { ...REQUIRED.meta, extraEnvs },
    chunk: {
      ...REQUIRED.chunk,
      extraEnvs,
      deviceMap: { dataStore: { selector, include: ['blockdevice-1'] } },
    },
    redirector: { ...REQUIRED.redirector, iscsiServerPort: 3260, extraEnvs },
  };

  it.each(['1.1', '1.2'] as const)('has no error in %s', (version) => {
    expect(errors('IOMeshCluster', { spec }, version)).toEqual([]);
  });

  it('has one error for each of them in 1.0, which names 1.1', () => {
    const unknown = errors('IOMeshCluster', { spec });
    expect(found(unknown)).toHaveLength(10);
    for (const { code, message } of unknown) {
      expect(code).toBe('IOM004');
      expect(message).toContain('only from IOMesh 1.1 on');
    }
  });
});

describe('a field that no definition of IOMesh has', () => {
  const term = { topologyKey: 'kubernetes.io/hostname' };
  const affinity = (extra: object) => ({
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, ...extra }] },
  });

  it.each([
    [{ pod: { topologySpreadConstraints: [] } }, 'spec.pod.topologySpreadConstraints'],
    [{ pod: { securityContext: { appArmorProfile: {} } } }, 'spec.pod.securityContext.appArmorProfile'],
    [
      { persistence: { spec: { volumeAttributesClassName: 'a' } } },
      'spec.persistence.spec.volumeAttributesClassName',
    ],
    [
      { persistence: { spec: { dataSourceRef: { kind: 'a', name: 'b', namespace: 'c' } } } },
      'spec.persistence.spec.dataSourceRef.namespace',
    ],
    [{ pod: { resources: { claims: [] } } }, 'spec.pod.resources.claims'],
    [
      { pod: { affinity: affinity({ matchLabelKeys: [] }) } },
      'spec.pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys',
    ],
  ])('is reported in a ZookeeperCluster: %j', (spec, path) => {
    expect(found(errors('ZookeeperCluster', { spec }))).toEqual([`IOM004 ${path}`]);
    expect(found(errors('ZookeeperCluster', { spec }, '1.1'))).toEqual([`IOM004 ${path}`]);
    expect(found(errors('ZookeeperCluster', { spec }, '1.2'))).toEqual([`IOM004 ${path} (minor)`]);
  });

  it('is reported in an IOMeshCluster, whose definition is older', () => {
    const podPolicy = { affinity: affinity({ namespaceSelector: {} }) };
    const spec = { ...REQUIRED, meta: { ...REQUIRED.meta, podPolicy, resources: { claims: [] } } };
    expect(found(errors('IOMeshCluster', { spec }))).toEqual([
      'IOM004 spec.meta.podPolicy.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespaceSelector',
      'IOM004 spec.meta.resources.claims',
    ]);
    expect(errors('ZookeeperCluster', { spec: { pod: podPolicy } })).toEqual([]);
  });

  it('does not hide in 1.2 that the field which was meant is missing', () => {
    const { storageClass, ...others } = REQUIRED;
    expect(found(errors('IOMeshCluster', { spec: { ...others, storageClas: storageClass } }, '1.2'))).toEqual(
      ['IOM004 spec.storageClas (minor)', 'IOM006 spec.storageClass'],
    );
  });
});

describe('a value that only the pods reject', () => {
  it('is a warning, which says so', () => {
    const tolerations = [{ key: 'a', operator: 'exists', effect: 'noSchedule' }];
    const meta = { ...REQUIRED.meta, podPolicy: { tolerations } };
    const list = errors('IOMeshCluster', { spec: { ...REQUIRED, meta } });
    expect(found(list)).toEqual([
      'IOM005 spec.meta.podPolicy.tolerations[0].operator (minor)',
      'IOM005 spec.meta.podPolicy.tolerations[0].effect (minor)',
    ]);
    for (const { message } of list) expect(message).toContain('the apiserver accepts it');
  });

  it('is no error if it is a quantity that the definitions accept', () => {
    const limits = { memory: '1e1.5' };
    const meta = { ...REQUIRED.meta, resources: { limits } };
    expect(errors('IOMeshCluster', { spec: { ...REQUIRED, meta } })).toEqual([]);
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1e1.5' } } };
    expect(found(errors('PersistentVolumeClaim', { spec: claim }))).toEqual([
      'IOM005 spec.resources.requests.storage',
    ]);
  });
});

describe('an object as the apiserver reads it', () => {
  it('may not have unknown fields, even if they are null', () => {
    expect(found(errors('IOMeshCluster', { spec: { ...REQUIRED, foo: null } }))).toEqual(['IOM004 spec.foo']);
    expect(found(errors('IOMeshCluster', { spec: REQUIRED, status: { foo: 1, license: 'a' } }))).toEqual([
      'IOM004 status.foo',
    ]);
  });

  it('may have null in place of a field or a label, which counts as absent', () => {
    const spec = {
      ...REQUIRED,
      portOffset: null,
      chunk: { ...REQUIRED.chunk, deviceMap: { dataStore: null } },
    };
    expect(errors('IOMeshCluster', { spec, metadata: { name: 'a', labels: { a: null } } })).toEqual([]);
    expect(found(errors('IOMeshCluster', { spec: { ...spec, storageClass: null } }))).toEqual([
      'IOM006 spec.storageClass',
    ]);
  });

  it('must have items with their required fields, numbers within their bounds, and legal names', () => {
    expect(
      found(
        errors('ZookeeperCluster', {
          metadata: { name: 'A_b', labels: { 'a b': 'c', d: '-' }, annotations: { '-': 'e' } },
          spec: {
            pod: { env: [{ value: 'a' }] },
            containers: [{ image: 'a' }],
            volumes: [{ emptyDir: {} }],
            ports: [{ containerPort: 2 ** 31 }],
            probes: { livenessProbe: { periodSeconds: -1 } },
          },
        }),
      ).sort(),
    ).toEqual([
      'IOM005 metadata.annotations["-"]',
      'IOM005 metadata.labels.d',
      'IOM005 metadata.labels["a b"]',
      'IOM005 metadata.name',
      'IOM005 spec.ports[0].containerPort',
      'IOM005 spec.probes.livenessProbe.periodSeconds',
      'IOM006 spec.containers[0].name',
      'IOM006 spec.pod.env[0].name',
      'IOM006 spec.volumes[0].name',
    ]);
  });

  it('may have integers of 64 bits, or 32 where the definition says so', () => {
    const config = (initLimit: bigint) => errors('ZookeeperCluster', { spec: { config: { initLimit } } });
    expect(config(2n ** 60n)).toEqual([]);
    expect(config(2n ** 63n).map(({ code }) => code)).toEqual(['IOM005']);
    expect(errors('ZookeeperCluster', { spec: { replicas: 2n ** 31n - 1n } })).toEqual([]);
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
