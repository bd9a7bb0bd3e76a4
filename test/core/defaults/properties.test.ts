/** Properties of every mutation, whatever the object. SEED=n repeats a run. */
import fc from 'fast-check';
import { applyPatch, type Operation as PatchStep } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { fillAbsent } from '../../../src/core/base/edits.ts';
import type { WriteOperation } from '../../../src/core/defaults/fill.ts';
import { DEFAULTS, mutate } from '../../../src/core/defaults/mutate.ts';
import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/base/json.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import type { Path } from '../../../src/core/base/path.ts';
import { World } from '../../../src/core/world.ts';
import {
  given,
  MANAGEMENT,
  MANAGEMENT_CLASS,
  MANAGEMENT_CONNECTION,
  MANAGEMENT_ZOOKEEPER,
  node,
  POOL,
  POOL_CLASS,
  POOL_CONNECTION,
  POOL_ZOOKEEPER,
  resourceOf,
  worldWith,
} from './world.ts';
import { runsOf } from '../../support/runs.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const RUN = { numRuns: runsOf(300), seed: SEED };
const KEYS = [
  MANAGEMENT,
  MANAGEMENT_ZOOKEEPER,
  MANAGEMENT_CONNECTION,
  MANAGEMENT_CLASS,
  POOL,
  POOL_ZOOKEEPER,
  POOL_CONNECTION,
  POOL_CLASS,
];

/** Every path of a value below its root. */
function pathsOf(value: Json, path: Path = []): Path[] {
  const children: [string | number, Json][] = isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return children.flatMap(([step, child]) => [[...path, step], ...pathsOf(child, [...path, step])]);
}

/** A copy in which no two places share an object. */
function copied(value: Json): Json {
  if (isArray(value)) return value.map(copied);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copied(child)]));
}

/** Puts a value at a path, or takes it out; where the path is gone already, nothing happens. */
function put(value: Json, [step, ...rest]: Path, wanted: Json | undefined): Json {
  if (isArray(value)) {
    if (typeof step !== 'number' || step >= value.length) return value;
    const copy = [...value];
    if (rest.length > 0) copy[step] = put(copy[step]!, rest, wanted);
    else if (wanted === undefined) copy.splice(step, 1);
    else copy[step] = wanted;
    return copy;
  }
  if (!isObject(value) || step === undefined || !Object.hasOwn(value, step)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]): [string, Json][] => {
      if (key !== step) return [[key, child]];
      if (rest.length > 0) return [[key, put(child, rest, wanted)]];
      return wanted === undefined ? [] : [[key, wanted]];
    }),
  );
}

const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    '',
    'x',
    '<placeholder>',
    '10.0.0.0/8',
    'a/b',
    0,
    -1,
    1e30,
    10n ** 30n,
    true,
    [],
    {},
    [null],
    [{}],
  ),
  fc.constantFrom<Json>(
    JSON.parse('{"__proto__": {"affinity": {}}, "constructor": {}, "toString": "x"}'),
    { nodeSelector: { a: 'b' } },
    { nodeSelectorTerms: [{}] },
    { image: { tags: 'v1' } },
  ),
  fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>,
);

/** An object of the set with some fields taken out, set to null, or spoilt. */
function damaged(keys: readonly string[], harm: fc.Arbitrary<Json | undefined>): fc.Arbitrary<Resource> {
  return fc.constantFrom(...keys).chain((key) => {
    const { json } = given(key);
    const paths = pathsOf(json).filter(
      ([first]) => first === 'spec' || first === 'data' || first === 'parameters',
    );
    const step = fc.tuple(fc.constantFrom(...paths), harm);
    return fc
      .array(step, { maxLength: 8 })
      .map((steps) =>
        resourceOf(steps.reduce<Json>((object, [path, value]) => put(object, path, value), json)),
      );
  });
}

