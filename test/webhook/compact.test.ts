/** A compacted object says what it said, and shares its text with nothing but its like. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/base/json.ts';
import { compactor } from '../../src/world-files/compact.ts';

it('a copy equals what it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())), (objects) => {
      const compact = compactor();
      for (const each of objects) expect(compact(each as JsonObject)).toStrictEqual({ ...each });
    }),
  );
});

it('keeps hostile keys, lone surrogates and integers beyond what a number holds', () => {
  const object = {
    ...(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as JsonObject),
    lone: '\ud800',
  };
  const big = { ...object, count: 12345678901234567890n };
  const copy = compactor()(big);
  expect(Object.entries(copy)).toEqual(Object.entries(big));
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});
