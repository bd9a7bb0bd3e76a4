import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/base/json.ts';
import {
  hostnames,
  matches,
  overlaps,
  type Selection,
  SelectionIndex,
  sameSelection,
  satisfiable,
} from '../../../src/core/node-selector/index.ts';
import { MAX_OVERLAPS } from '../../../src/core/node-selector/overlap.ts';
import { expression, HOSTNAME, requiring, select, selectTerm, term } from './helpers.ts';

const anything: Selection = { terms: [{ requirements: [], path: [] }] };
const nothing: Selection = { terms: [] };

function onHosts(...names: string[]): Selection {
  return selectTerm(expression(HOSTNAME, 'In', ...names));
}

/** True if no node can ever satisfy both. */
function disjoint(a: Selection, b: Selection): boolean {
  return overlaps(a, b).length === 0;
}

function named(...names: string[]): Selection {
  return select(
    requiring(...names.map((name) => ({ matchFields: [expression('metadata.name', 'In', name)] }))),
  );
}

describe('overlaps', () => {
  it('lists the host names that two selections share', () => {
    const [found, ...others] = overlaps(onHosts('w-4', 'w-2', 'w-3', 'w-2'), onHosts('w-1', 'w-3', 'w-2'));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      commonKeys: [HOSTNAME],
      sharedValues: { [HOSTNAME]: ['w-2', 'w-3'] },
      exampleNode: { labels: { [HOSTNAME]: 'w-2' }, absent: [] },
    });
    expect(found).not.toHaveProperty('undecided');
    expect(disjoint(onHosts('w-1', 'w-2'), onHosts('w-3'))).toBe(true);
  });

  it('gives the example node both labels when the selections constrain different keys', () => {
    const found = overlaps(
      onHosts('w-1'),
      selectTerm(expression('pool', 'In', 'b'), expression('old', 'DoesNotExist')),
    );
    expect(found).toMatchObject([
      {
        commonKeys: [],
        sharedValues: {},
        exampleNode: { labels: { [HOSTNAME]: 'w-1', pool: 'b' }, absent: ['old'] },
      },
    ]);
  });

  it('follows the order of the terms and leaves out terms that match no node', () => {
    const a = select(
      requiring(
        term(expression('a', 'In', 'x')),
        term(expression('a', 'Exists'), expression('a', 'DoesNotExist')),
        term(expression('a', 'In', 'y')),
      ),
    );
    const b = select(requiring(term(expression('a', 'In', 'y', 'x')), term(expression('a', 'NotIn', 'y'))));
    const indexes = overlaps(a, b).map((each) => [a.terms.indexOf(each.a), b.terms.indexOf(each.b)]);
    expect(indexes).toEqual([
      [0, 0],
      [0, 1],
      [2, 0],
    ]);
  });

  it('finds a node without the label when both selections exclude values of it', () => {
    const [found] = overlaps(
      selectTerm(expression('a', 'NotIn', 'x')),
      selectTerm(expression('a', 'DoesNotExist')),
    );
    expect(found).toMatchObject({
      commonKeys: ['a'],
      sharedValues: {},
      exampleNode: { labels: {}, absent: ['a'] },
    });
  });

  it('gives the example node a value that neither excludes when the label must be set', () => {
    const one = selectTerm(expression('a', 'Exists'), expression('a', 'NotIn', 'any'));
    const other = selectTerm(expression('a', 'Exists'), expression('a', 'NotIn', 'any-2'));
    expect(overlaps(one, other)[0]?.exampleNode.labels).toEqual({ a: 'any-3' });
  });

  it('treats the name of a node as always set and as no label', () => {
    const notA = select(requiring({ matchFields: [expression('metadata.name', 'NotIn', 'any-node')] }));
    expect(overlaps(notA, notA)[0]).toMatchObject({
      commonKeys: ['metadata.name'],
      exampleNode: { name: 'any-node-2' },
    });
    expect(overlaps(named('w-1'), named('w-2', 'w-1'))).toMatchObject([
      { sharedValues: { 'metadata.name': ['w-1'] }, exampleNode: { name: 'w-1', labels: {} } },
    ]);
    const label = selectTerm(expression('metadata.name', 'In', 'w-2'));
    expect(overlaps(named('w-1'), label)).toMatchObject([
      { exampleNode: { name: 'w-1', labels: { 'metadata.name': 'w-2' } } },
    ]);
  });

  it('finds every satisfiable term when the other selection requires nothing, and none when it matches nothing', () => {
    expect(overlaps(anything, onHosts('w-1'))).toMatchObject([
      { commonKeys: [], exampleNode: { labels: { [HOSTNAME]: 'w-1' } } },
    ]);
    expect(disjoint(anything, anything)).toBe(false);
    expect(disjoint(anything, nothing)).toBe(true);
  });

  it('treats keys that objects inherit as label keys', () => {
    const one = selectTerm(expression('constructor', 'In', 'x', 'y'));
    expect(overlaps(one, selectTerm(expression('toString', 'Exists')))[0]?.commonKeys).toEqual([]);
    expect(overlaps(one, selectTerm(expression('constructor', 'In', 'y')))[0]?.sharedValues).toEqual(
      Object.fromEntries([['constructor', ['y']]]),
    );
  });
});

