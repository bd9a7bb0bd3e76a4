/** Arbitrary JSON for property tests: any value in any place, with names that the schemas know. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/core/base/json.ts';

const NAMES = [
  ...['spec', 'meta', 'chunk', 'image', 'repository', 'tag', 'tags', 'podPolicy', 'affinity', 'nodeAffinity'],
  ...['data', 'matchExpressions', 'nodeSelectorTerms', 'key', 'operator', 'values', 'deviceMap', 'dataStore'],
  ...['selector', 'requiredDuringSchedulingIgnoredDuringExecution', 'metadata', 'labels', 'parameters'],
  ...['persistence', 'pod', 'limits', 'pools', 'nodes', 'name'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '0', ''],
  ...['a/b', 'a~b', 'image.tag'],
];

const VALUES: readonly Json[] = [
  ...[null, true, 2, -0, 1.5, 1e300, 2n ** 70n, '', '<a>', 'In', 'yes', '20Gi', '\u0000\ud800'],
];

/** Any JSON, with the schemas' own names in any place. */
export const { hostileJson } = fc.letrec<{ hostileJson: Json }>((tie) => ({
  hostileJson: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom(...VALUES),
    fc.string(),
    fc.array(tie('hostileJson'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), tie('hostileJson')), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries) as JsonObject),
  ),
}));

type Holder = Record<string | number, unknown>;

/** One of the objects with up to four changes: a value replaced, a member removed, added or renamed. */
export function mutationOf(objects: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  const change = fc.record({
    place: fc.nat(),
    action: fc.constantFrom('replace', 'remove', 'add', 'rename'),
    key: fc.oneof(fc.constantFrom(...NAMES), fc.string()),
    value: hostileJson,
  });
  return fc
    .tuple(fc.constantFrom(...objects), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([object, changes]) => {
      const copy = structuredClone(object) as Holder;
      for (const { place, action, key, value } of changes) {
        const places = [...placesOf(copy)];
        const [holder, old] = places[place % places.length] ?? [copy, key];
        const present = holder[old];
        if (action === 'remove' || action === 'rename') {
          if (Array.isArray(holder)) holder.splice(Number(old), 1);
          else delete holder[old];
        }
        if (action === 'replace') setOwn(holder, old, structuredClone(value));
        else if (action === 'add' && !Array.isArray(holder)) setOwn(holder, key, structuredClone(value));
        else if (action === 'rename' && !Array.isArray(holder)) setOwn(holder, key, present);
      }
      return copy as JsonObject;
    });
}

/** Every member and item below a value, with what holds it. */
function* placesOf(value: unknown): Iterable<[holder: Holder, key: string | number]> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Holder;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    yield [holder, key];
    yield* placesOf(holder[key]);
  }
}

/** Sets a member of its own, whatever its name: `__proto__` is a key like any other. */
function setOwn(holder: Holder, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
