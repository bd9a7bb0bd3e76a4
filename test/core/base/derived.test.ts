import { expect, it } from 'vitest';
import { Derived } from '../../../src/core/base/derived.ts';

const DERIVED = new Derived<object, number>();

it('is kept with its object, but not with a copy of it', () => {
  const object = { a: 1 };
  DERIVED.set(object, 7);
  expect(DERIVED.get(object)).toBe(7);
  DERIVED.set(object, 8);
  expect(DERIVED.get(object)).toBe(8);
  expect(DERIVED.get({ ...object })).toBeUndefined();
  expect(DERIVED.get(structuredClone(object))).toBeUndefined();
  expect(object).toEqual({ a: 1 });
  expect(JSON.stringify(object)).toBe('{"a":1}');
});

it('is not kept with an object that cannot be extended', () => {
  const object = Object.freeze({ a: 1 });
  DERIVED.set(object, 7);
  expect(DERIVED.get(object)).toBeUndefined();
});
