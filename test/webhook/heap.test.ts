/** A server under load keeps its memory. In a process of its own, for what is set holds for all of it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';

const heap = readFileSync(join(import.meta.dirname, '../../src/webhook/heap.ts'), 'utf8');

/** As reviews do: much that is new, some of which stays until the next is done. */
const LOAD = `
  let held = [];
  for (let turn = 0; turn < 3_000_000; turn += 1) {
    held.push({ turn, nested: [turn] });
    if (held.length === 100_000) held = [];
  }
  const { getHeapSpaceStatistics } = await import('node:v8');
  const young = getHeapSpaceStatistics().find((each) => each.space_name === 'new_space');
  console.log(young.space_size / 1024 / 1024);
`;

function youngMebibytes(before: string): number {
  const { code } = transformSync(heap, { loader: 'ts', format: 'esm' });
  const script = `${code}\n${before}\n${LOAD}`;
  const args = ['--input-type=module', '--eval', script];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', env: {} }));
}

it('the room for new objects does not grow with the load', () => {
  expect(youngMebibytes('boundHeap();')).toBeLessThan(10);
  // Else this test would tell nothing.
  expect(youngMebibytes('')).toBeGreaterThan(20);
});