const left = fc.constantFrom<Json | undefined>(undefined, undefined, undefined, null);
const anything = fc.oneof(left, junk);
const anObject = damaged(KEYS, anything);

const aWorld: fc.Arbitrary<World> = fc
  .record({
    others: fc.array(anObject, { maxLength: 3 }),
    without: fc.subarray(KEYS, { maxLength: 4 }),
    labelled: fc.boolean(),
    pools: fc.constantFrom<Record<string, Record<string, string[]>>>(
      {},
      { 'iomesh-cluster-1/iomesh-cluster-1': { zone: ['a'] } },
      { 'iomesh-cluster-1/iomesh-cluster-1': { zone: [] } },
    ),
    iomeshVersion: fc.constantFrom('1.0' as const, '1.2' as const),
  })
  .map(({ others, without, labelled, pools, iomeshVersion }) => {
    const nodes = labelled ? [node('n7', { 'iomesh-guard.io/pool': 'iomesh-cluster-1' })] : [];
    return worldWith([...others, ...nodes], { without, config: { pools, iomeshVersion } });
  });
const operation = fc.constantFrom<WriteOperation>('CREATE', 'UPDATE');

/** Asserts that whatever `before` holds, `after` holds in the same place. */
function expectKept(before: Json, after: Json | undefined, path: Path = []): void {
  if (before === null) return;
  if (!isObject(before)) {
    expect(after, path.join('.')).toEqual(before);
    return;
  }
  expect(isObject(after), path.join('.')).toBe(true);
  for (const key of Object.keys(before)) {
    expect(Object.hasOwn(after as JsonObject, key), [...path, key].join('.')).toBe(true);
    expectKept(before[key]!, (after as JsonObject)[key], [...path, key]);
  }
}

