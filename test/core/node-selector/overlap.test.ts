import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/base/json.ts';
import {
  ClaimIndex,
  disjoint,
  hostnames,
  MAX_OVERLAPS,
  matches,
  overlaps,
  type Selection,
  sameSelection,
  satisfiable,
} from '../../../src/core/node-selector/index.ts';
import { expression, HOSTNAME, requiring, select, selectTerm, term } from './helpers.ts';

const anything: Selection = { terms: [{ requirements: [], path: [] }] };
const nothing: Selection = { terms: [] };

function onHosts(...names: string[]): Selection {
  return selectTerm(expression(HOSTNAME, 'In', ...names));
}

function named(...names: string[]): Selection {
  return select(
    requiring(...names.map((name) => ({ matchFields: [expression('metadata.name', 'In', name)] }))),
  );
}

describe('overlaps', () => {
  test('of hostnames are the shared ones', () => {
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

  test('of different keys have no common key, and the exampleNode has both labels', () => {
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

  test('come in the order of the terms, dead ones left out', () => {
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

  test('a node without the label satisfies two that exclude values of it', () => {
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

  test('where neither may miss the label, the exampleNode has a value nobody excludes', () => {
    const one = selectTerm(expression('a', 'Exists'), expression('a', 'NotIn', 'any'));
    const other = selectTerm(expression('a', 'Exists'), expression('a', 'NotIn', 'any-2'));
    expect(overlaps(one, other)[0]?.exampleNode.labels).toEqual({ a: 'any-3' });
  });

  test('the name of the node is never missing, and no label', () => {
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

  test('with what asks nothing is every living term; with what matches nothing, none', () => {
    expect(overlaps(anything, onHosts('w-1'))).toMatchObject([
      { commonKeys: [], exampleNode: { labels: { [HOSTNAME]: 'w-1' } } },
    ]);
    expect(disjoint(anything, anything)).toBe(false);
    expect(disjoint(anything, nothing)).toBe(true);
  });

  test('keys that objects inherit', () => {
    const one = selectTerm(expression('constructor', 'In', 'x', 'y'));
    expect(overlaps(one, selectTerm(expression('toString', 'Exists')))[0]?.commonKeys).toEqual([]);
    expect(overlaps(one, selectTerm(expression('constructor', 'In', 'y')))[0]?.sharedValues).toEqual(
      Object.fromEntries([['constructor', ['y']]]),
    );
  });
});

describe('integers', () => {
  const between = (low: string, high: string, ...others: JsonObject[]) =>
    selectTerm(expression('n', 'Gt', low), expression('n', 'Lt', high), ...others);
  /** All label values that are the integer 5. */
  const fives = Array.from({ length: 63 }, (_, zeros) => `${'0'.repeat(zeros)}5`);

  test('one integer has 63 label values, and excluding some leaves the others', () => {
    const found = overlaps(between('4', '6'), selectTerm(expression('n', 'NotIn', '5', '05')));
    expect(found[0]?.exampleNode.labels).toEqual({ n: '005' });
    const butOne = selectTerm(expression('n', 'NotIn', ...fives.slice(0, -1)));
    expect(overlaps(between('4', '6'), butOne)[0]?.exampleNode.labels).toEqual({ n: fives.at(-1) });
  });

  test('excluding all of them leaves none, in one term or in two', () => {
    expect(disjoint(between('4', '6'), selectTerm(expression('n', 'NotIn', ...fives)))).toBe(true);
    expect(satisfiable(between('4', '6', expression('n', 'NotIn', ...fives)))).toBe(false);
    expect(satisfiable(between('4', '7', expression('n', 'NotIn', ...fives)))).toBe(true);
    const half = between('4', '6', expression('n', 'NotIn', ...fives.slice(0, 30)));
    const otherHalf = between('3', '6', expression('n', 'NotIn', '4', ...fives.slice(30)));
    expect(satisfiable(half)).toBe(true);
    expect(disjoint(half, otherHalf)).toBe(true);
  });

  test('the ends of 64 bits', () => {
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

  test('a listed value counts as the integer it is', () => {
    expect(disjoint(selectTerm(expression('n', 'In', '05', 'x')), between('4', '6'))).toBe(false);
    expect(
      disjoint(selectTerm(expression('n', 'In', '5', 'x')), selectTerm(expression('n', 'In', '05'))),
    ).toBe(true);
    expect(disjoint(selectTerm(expression('n', 'In', '6', 'x', '')), between('4', '6'))).toBe(true);
  });
});

describe('large selections', () => {
  const names = (from: number, count: number) => Array.from({ length: count }, (_, n) => `w-${from + n}`);

  test('10 000 terms that each name a node are compared exactly', () => {
    const a = named(...names(0, 10_000));
    expect(disjoint(a, named(...names(10_000, 10_000)))).toBe(true);
    const found = overlaps(a, named(...names(9_999, 10_000)));
    expect(found.map(({ exampleNode }) => exampleNode.name)).toEqual(['w-9999']);
  });

  test('at most a fixed number of overlaps is given', () => {
    const a = named(...names(0, 1000));
    expect(overlaps(a, a).length).toBe(MAX_OVERLAPS);
  });

  test('what is too large to compare counts as an overlap', () => {
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

describe('hostile selections', () => {
  // Every term pins a key of its own beside one that all share, so that no index of a few keys helps.
  const scattered = (value: string) =>
    select(
      requiring(
        ...Array.from({ length: 5000 }, (_, n) =>
          term(expression('shared', 'In', value), expression(`${value}${n}`, 'In', 'x')),
        ),
      ),
    );

  test('cost a bounded time, and count as an overlap where that does not suffice', () => {
    const [a, b] = [scattered('a'), scattered('b')];
    const index = new ClaimIndex([[a, 'a'] as const]);
    const started = performance.now();
    expect(overlaps(a, b)).toMatchObject([{ undecided: true }]);
    expect(index.candidates(b)).toEqual(['a']);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('with very many values are compared exactly', () => {
    const values = (prefix: string) => Array.from({ length: 50_000 }, (_, n) => `${prefix}${n}`);
    const a = onHosts(...values('a'));
    expect(disjoint(a, onHosts(...values('b')))).toBe(true);
    const found = overlaps(a, onHosts(...values('b'), 'a77'));
    expect(found.map(({ sharedValues }) => sharedValues)).toEqual([{ [HOSTNAME]: ['a77'] }]);
  });
});

describe('the same selection', () => {
  const hosts = onHosts('a', 'b');

  test.each<[string, Selection]>([
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
      'a dead term beside',
      select(requiring(term(expression(HOSTNAME, 'In', 'a', 'b')), term(expression('n', 'Lt', '0')))),
    ],
  ])('%s make no difference', (_, other) => {
    expect(sameSelection(hosts, other)).toBe(true);
    expect(sameSelection(other, hosts)).toBe(true);
  });

  test('nodeSelector or affinity makes no difference', () => {
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

  test.each<[string, Selection]>([
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
  ])('%s differ', (_, other) => {
    expect(sameSelection(hosts, other)).toBe(false);
    expect(sameSelection(other, hosts)).toBe(false);
  });
});

describe('hostnames', () => {
  test('are what is left of the lists', () => {
    expect(hostnames(onHosts('b', 'a', 'b'))).toEqual(['a', 'b']);
    expect(
      hostnames(selectTerm(expression(HOSTNAME, 'In', 'a', 'b'), expression(HOSTNAME, 'NotIn', 'a'))),
    ).toEqual(['b']);
    expect(hostnames(named('b', 'a'))).toEqual(['a', 'b']);
    expect(hostnames(nothing)).toEqual([]);
  });

  test('of a dead term do not count', () => {
    const dead = term(expression(HOSTNAME, 'In', 'b'), expression('n', 'Lt', '0'));
    expect(hostnames(select(requiring(term(expression(HOSTNAME, 'In', 'a')), dead)))).toEqual(['a']);
  });

  test.each<[string, Selection]>([
    [
      'any term is open',
      select(requiring(term(expression(HOSTNAME, 'In', 'a')), term(expression('pool', 'Exists')))),
    ],
    ['hosts are excluded', selectTerm(expression(HOSTNAME, 'NotIn', 'a'))],
    ['the label must be missing', selectTerm(expression(HOSTNAME, 'DoesNotExist'))],
    ['nothing is asked', anything],
  ])('are not finite where %s', (_, selection) => {
    expect(hostnames(selection)).toBeUndefined();
  });
});

test('a exampleNode with a name is a node that matches', () => {
  const a = select({
    nodeSelector: { pool: 'a' },
    ...requiring({ matchFields: [expression('metadata.name', 'NotIn', 'w-1')] }),
  });
  const { name, labels } = overlaps(a, anything)[0]!.exampleNode;
  expect(matches(a, { name: name!, labels })).toBe(true);
});
