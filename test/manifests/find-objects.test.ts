import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/base/json.ts';
import { findObjects } from '../../src/manifests/find-objects.ts';

describe('a list', () => {
  // kubectl reads the metadata of a list as that of an object, and rejects the list if it cannot.
  it.each<[Json, number]>([
    [{}, 0],
    [{ resourceVersion: '' }, 0],
    [{ annotations: { a: 'b' }, labels: null, continue: 1 }, 0],
    ['text', 1],
    [{ annotations: 'text' }, 1],
    [{ labels: { a: 1 } }, 1],
    [{ name: 1 }, 1],
    [{ finalizers: 'text' }, 1],
  ])('with the metadata %j has %i rejected parts', (metadata, untyped) => {
    const list = { apiVersion: 'v1', kind: 'List', metadata, items: [{ apiVersion: 'v1', kind: 'Secret' }] };
    expect(findObjects(list, { isWanted: () => true }).untyped).toBe(untyped);
  });
});
