/** Any JSON in any place, and any amount of it: every rule answers, and each finding can be printed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { applyEdits } from '../../../src/core/base/edits.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { judge, judgeChange } from '../../../src/core/judge/judge.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { type Change, type Resource, toResource } from '../../../src/core/base/model.ts';
import type { Path } from '../../../src/core/base/path.ts';
import { World } from '../../../src/core/world.ts';
import { configs, resourcesOf, worlds } from './worlds.ts';
import { runsOf } from '../../support/runs.ts';

const TODAY = '2026-11-23';

function check({ message, help, label, related }: Finding, most: number): void {
  for (const text of [message, help ?? '', label, ...related.map((each) => each.message)]) {
    expect(text).not.toMatch(/undefined|\[object|NaN/);
    expect(text.length, text.slice(0, 200)).toBeLessThan(most);
  }
}

/** Evaluates a change and checks its findings. */
function checkChange(world: World, change: Change, most: number): void {
  const { denied, warned } = judgeChange(world, change);
  for (const each of [...denied, ...warned]) check(each, most);
}

const STRANGE: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2n ** 70n,
  '',
  ' ',
  'a\nb\u001b[31m',
  '__proto__',
  'x'.repeat(600),
  '/',
  '<a>',
  [],
  {},
  [null],
  [[[[]]]],
  [{}, 1, 'a', null],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": null}') as JsonObject,
  { matchLabels: 1, matchExpressions: {}, key: [], values: {} },
];

/** Every path in a value. */
function paths(value: Json, at: Path = []): Path[] {
  const children: [string | number, Json][] = isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [at, ...children.flatMap(([key, child]) => paths(child, [...at, key]))];
}

/** The same object with strange values in some places. */
function spoil(resource: Resource, places: readonly (readonly [number, number])[]): Resource {
  let json = resource.json;
  for (const [place, value] of places) {
    const all = paths(json).slice(1);
    const path = all[place % all.length] as Path;
    json = applyEdits(json, [{ op: 'replace', path, value: STRANGE[value % STRANGE.length]! }]);
  }
  const { apiVersion, kind, name, namespace } = resource.ref;
  const spoilt: JsonObject = { ...json, apiVersion, kind };
  return toResource(spoilt, namespace === undefined ? { name } : { name, namespace }) ?? resource;
}

const places = fc.array(fc.tuple(fc.nat(5000), fc.nat(5000)), { minLength: 1, maxLength: 4 });

const spoiledWorlds = fc
  .tuple(worlds, configs, fc.array(places, { minLength: 30, maxLength: 30 }))
  .map(([world, config, spoilt]) => {
    const resources = resourcesOf(world).map((each, index) => spoil(each, spoilt[index % spoilt.length]!));
    return World.of({ resources, config, today: world.today });
  });

