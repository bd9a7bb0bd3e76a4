import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import { matches } from '../../../src/core/node-selector/index.ts';
import { expression, HOSTNAME, place, REQUIRED, requiring, select, selectTerm, term } from './helpers.ts';

const TERMS = `spec.chunk.podPolicy.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
const PREFERRED = [{ weight: 1, preference: term(expression('a', 'Exists')) }];
const preferring = {
  affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: PREFERRED } },
};

function faultsOf(podPolicy: Json): string[] {
  return place(podPolicy).faults.map(({ path, reason }) => `${reason} ${formatPath(path)}`);
}

function node(labels: Record<string, string>, name = 'node-a') {
  return { name, labels };
}

describe('what is required', () => {
  test.each<[string, Json | undefined]>([
    ['no podPolicy', undefined],
    ['null', null],
    ['an empty podPolicy', {}],
    ['an empty nodeSelector', { nodeSelector: {} }],
    ['only tolerations', { tolerations: [{ operator: 'Exists' }] }],
    ['null affinity', { affinity: null }],
    ['null node affinity', { affinity: { nodeAffinity: null } }],
    ['null required node affinity', { affinity: { nodeAffinity: { [REQUIRED]: null } } }],
    ['pod anti-affinity', { affinity: { podAntiAffinity: {} } }],
  ])('nothing by %s', (_, podPolicy) => {
    expect(place(podPolicy)).toMatchObject({ selection: undefined, preferredOnly: false, faults: [] });
  });

  test('nothing by preferred node affinity alone, which is said', () => {
    expect(place(preferring)).toMatchObject({ selection: undefined, preferredOnly: true, faults: [] });
    expect(place({ ...preferring, nodeSelector: { a: 'b' } }).preferredOnly).toBe(false);
  });

  test('nodeSelector and every term of the affinity together', () => {
    const selection = select({
      nodeSelector: { disk: 'ssd' },
      ...requiring(term(expression('pool', 'In', 'a')), term(expression('pool', 'In', 'b'))),
    });
    expect(matches(selection, node({ disk: 'ssd', pool: 'a' }))).toBe(true);
    expect(matches(selection, node({ disk: 'ssd', pool: 'b' }))).toBe(true);
    expect(matches(selection, node({ disk: 'hdd', pool: 'a' }))).toBe(false);
    expect(matches(selection, node({ pool: 'b' }))).toBe(false);
    expect(matches(selection, node({ disk: 'ssd' }))).toBe(false);
  });

  test.each<[string, JsonObject]>([
    ['spec.chunk.podPolicy', { tolerations: [] }],
    ['spec.chunk.podPolicy.affinity', { affinity: {} }],
    ['spec.chunk.podPolicy.affinity.nodeAffinity', preferring],
    ['spec.chunk.podPolicy.nodeSelector', { ...preferring, nodeSelector: { a: 'b' } }],
    [TERMS.slice(0, -'.nodeSelectorTerms'.length), { nodeSelector: { a: 'b' }, ...requiring() }],
  ])('is said to stand at %s', (path, podPolicy) => {
    expect(formatPath(place(podPolicy).path)).toBe(path);
  });

  test('keeps where each requirement stands', () => {
    const { terms } = select({ nodeSelector: { a: 'b' }, ...requiring(term(expression('c', 'Exists'))) });
    expect(terms[0]?.requirements.map(({ path }) => formatPath(path))).toEqual([
      'spec.chunk.podPolicy.nodeSelector.a',
      `${TERMS}[0].matchExpressions[0]`,
    ]);
  });
});

describe('operators', () => {
  test.each<[string, string[], Record<string, string>, boolean]>([
    ['In', ['a', ''], { k: 'a' }, true],
    ['In', ['a', ''], { k: '' }, true],
    ['In', ['a'], {}, false],
    ['NotIn', ['a'], {}, true],
    ['NotIn', ['a'], { k: 'a' }, false],
    ['NotIn', ['a'], { k: 'b' }, true],
    ['Exists', [], { k: '' }, true],
    ['Exists', [], {}, false],
    ['DoesNotExist', [], {}, true],
    ['DoesNotExist', [], { k: '' }, false],
    ['Gt', ['5'], { k: '6' }, true],
    ['Gt', ['5'], { k: '05' }, false],
    ['Gt', ['5'], { k: '5a' }, false],
    ['Gt', ['5'], {}, false],
    ['Gt', ['9223372036854775806'], { k: '9223372036854775807' }, true],
    ['Gt', ['5'], { k: '9223372036854775808' }, false],
    ['Lt', ['010'], { k: '9' }, true],
    ['Lt', ['5'], { k: '5' }, false],
  ])('%s %j on %j: %s', (operator, values, labels, expected) => {
    expect(matches(selectTerm(expression('k', operator, ...values)), node(labels))).toBe(expected);
  });

  test('metadata.name is the node, not a label', () => {
    const selection = select(requiring({ matchFields: [expression('metadata.name', 'In', 'node-a')] }));
    expect(matches(selection, node({}, 'node-a'))).toBe(true);
    expect(matches(selection, node({ 'metadata.name': 'node-a' }, 'node-b'))).toBe(false);
  });

  test('keys that objects inherit are labels like others', () => {
    expect(matches(selectTerm(expression('constructor', 'Exists')), node({}))).toBe(false);
    expect(matches(selectTerm(expression('constructor', 'DoesNotExist')), node({}))).toBe(true);
    const inherited = JSON.parse('{"nodeSelector": {"__proto__": "a"}}');
    expect(matches(select(inherited), node({}))).toBe(false);
  });
});

describe('what matches no node', () => {
  test.each<[string, JsonObject, string]>([
    ['no terms', requiring(), `no-terms ${TERMS}`],
    ['an empty term', requiring({}), `empty-term ${TERMS}[0]`],
    [
      'a term with empty lists',
      requiring({ matchExpressions: [], matchFields: null }),
      `empty-term ${TERMS}[0]`,
    ],
    [
      'In without values',
      requiring(term(expression('a', 'In'))),
      `no-values ${TERMS}[0].matchExpressions[0]`,
    ],
    [
      'NotIn with an empty list',
      requiring(term({ key: 'a', operator: 'NotIn', values: [] })),
      `no-values ${TERMS}[0].matchExpressions[0].values`,
    ],
    [
      'Exists with values',
      requiring(term(expression('a', 'Exists', 'x'))),
      `invalid ${TERMS}[0].matchExpressions[0].values`,
    ],
    [
      'an unknown operator',
      requiring(term(expression('a', 'in', 'x'))),
      `unknown-operator ${TERMS}[0].matchExpressions[0].operator`,
    ],
    [
      'no operator',
      requiring(term({ key: 'a', values: ['x'] })),
      `unknown-operator ${TERMS}[0].matchExpressions[0]`,
    ],
    ['no key', requiring(term({ operator: 'In', values: ['x'] })), `invalid ${TERMS}[0].matchExpressions[0]`],
    [
      'a bad key',
      requiring(term(expression('a b', 'Exists'))),
      `invalid ${TERMS}[0].matchExpressions[0].key`,
    ],
    [
      'a bad value beside a good one',
      requiring(term(expression('a', 'In', 'x', '<node>'))),
      `invalid ${TERMS}[0].matchExpressions[0].values[1]`,
    ],
    [
      'Gt of a text',
      requiring(term(expression('a', 'Gt', 'x'))),
      `invalid ${TERMS}[0].matchExpressions[0].values[0]`,
    ],
    [
      'Gt of two',
      requiring(term(expression('a', 'Gt', '1', '2'))),
      `invalid ${TERMS}[0].matchExpressions[0].values`,
    ],
    [
      'Gt of a negative',
      requiring(term(expression('a', 'Gt', '-1'))),
      `invalid ${TERMS}[0].matchExpressions[0].values[0]`,
    ],
    [
      'a field with two values',
      requiring({ matchFields: [expression('metadata.name', 'In', 'a', 'b')] }),
      `invalid ${TERMS}[0].matchFields[0].values`,
    ],
    [
      'a field compared',
      requiring({ matchFields: [expression('metadata.name', 'Exists')] }),
      `invalid ${TERMS}[0].matchFields[0].operator`,
    ],
    [
      'a name no node has',
      requiring({ matchFields: [expression('metadata.name', 'In', 'Node_A')] }),
      `invalid ${TERMS}[0].matchFields[0].values[0]`,
    ],
    [
      'a label value no node has',
      { nodeSelector: { a: 'x y' } },
      'invalid spec.chunk.podPolicy.nodeSelector.a',
    ],
    [
      'a value and not that value',
      requiring(term(expression('a', 'In', 'x'), expression('a', 'NotIn', 'x'))),
      `contradiction ${TERMS}[0].matchExpressions[1]`,
    ],
    [
      'different values',
      requiring(term(expression('b', 'Exists'), expression('a', 'In', 'x'), expression('a', 'In', 'y'))),
      `contradiction ${TERMS}[0].matchExpressions[2]`,
    ],
    [
      'an empty range',
      requiring(term(expression('a', 'Gt', '5'), expression('a', 'Lt', '3'))),
      `contradiction ${TERMS}[0].matchExpressions[1]`,
    ],
    [
      'a range without an integer',
      requiring(term(expression('a', 'Gt', '5'), expression('a', 'Lt', '6'))),
      `contradiction ${TERMS}[0].matchExpressions[1]`,
    ],
    [
      'below zero',
      requiring(term(expression('a', 'Lt', '0'))),
      `contradiction ${TERMS}[0].matchExpressions[0]`,
    ],
    [
      'there and not there',
      requiring(term(expression('a', 'Exists'), expression('a', 'DoesNotExist'))),
      `contradiction ${TERMS}[0].matchExpressions[1]`,
    ],
    [
      'two names',
      requiring({
        matchFields: [expression('metadata.name', 'In', 'a'), expression('metadata.name', 'In', 'b')],
      }),
      `contradiction ${TERMS}[0].matchFields[1]`,
    ],
    [
      'what the nodeSelector forbids',
      { nodeSelector: { a: 'x' }, ...requiring(term(expression('a', 'In', 'y', 'z'))) },
      `contradiction ${TERMS}[0].matchExpressions[0]`,
    ],
  ])('%s', (_, podPolicy, fault) => {
    expect(faultsOf(podPolicy)).toEqual([fault]);
    for (const labels of [{}, { a: 'x' }, { a: '5' }, { a: 'y', b: '' }]) {
      expect(matches(select(podPolicy), node(labels, 'a'))).toBe(false);
    }
  });

  test('each dead term is named, and the living one still selects', () => {
    const podPolicy = requiring(
      term(expression('a', 'in', 'x')),
      term(expression('a', 'In', 'y')),
      {},
      term(expression('a', 'In', 'x'), expression('a', 'NotIn', 'x')),
    );
    expect(faultsOf(podPolicy)).toEqual([
      `unknown-operator ${TERMS}[0].matchExpressions[0].operator`,
      `empty-term ${TERMS}[2]`,
      `contradiction ${TERMS}[3].matchExpressions[1]`,
    ]);
    expect(matches(select(podPolicy), node({ a: 'y' }))).toBe(true);
    expect(matches(select(podPolicy), node({ a: 'x' }))).toBe(false);
  });

  test('three requirements that only together exclude everything', () => {
    const podPolicy = requiring(
      term(expression('a', 'In', 'x', 'y'), expression('a', 'NotIn', 'x'), expression('a', 'NotIn', 'y')),
    );
    expect(faultsOf(podPolicy)).toEqual([`contradiction ${TERMS}[0].matchExpressions[2]`]);
  });

  test('messages name the values on both sides', () => {
    const both = {
      nodeSelector: { [HOSTNAME]: 'k8s-worker-0' },
      ...requiring(term(expression(HOSTNAME, 'In', 'k8s-worker-4', 'k8s-worker-5'))),
    };
    expect(place(both).faults[0]?.message).toBe(
      'no node can satisfy nodeSelector and this term together: they require that "kubernetes.io/hostname" is "k8s-worker-0" and is one of "k8s-worker-4", "k8s-worker-5"',
    );
    expect(place(requiring(term(expression('a', 'in', 'x')))).faults[0]).toMatchObject({
      message:
        'unknown operator "in", so this term matches no node: it must be In, NotIn, Exists, DoesNotExist, Gt or Lt, spelt exactly so',
      suggestion: 'In',
    });
  });

  test.each([
    ['IN', 'In'],
    ['notin', 'NotIn'],
    ['Not In', 'NotIn'],
    ['exists', 'Exists'],
    ['Exist', 'Exists'],
    ['doesNotExists', 'DoesNotExist'],
    ['NotExists', 'DoesNotExist'],
    ['=', 'In'],
    ['!=', 'NotIn'],
    ['gt', 'Gt'],
    ['is', undefined],
    ['banana', undefined],
    ['constructor', undefined],
  ])('operator %s suggests %s', (operator, suggestion) => {
    expect(place(requiring(term(expression('a', operator, 'x')))).faults[0]?.suggestion).toBe(suggestion);
  });

  test('a field other than the name is what the apiserver refuses', () => {
    const podPolicy = requiring({ matchFields: [expression('spec.unschedulable', 'NotIn', 'true')] });
    expect(faultsOf(podPolicy)).toEqual([`invalid ${TERMS}[0].matchFields[0].key`]);
  });
});

describe('hostile input', () => {
  const wrong: Json[] = ['x', 5, 5n, true, [], [[]], [null], { a: 5 }];

  test.each<[string, (json: Json) => Json]>([
    ['podPolicy', (json) => json],
    ['affinity', (affinity) => ({ affinity })],
    ['nodeAffinity', (nodeAffinity) => ({ affinity: { nodeAffinity } })],
    ['required', (required) => ({ affinity: { nodeAffinity: { [REQUIRED]: required } } })],
    ['terms', (nodeSelectorTerms) => ({ affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } } })],
    ['a term', (each) => requiring(each)],
    ['matchExpressions', (matchExpressions) => requiring({ matchExpressions })],
    ['matchFields', (matchFields) => requiring({ matchFields })],
    ['a requirement', (each) => requiring({ matchExpressions: [each] })],
    ['key', (key) => requiring({ matchExpressions: [{ key, operator: 'Exists' }] })],
    ['operator', (operator) => requiring({ matchExpressions: [{ key: 'a', operator }] })],
    ['values', (values) => requiring({ matchExpressions: [{ key: 'a', operator: 'In', values }] })],
    [
      'a value',
      (value) => requiring({ matchExpressions: [{ key: 'a', operator: 'In', values: ['x', value] }] }),
    ],
    ['nodeSelector', (nodeSelector) => ({ nodeSelector })],
    ['a label', (value) => ({ nodeSelector: { a: value } })],
  ])('any type as %s gives a fault or nothing, and selects nothing that was not asked for', (_, build) => {
    for (const json of wrong) {
      const { selection, faults } = place(build(json));
      for (const { path } of faults) expect(formatPath(path)).toMatch(/^spec\.chunk\.podPolicy/);
      if (selection === undefined) continue;
      if (faults.some(({ wrongType }) => wrongType))
        expect(matches(selection, node({ a: 'x', x: 'y' }))).toBe(false);
    }
    const types = wrong.flatMap((json) => place(build(json)).faults).filter(({ wrongType }) => wrongType);
    expect(types.length).toBeGreaterThan(0);
    for (const { reason } of types) expect(reason).toBe('invalid');
  });

  test('100 000 expressions are read in linear time', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => expression(`k${n % 1000}`, 'NotIn', `v${n}`));
    const bad = many.map((each) => ({ ...each, operator: 'in' }));
    const started = performance.now();
    expect(place(requiring(term(...many))).faults).toEqual([]);
    expect(place(requiring(term(...bad))).faults.length).toBe(1000);
    expect(select(requiring(...bad.map((each) => term(each)))).terms).toEqual([]);
    const contradicting = Array.from({ length: 100_000 }, (_, n) => expression('k', 'In', `v${n}`));
    expect(place(requiring(term(...contradicting))).faults.length).toBe(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a nodeSelector too large to join every term is a fault and never hides a node', () => {
    const labels = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n}`, 'v']));
    const terms = Array.from({ length: 2000 }, (_, n) => term(expression('a', 'In', `v${n}`)));
    const { selection, faults } = place({ nodeSelector: labels, ...requiring(...terms) });
    expect(faults.map(({ message }) => message)).toEqual([
      'nodeSelector with 2000 labels beside 2000 terms is too large to judge',
    ]);
    expect(matches(selection!, node({ ...labels, a: 'v7' }))).toBe(true);
  });

  test('long texts are cut in messages', () => {
    const { faults } = place(requiring(term(expression('a', 'x'.repeat(1_000_000)))));
    for (const { message } of faults) expect(message.length).toBeLessThan(300);
  });
});