describe('overlaps of integers', () => {
  const between = (low: string, high: string, ...others: JsonObject[]) =>
    selectTerm(expression('n', 'Gt', low), expression('n', 'Lt', high), ...others);
  /** All label values that are the integer 5. */
  const fives = Array.from({ length: 63 }, (_, zeros) => `${'0'.repeat(zeros)}5`);

  it('finds another text of an integer when some of its 63 label values are excluded', () => {
    const found = overlaps(between('4', '6'), selectTerm(expression('n', 'NotIn', '5', '05')));
    expect(found[0]?.exampleNode.labels).toEqual({ n: '005' });
    const butOne = selectTerm(expression('n', 'NotIn', ...fives.slice(0, -1)));
    expect(overlaps(between('4', '6'), butOne)[0]?.exampleNode.labels).toEqual({ n: fives.at(-1) });
  });

  it('finds no node when all texts of an integer are excluded, in one term or in two', () => {
    expect(disjoint(between('4', '6'), selectTerm(expression('n', 'NotIn', ...fives)))).toBe(true);
    expect(satisfiable(between('4', '6', expression('n', 'NotIn', ...fives)))).toBe(false);
    expect(satisfiable(between('4', '7', expression('n', 'NotIn', ...fives)))).toBe(true);
    const half = between('4', '6', expression('n', 'NotIn', ...fives.slice(0, 30)));
    const otherHalf = between('3', '6', expression('n', 'NotIn', '4', ...fives.slice(30)));
    expect(satisfiable(half)).toBe(true);
    expect(disjoint(half, otherHalf)).toBe(true);
  });

  it('stops at the ends of 64 bits', () => {
    const largest = '9223372036854775807';
    expect(satisfiable(selectTerm(expression('n', 'Gt', largest)))).toBe(false);
    expect(
      overlaps(selectTerm(expression('n', 'Gt', '9223372036854775806')), anything)[0]?.exampleNode.labels,
    ).toEqual({ n: largest });
    // No label begins with a minus.
    expect(satisfiable(selectTerm(expression('n', 'Lt', '0')))).toBe(false);
    expect(overlaps(selectTerm(expression('n', 'Lt', '1')), anything)[0]?.exampleNode.labels).toEqual({
      n: '0',
    });
  });

  it('reads a listed value as the integer that it is', () => {
    expect(disjoint(selectTerm(expression('n', 'In', '05', 'x')), between('4', '6'))).toBe(false);
    expect(
      disjoint(selectTerm(expression('n', 'In', '5', 'x')), selectTerm(expression('n', 'In', '05'))),
    ).toBe(true);
    expect(disjoint(selectTerm(expression('n', 'In', '6', 'x', '')), between('4', '6'))).toBe(true);
  });
});