describe('strange values in correct objects', () => {
  it('are answered by lint', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(spoiledWorlds, (world) => {
        for (const each of judge(world).findings) check(each, 4000);
      }),
      { numRuns: runsOf(150) },
    );
  });

  it('are answered at admission', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(spoiledWorlds, fc.nat(500), places, (world, pick, spoilt) => {
        const all = resourcesOf(world);
        const before = all[pick % Math.max(1, all.length)];
        if (before === undefined) return;
        checkChange(world, { before, after: spoil(before, spoilt) }, 4000);
        checkChange(world, { before }, 4000);
      }),
      { numRuns: runsOf(150) },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

/** Text that itself looks like a value printed by mistake says nothing about the message that quotes it. */
const isTelling = (text: string) => !/undefined|\[object|NaN/.test(text);

const junk = fc.oneof(
  fc.constantFrom<Json>(...STRANGE, 1n << 64n, 'v1', ':', '.svc.', '-meta-client.', '::/', 'a/b/c', '\0'),
  fc.string().filter(isTelling),
  fc
    .jsonValue({ maxDepth: 3 })
    .filter((value) => isTelling(JSON.stringify(value)))
    .map((value) => value as Json),
);

/** An object with some of its fields, or junk in its place. */
function record(shape: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> {
  const value = fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Json>;
  return fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: junk });
}

const required = record({ nodeSelectorTerms: junk });
const podPolicy = record({
  nodeSelector: junk,
  affinity: record({
    nodeAffinity: record({ requiredDuringSchedulingIgnoredDuringExecution: required }),
    podAntiAffinity: junk,
  }),
});
const image = record({ repository: junk, tag: junk, pullPolicy: junk });
const mount = record({
  selector: record({ matchLabels: junk, matchExpressions: junk }),
  include: junk,
  exclude: junk,
});
const component = record({
  image,
  podPolicy,
  replicas: junk,
  dataCIDR: junk,
  devicemanager: record({ image, blockDeviceNamespace: junk }),
  deviceMap: record({ dataStore: mount, rawCache: mount, cachewithjournal: mount }),
});
/** Every field that a rule reads, of whatever kind. */
const fields = {
  spec: record({
    meta: component,
    chunk: component,
    redirector: component,
    probe: component,
    image,
    pod: podPolicy,
    replicas: junk,
    diskDeploymentMode: junk,
    edition: junk,
    reclaimPolicy: record({ volume: junk, blockdevice: junk }),
    persistence: record({ reclaimPolicy: junk }),
    storageClassName: junk,
    accessModes: junk,
    volumeMode: junk,
  }),
  data: record({ clusterId: junk, iscsiPortal: junk, metaAddr: junk, metaaddr: junk }),
  parameters: record({
    clusterConnection: junk,
    iomeshCluster: junk,
    iomeshcluster: junk,
    replicaFactor: junk,
    ec_k: junk,
    thinProvision: junk,
    reclaimPolicy: junk,
    'csi.storage.k8s.io/fstype': junk,
    __proto__: junk,
  }),
  reclaimPolicy: junk,
  provisioner: fc.constantFrom<Json>('com.iomesh.csi-driver', 'com.iomesh.csi-driver', 3),
};

const KINDS = [
  ['iomesh.com/v1alpha1', 'IOMeshCluster'],
  ['zookeeper.pravega.io/v1beta1', 'ZookeeperCluster'],
  ['v1', 'ConfigMap'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['v1', 'PersistentVolumeClaim'],
] as const;

const junkObject = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    name: fc.constantFrom('iomesh', 'iomesh-zookeeper', 'pool', ''),
    namespace: fc.constantFrom('iomesh-system', 'pool', ''),
    fields: fc.record(fields),
    waive: fc.oneof(fc.constantFrom('IOM405', 'IOM405=a;until=2020-01-01', 'a=b;c;until=', ';;'), junk),
  })
  .map(({ kind: [apiVersion, kind], name, namespace, fields, waive }) => {
    const metadata = { name, namespace, annotations: { 'iomesh-guard.io/waive': waive } };
    const json: JsonObject = { ...fields, apiVersion, kind, metadata };
    return toResource(json)!;
  });

describe('objects of junk', () => {
  it.each(['1.0', '1.2'] as const)('are answered in short lines (%s)', { timeout: 600_000 }, (version) => {
    const config = { ...DEFAULT_CONFIG, iomeshVersion: version };
    fc.assert(
      fc.property(fc.array(junkObject, { maxLength: 6 }), junkObject, (resources, subject) => {
        const world = World.of({ resources, config, today: TODAY });
        for (const each of judge(world).findings) check(each, 800);
        checkChange(world, { before: world.getByKey(subject.key), after: subject }, 800);
        for (const before of resources) {
          checkChange(world, { before }, 800);
          checkChange(world, { before, after: before }, 800);
          checkChange(World.of({ resources: [], config, today: TODAY }), { after: before }, 800);
        }
      }),
      { numRuns: runsOf(400) },
    );
  });

  it('are answered fast and with few findings if they are huge', () => {
    const huge = 'a-meta-client.'.repeat(70_000);
    const mounts = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`dataStore${index}`, {}]),
    );
    const values: Record<string, JsonObject> = {
      ConfigMap: { data: { clusterId: huge, iscsiPortal: huge, metaAddr: huge } },
      IOMeshCluster: {
        spec: { chunk: { dataCIDR: huge, deviceMap: mounts }, redirector: { dataCIDR: huge } },
      },
      ZookeeperCluster: { spec: { persistence: { reclaimPolicy: huge } } },
      StorageClass: { provisioner: 'com.iomesh.csi-driver', parameters: { clusterConnection: huge } },
    };
    const resources = KINDS.flatMap(([apiVersion, kind]) =>
      ['iomesh-system', 'b'].map((namespace) => {
        const metadata = { namespace, name: 'iomesh' };
        return toResource({ apiVersion, kind, metadata, ...values[kind] })!;
      }),
    );
    const start = performance.now();
    const { findings } = judge(World.of({ resources, today: TODAY }));
    expect(performance.now() - start).toBeLessThan(2000);
    expect(findings.length).toBeLessThan(250);
    for (const each of findings) check(each, 500);
  });
});
