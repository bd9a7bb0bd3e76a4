import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type FixEdit } from '../../../src/core/base/edits.ts';
import { at, type JsonObject } from '../../../src/core/base/json.ts';

const OBJECT: JsonObject = { a: { b: [1, 2, 3], c: null }, d: 'text' };

describe('applyEdits', () => {
  it.each<[string, FixEdit[], unknown]>([
    ['replaces', [{ op: 'replace', path: ['d'], value: 1 }], { ...OBJECT, d: 1 }],
    [
      'replaces an item',
      [{ op: 'replace', path: ['a', 'b', 1], value: 9 }],
      { a: { b: [1, 9, 3], c: null }, d: 'text' },
    ],
    ['replaces nothing when nothing is set', [{ op: 'replace', path: ['x'], value: 1 }], OBJECT],
    ['adds missing parents', [{ op: 'add', path: ['x', 'y'], value: 1 }], { ...OBJECT, x: { y: 1 } }],
    [
      'adds under a null',
      [{ op: 'add', path: ['a', 'c', 'e'], value: 1 }],
      { a: { b: [1, 2, 3], c: { e: 1 } }, d: 'text' },
    ],
    [
      'adds before an item',
      [{ op: 'add', path: ['a', 'b', 0], value: 0 }],
      { a: { b: [0, 1, 2, 3], c: null }, d: 'text' },
    ],
    [
      'adds at the end',
      [{ op: 'add', path: ['a', 'b', 99], value: 4 }],
      { a: { b: [1, 2, 3, 4], c: null }, d: 'text' },
    ],
    ['adds nothing in a string', [{ op: 'add', path: ['d', 'e'], value: 1 }], OBJECT],
    ['adds nothing in a list by name', [{ op: 'add', path: ['a', 'b', 'x'], value: 1 }], OBJECT],
    ['creates a list', [{ op: 'add', path: ['x', 0], value: 1 }], { ...OBJECT, x: [1] }],
    ['removes', [{ op: 'remove', path: ['a', 'b'] }], { a: { c: null }, d: 'text' }],
    ['removes an item', [{ op: 'remove', path: ['a', 'b', 0] }], { a: { b: [2, 3], c: null }, d: 'text' }],
    ['removes nothing when nothing is set', [{ op: 'remove', path: ['x', 'y'] }], OBJECT],
    [
      'moves',
      [{ op: 'move', from: ['d'], path: ['a', 'e', 'f'] }],
      { a: { b: [1, 2, 3], c: null, e: { f: 'text' } } },
    ],
    ['moves nothing when nothing is set', [{ op: 'move', from: ['x'], path: ['y'] }], OBJECT],
    [
      'applies edits one after the other',
      [
        { op: 'remove', path: ['a', 'b', 0] },
        { op: 'remove', path: ['a', 'b', 0] },
      ],
      { a: { b: [3], c: null }, d: 'text' },
    ],
  ])('%s', (_name, edits, result) => {
    const before = structuredClone(OBJECT);
    expect(applyEdits(OBJECT, edits)).toEqual(result);
    expect(OBJECT).toEqual(before);
  });

  it('keeps the order of keys', () => {
    expect(Object.keys(applyEdits(OBJECT, [{ op: 'replace', path: ['a'], value: 1 }]))).toEqual(['a', 'd']);
  });

  it('treats prototype names as keys', () => {
    const object = JSON.parse('{"__proto__": {"x": 1}, "a": {}}') as JsonObject;
    const result = applyEdits(object, [
      { op: 'add', path: ['__proto__', 'y'], value: 2 },
      { op: 'move', from: ['__proto__'], path: ['a', '__proto__'] },
      { op: 'add', path: ['constructor', 'prototype', 'z'], value: 3 },
    ]);
    expect(at(result, ['a', '__proto__'])).toEqual({ x: 1, y: 2 });
    expect(at(result, ['constructor', 'prototype', 'z'])).toBe(3);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(({} as { x?: number; z?: number }).z).toBeUndefined();
  });

  it('never throws and never changes the given object', () => {
    const step = fc.oneof(
      fc.constantFrom('a', 'b', '__proto__', 'constructor'),
      fc.integer({ min: -2, max: 5 }),
    );
    const path = fc.array(step, { maxLength: 4 });
    const edit = fc.oneof(
      fc.record({ op: fc.constantFrom('add', 'replace'), path, value: fc.jsonValue() }),
      fc.record({ op: fc.constant('remove'), path }),
      fc.record({ op: fc.constant('move'), from: path, path }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue()),
        fc.array(edit, { maxLength: 4 }),
        (object, edits) => {
          const before = structuredClone(object);
          applyEdits(object as JsonObject, edits as FixEdit[]);
          expect(object).toEqual(before);
        },
      ),
    );
  });
});
