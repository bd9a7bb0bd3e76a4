import { Script } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { delayOptimization, restoreOptimization } from '../src/optimization.ts';

/** The hash of V8's flags, in the header of every code cache: https://github.com/v8/v8/blob/11.3.244.8/src/snapshot/code-serializer.h. */
const flagHash = () => new Script('0').createCachedData().readUInt32LE(12);

afterEach(restoreOptimization);

it('makes V8 optimize later, and restores exactly the flags that V8 had', () => {
  const before = flagHash();
  delayOptimization();
  expect(flagHash()).not.toBe(before);
  delayOptimization();
  restoreOptimization();
  expect(flagHash()).toBe(before);
});
