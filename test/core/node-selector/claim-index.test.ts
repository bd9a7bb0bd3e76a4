import { expect, test } from 'vitest';
import { ClaimIndex, type Selection } from '../../../src/core/node-selector/index.ts';
import { expression, HOSTNAME, select, selectTerm } from './helpers.ts';

function onHosts(...names: string[]): Selection {
  return selectTerm(expression(HOSTNAME, 'In', ...names));
}

const pool = (name: string) => select({ nodeSelector: { pool: name } });

test('names only those that share a value', () => {
  const index = new ClaimIndex([
    [onHosts('a', 'b'), 'one'],
    [onHosts('c'), 'two'],
    [onHosts('b', 'c'), 'three'],
  ]);
  expect(index.candidates(onHosts('b'))).toEqual(['one', 'three']);
  expect(index.candidates(onHosts('d'))).toEqual([]);
});

test('names those that pin other keys, or none', () => {
  const index = new ClaimIndex([
    [onHosts('a'), 'hosts'],
    [pool('x'), 'pool'],
    [selectTerm(expression('disk', 'Exists')), 'disk'],
    [{ terms: [{ requirements: [], path: [] }] }, 'anywhere'],
    [selectTerm(expression('n', 'Lt', '0')), 'nowhere'],
  ]);
  expect(index.candidates(onHosts('b'))).toEqual(['pool', 'disk', 'anywhere']);
  expect(index.candidates(pool('x'))).toEqual(['hosts', 'pool', 'disk', 'anywhere']);
  expect(index.candidates(selectTerm(expression('pool', 'DoesNotExist')))).toEqual([
    'hosts',
    'disk',
    'anywhere',
  ]);
});

test('a label that all share does not make them candidates of each other', () => {
  const claim = (n: number): [Selection, number] => [
    select({ nodeSelector: { disk: 'ssd', pool: `p${n}` } }),
    n,
  ];
  const index = new ClaimIndex(Array.from({ length: 100 }, (_, n) => claim(n)));
  expect(index.candidates(claim(7)[0])).toEqual([7]);
});

test('a payload with several claims is named once, and removed with all of them', () => {
  const index = new ClaimIndex([
    [onHosts('a'), 'one'],
    [onHosts('a', 'b'), 'one'],
    [onHosts('a'), 'two'],
  ]);
  expect(index.candidates(onHosts('a', 'b'))).toEqual(['one', 'two']);
  expect(index.with([], ['one']).candidates(onHosts('a', 'b'))).toEqual(['two']);
});

test('a derived index leaves the one it came from as it was', () => {
  const index = new ClaimIndex([
    [onHosts('a'), 'one'],
    [onHosts('b'), 'two'],
  ]);
  const moved = index.with([[onHosts('b'), 'one']], ['one']);
  expect(moved.candidates(onHosts('a'))).toEqual([]);
  expect(moved.candidates(onHosts('b'))).toEqual(['two', 'one']);
  expect(moved.with([[onHosts('a'), 'three']], ['one']).candidates(onHosts('a', 'b'))).toEqual([
    'two',
    'three',
  ]);
  expect(index.candidates(onHosts('a', 'b'))).toEqual(['one', 'two']);
});

test('a long chain of changes ends where a new index would', () => {
  let index = new ClaimIndex<number>([]);
  for (let n = 0; n < 500; n++) index = index.with([[onHosts(`w-${n % 10}`), n]], n < 100 ? [] : [n - 100]);
  const expected = Array.from({ length: 10 }, (_, k) => 403 + 10 * k);
  expect(index.candidates(onHosts('w-3'))).toEqual(expected);
});

test('a change over 1000 clusters is far cheaper than indexing them again', () => {
  const clusters = Array.from({ length: 1000 }, (_, n): [Selection, number] => [
    onHosts(...Array.from({ length: 10 }, (_, k) => `w-${10 * n + k}`)),
    n,
  ]);
  const fastest = (work: () => void) => {
    const times = Array.from({ length: 20 }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  const index = new ClaimIndex(clusters);
  const moved = onHosts('w-17', 'w-9999');
  const building = fastest(() => new ClaimIndex(clusters).candidates(moved));
  const changing = fastest(() => index.with([[moved, 0]], [0]).candidates(moved));
  expect(index.with([[moved, 0]], [0]).candidates(moved)).toEqual([1, 999, 0]);
  expect(changing).toBeLessThan(building / 10);
});
