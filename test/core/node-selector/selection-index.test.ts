import { describe, expect, it } from 'vitest';
import { type Selection, SelectionIndex } from '../../../src/core/node-selector/index.ts';
import { expression, HOSTNAME, select, selectTerm } from './helpers.ts';

function onHosts(...names: string[]): Selection {
  return selectTerm(expression(HOSTNAME, 'In', ...names));
}

const pool = (name: string) => select({ nodeSelector: { pool: name } });

describe('candidates', () => {
  it('returns the items that share a value', () => {
    const index = new SelectionIndex([
      [onHosts('a', 'b'), 'one'],
      [onHosts('c'), 'two'],
      [onHosts('b', 'c'), 'three'],
    ]);
    expect(index.candidates(onHosts('b'))).toEqual(['one', 'three']);
    expect(index.candidates(onHosts('d'))).toEqual([]);
  });

  it('returns the items that pin other keys, or none', () => {
    const index = new SelectionIndex([
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

  it('returns only the item of the same pool when all items share another label', () => {
    const entry = (n: number): [Selection, number] => [
      select({ nodeSelector: { disk: 'ssd', pool: `p${n}` } }),
      n,
    ];
    const index = new SelectionIndex(Array.from({ length: 100 }, (_, n) => entry(n)));
    expect(index.candidates(entry(7)[0])).toEqual([7]);
  });

  it('returns an item with several selections once', () => {
    const index = new SelectionIndex([
      [onHosts('a'), 'one'],
      [onHosts('a', 'b'), 'one'],
      [onHosts('a'), 'two'],
    ]);
    expect(index.candidates(onHosts('a', 'b'))).toEqual(['one', 'two']);
  });
});