describe(`mutate (SEED=${SEED})`, () => {
  it('returns no patch when it is applied again', () => {
    fc.assert(
      fc.property(anObject, aWorld, operation, (resource, world, how) => {
        const once = mutate(resource, world, how);
        expect(mutate(once.resource, world, how).patch).toEqual([]);
        // Nor once it is stored, where it is a source for others and for itself.
        const later = world.with({ after: once.resource, ...stored(world, resource) });
        expect(mutate(once.resource, later, 'UPDATE').patch).toEqual([]);
      }),
      RUN,
    );
  });

  it('changes nothing that a person wrote and adds no annotation', () => {
    fc.assert(
      fc.property(anObject, aWorld, operation, (resource, world, how) => {
        const { json } = mutate(resource, world, how).resource;
        expectKept(resource.json, json);
        expect(json['metadata']).toBe(resource.json['metadata']);
      }),
      RUN,
    );
  });

  it('returns a patch that an independent implementation applies with the same result', () => {
    fc.assert(
      fc.property(anObject, aWorld, operation, (resource, world, how) => {
        const { patch, resource: after } = mutate(resource, world, how);
        // The other implementation drops this key from the values of a patch:
        // https://github.com/chbrown/rfc6902 (util.ts, clone)
        fc.pre(!JSON.stringify(patch).includes('"__proto__":'));
        const target = copied(resource.json);
        expect(applyPatch(target, copied(patch as unknown as Json) as unknown as PatchStep[])).toEqual(
          patch.map(() => null),
        );
        expect(target).toEqual(after.json);
      }),
      RUN,
    );
  });

  it('returns a minimal patch: absent fields are added, nulls replaced, no step inside another', () => {
    fc.assert(
      fc.property(anObject, aWorld, operation, (resource, world, how) => {
        const { patch, filled } = mutate(resource, world, how);
        expect(patch.length).toBeLessThanOrEqual(filled.length);
        expect(patch.length > 0).toBe(filled.length > 0);
        for (const [index, { op, path }] of patch.entries()) {
          const steps = path
            .slice(1)
            .split('/')
            .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'));
          const old = at(resource.json, steps);
          expect([op, old]).toEqual(op === 'add' ? ['add', undefined] : ['replace', null]);
          expect(isObject(at(resource.json, steps.slice(0, -1)))).toBe(true);
          expect(patch.every((each, other) => other === index || !each.path.startsWith(`${path}/`))).toBe(
            true,
          );
        }
      }),
      RUN,
    );
  });

  it('gives the same result when defaults are applied in another order or one after the other', () => {
    const inAnyOrder = damaged(KEYS, left).chain((resource) => {
      const defaults = [...DEFAULTS[resource.kind]!];
      const order = fc.shuffledSubarray(defaults, { minLength: defaults.length });
      return fc.tuple(fc.constant(resource), order);
    });
    fc.assert(
      fc.property(inAnyOrder, aWorld, ([resource, order], world) => {
        let object = resource;
        for (const each of order)
          object = { ...object, json: fillAbsent(object.json, each.fill(object, world, 'CREATE')) };
        expect(object.json).toEqual(mutate(resource, world, 'CREATE').resource.json);
      }),
      RUN,
    );
  });

  it('never throws for hostile objects in hostile worlds', () => {
    const names = fc.constantFrom(
      '',
      'iomesh',
      'iomesh-zookeeper',
      '-zookeeper',
      '__proto__',
      'constructor',
      'x'.repeat(300),
    );
    const kinds = fc.constantFrom(
      ['iomesh.com/v1alpha1', 'IOMeshCluster'],
      ['zookeeper.pravega.io/v1beta1', 'ZookeeperCluster'],
      ['v1', 'ConfigMap'],
      ['storage.k8s.io/v1', 'StorageClass'],
      ['v1', 'Node'],
      ['v1', 'Namespace'],
      ['v1', 'PersistentVolumeClaim'],
    );
    const hostile = fc
      .record({
        kind: kinds,
        name: names,
        namespace: names,
        spec: anything,
        data: anything,
        parameters: anything,
        metadata: anything,
        more: anObject,
      })
      .map(({ kind, name, namespace, spec, data, parameters, metadata, more }) => {
        const json: Record<string, Json> = {
          ...more.json,
          apiVersion: kind[0]!,
          kind: kind[1]!,
          provisioner: 'com.iomesh.csi-driver',
          metadata: metadata === undefined ? { name, namespace } : metadata,
        };
        for (const [key, value] of Object.entries({ spec, data, parameters }))
          if (value !== undefined) json[key] = value;
        return toResource(json, { name, namespace })!;
      });
    fc.assert(
      fc.property(
        hostile,
        fc.array(hostile, { maxLength: 5 }),
        aWorld,
        operation,
        (resource, others, tame, how) => {
          const wild = World.of({
            resources: [...others, resource],
            today: '2026-11-23',
            config: tame.config,
          });
          for (const world of [wild, tame, tame.with({ after: resource })]) {
            const once = mutate(resource, world, how);
            expectKept(resource.json, once.resource.json);
            expect(mutate(once.resource, world, how).patch).toEqual([]);
          }
        },
      ),
      RUN,
    );
  });

  it('never throws for an object of great depth or width', () => {
    let deep: Json = {};
    for (let level = 0; level < 50_000; level += 1) deep = { a: deep };
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 'v']));
    const long = Array.from({ length: 100_000 }, () => ({}));
    for (const [key, field] of [
      [POOL, 'spec'],
      [POOL_ZOOKEEPER, 'spec'],
      [POOL_CONNECTION, 'data'],
      [POOL_CLASS, 'parameters'],
    ] as const)
      for (const value of [deep, wide, long])
        for (const place of [field, 'extra']) {
          const resource = resourceOf({ ...given(key).json, [place]: value });
          expect(() => mutate(resource, worldWith([resource]), 'CREATE')).not.toThrow();
        }
  });
});

function stored(world: World, resource: Resource): { before?: Resource } {
  const old = world.getByKey(resource.key);
  return old === undefined ? {} : { before: old };
}
