import { expect, it } from 'vitest';
import { bytesOf } from '../../../src/core/base/quantity.ts';

it.each([
  ['0', 0n],
  ['2Gi', 2n * 1024n ** 3n],
  ['1.5Gi', 1536n * 1024n ** 2n],
  ['10Mi', 10n * 1024n ** 2n],
  ['1Ki', 1024n],
  ['2G', 2_000_000_000n],
  ['1k', 1000n],
  ['1e9', 1_000_000_000n],
  ['0.1', 1n],
  ['8Ei', 8n * 1024n ** 6n],
])('reads %s as bytes', (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes);
});

it.each(['', 'Gi', '2GB', '-1Gi', '1m', ' 2Gi', '2 Gi', '1K', '2gi', 'two'])('does not read %j', (text) => {
  expect(bytesOf(text)).toBeUndefined();
});
