/** Reading members of JSON that may have any key. */
import { expect, it } from 'vitest';
import { at, own } from '../../../src/core/base/json.ts';

it('ignores what every object and every list inherits', () => {
  for (const key of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', '__defineGetter__'])
    for (const value of [{}, [], { a: 1 }]) expect(own(value, key), key).toBeUndefined();
  for (const key of ['map', 'at', 'includes']) expect(own([1], key), key).toBeUndefined();
  expect(at({ a: {} }, ['a', 'constructor', 'name'])).toBeUndefined();
});

it('reads a member of such a name', () => {
  const value = JSON.parse('{"constructor": 1, "toString": null, "__proto__": {"a": 2}}');
  expect(own(value, 'constructor')).toBe(1);
  expect(own(value, 'toString')).toBeNull();
  expect(at(value, ['__proto__', 'a'])).toBe(2);
  expect(own(['a', 'b'], 1)).toBe('b');
});