describe('overlaps of large selections', () => {
  const names = (from: number, count: number) => Array.from({ length: count }, (_, n) => `w-${from + n}`);

  it('compares 10 000 terms exactly when each names a node', () => {
    const a = named(...names(0, 10_000));
    expect(disjoint(a, named(...names(10_000, 10_000)))).toBe(true);
    const found = overlaps(a, named(...names(9_999, 10_000)));
    expect(found.map(({ exampleNode }) => exampleNode.name)).toEqual(['w-9999']);
  });

  it('returns at most a fixed number of overlaps', () => {
    const a = named(...names(0, 1000));
    expect(overlaps(a, a).length).toBe(MAX_OVERLAPS);
  });

  it('reports an undecided overlap when the selections are too large to compare', () => {
    const above = term(expression('n', 'Gt', '10'));
    const below = term(expression('n', 'Lt', '5'));
    const few = Array.from({ length: 100 }, () => above);
    const many = Array.from({ length: 3000 }, () => above);
    const a = select(requiring(...many));
    const b = select(requiring(...many.map(() => below)));
    expect(disjoint(select(requiring(...few)), select(requiring(...few.map(() => below))))).toBe(true);
    const started = performance.now();
    expect(overlaps(a, b)).toMatchObject([{ undecided: true, exampleNode: { labels: {}, absent: [] } }]);
    expect(disjoint(a, b)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('overlaps of hostile selections', () => {
  // Every term pins a key of its own next to one that all share, so that no index of a few keys helps.
  const scattered = (value: string) =>
    select(
      requiring(
        ...Array.from({ length: 5000 }, (_, n) =>
          term(expression('shared', 'In', value), expression(`${value}${n}`, 'In', 'x')),
        ),
      ),
    );

  it('takes a bounded time and reports an undecided overlap when no index helps', () => {
    const [a, b] = [scattered('a'), scattered('b')];
    const index = new SelectionIndex([[a, 'a'] as const]);
    const started = performance.now();
    expect(overlaps(a, b)).toMatchObject([{ undecided: true }]);
    expect(index.candidates(b)).toEqual(['a']);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('compares very many values exactly', () => {
    const values = (prefix: string) => Array.from({ length: 50_000 }, (_, n) => `${prefix}${n}`);
    const a = onHosts(...values('a'));
    expect(disjoint(a, onHosts(...values('b')))).toBe(true);
    const found = overlaps(a, onHosts(...values('b'), 'a77'));
    expect(found.map(({ sharedValues }) => sharedValues)).toEqual([{ [HOSTNAME]: ['a77'] }]);
  });
});

describe('sameSelection', () => {
  const hosts = onHosts('a', 'b');

  it.each<[string, Selection]>([
    ['order and repetition of values', onHosts('b', 'a', 'b')],
    [
      'an Exists that is implied',
      selectTerm(expression(HOSTNAME, 'Exists'), expression(HOSTNAME, 'In', 'a', 'b')),
    ],
    [
      'values that are excluded again',
      selectTerm(expression(HOSTNAME, 'NotIn', 'c'), expression(HOSTNAME, 'In', 'a', 'b', 'c')),
    ],
    [
      'a term for each host',
      select(requiring(term(expression(HOSTNAME, 'In', 'b')), term(expression(HOSTNAME, 'In', 'a')))),
    ],
    [
      'another term that matches no node',
      select(requiring(term(expression(HOSTNAME, 'In', 'a', 'b')), term(expression('n', 'Lt', '0')))),
    ],
  ])('is true in spite of %s', (_, other) => {
    expect(sameSelection(hosts, other)).toBe(true);
    expect(sameSelection(other, hosts)).toBe(true);
  });

  it('is true when one uses nodeSelector and the other affinity', () => {
    expect(
      sameSelection(select({ nodeSelector: { pool: 'a' } }), selectTerm(expression('pool', 'In', 'a'))),
    ).toBe(true);
    const split = select({
      nodeSelector: { pool: 'a' },
      ...requiring(term(expression('disk', 'In', 'ssd'))),
    });
    const whole = selectTerm(expression('disk', 'In', 'ssd'), expression('pool', 'In', 'a'));
    expect(sameSelection(split, whole)).toBe(true);
  });

  it.each<[string, Selection]>([
    ['fewer hosts', onHosts('a')],
    ['more hosts', onHosts('a', 'b', 'c')],
    ['another key', selectTerm(expression('pool', 'In', 'a', 'b'))],
    ['one more requirement', selectTerm(expression(HOSTNAME, 'In', 'a', 'b'), expression('n', 'Gt', '5'))],
    [
      'one more term',
      select(requiring(term(expression(HOSTNAME, 'In', 'a', 'b')), term(expression('pool', 'Exists')))),
    ],
    ['the names of the nodes', named('a', 'b')],
    ['nothing', nothing],
    ['anything', anything],
  ])('is false for %s', (_, other) => {
    expect(sameSelection(hosts, other)).toBe(false);
    expect(sameSelection(other, hosts)).toBe(false);
  });
});

describe('hostnames', () => {
  it('returns the listed names that are not excluded', () => {
    expect(hostnames(onHosts('b', 'a', 'b'))).toEqual(['a', 'b']);
    expect(
      hostnames(selectTerm(expression(HOSTNAME, 'In', 'a', 'b'), expression(HOSTNAME, 'NotIn', 'a'))),
    ).toEqual(['b']);
    expect(hostnames(named('b', 'a'))).toEqual(['a', 'b']);
    expect(hostnames(nothing)).toEqual([]);
  });

  it('ignores a term that matches no node', () => {
    const dead = term(expression(HOSTNAME, 'In', 'b'), expression('n', 'Lt', '0'));
    expect(hostnames(select(requiring(term(expression(HOSTNAME, 'In', 'a')), dead)))).toEqual(['a']);
  });

  it.each<[string, Selection]>([
    [
      'a term lists no host name',
      select(requiring(term(expression(HOSTNAME, 'In', 'a')), term(expression('pool', 'Exists')))),
    ],
    ['hosts are excluded', selectTerm(expression(HOSTNAME, 'NotIn', 'a'))],
    ['the label must be missing', selectTerm(expression(HOSTNAME, 'DoesNotExist'))],
    ['nothing is required', anything],
  ])('is undefined when %s', (_, selection) => {
    expect(hostnames(selection)).toBeUndefined();
  });
});

it('finds an example node that matches when it has a name', () => {
  const a = select({
    nodeSelector: { pool: 'a' },
    ...requiring({ matchFields: [expression('metadata.name', 'NotIn', 'w-1')] }),
  });
  const { name, labels } = overlaps(a, anything)[0]!.exampleNode;
  expect(matches(a, { name: name!, labels })).toBe(true);
});
