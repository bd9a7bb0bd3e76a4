import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import { matches } from '../../../src/core/node-selector/index.ts';
import { expression, HOSTNAME, place, REQUIRED, requiring, select, selectTerm, term } from './helpers.ts';

const TERMS = `spec.chunk.podPolicy.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
const PREFERRED = [{ weight: 1, preference: term(expression('a', 'Exists')) }];
const preferring = {
  affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: PREFERRED } },
};

function errorsOf(podPolicy: Json): string[] {
  return place(podPolicy).errors.map(({ path, reason }) => `${reason} ${formatPath(path)}`);
}

function node(labels: Record<string, string>, name = 'node-a') {
  return { name, labels };
}

describe('parsePlacement', () => {
  it.each<[string, Json | undefined]>([
    ['no podPolicy', undefined],
    ['null', null],
    ['an empty podPolicy', {}],
    ['an empty nodeSelector', { nodeSelector: {} }],
    ['only tolerations', { tolerations: [{ operator: 'Exists' }] }],
    ['null affinity', { affinity: null }],
    ['null node affinity', { affinity: { nodeAffinity: null } }],
    ['null required node affinity', { affinity: { nodeAffinity: { [REQUIRED]: null } } }],
    ['pod anti-affinity', { affinity: { podAntiAffinity: {} } }],
  ])('requires nothing for %s', (_, podPolicy) => {
    expect(place(podPolicy)).toMatchObject({ selection: undefined, preferredOnly: false, errors: [] });
  });

  it('requires nothing but says so when node affinity is only preferred', () => {
    expect(place(preferring)).toMatchObject({ selection: undefined, preferredOnly: true, errors: [] });
    expect(place({ ...preferring, nodeSelector: { a: 'b' } }).preferredOnly).toBe(false);
  });

  it('joins the nodeSelector to every term of the affinity', () => {
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

  it.each<[string, JsonObject]>([
    ['spec.chunk.podPolicy', { tolerations: [] }],
    ['spec.chunk.podPolicy.affinity', { affinity: {} }],
    ['spec.chunk.podPolicy.affinity.nodeAffinity', preferring],
    ['spec.chunk.podPolicy.nodeSelector', { ...preferring, nodeSelector: { a: 'b' } }],
    [TERMS.slice(0, -'.nodeSelectorTerms'.length), { nodeSelector: { a: 'b' }, ...requiring() }],
  ])('returns the path %s', (path, podPolicy) => {
    expect(formatPath(place(podPolicy).path)).toBe(path);
  });

  it('keeps the path of each requirement', () => {
    const { terms } = select({ nodeSelector: { a: 'b' }, ...requiring(term(expression('c', 'Exists'))) });
    expect(terms[0]?.requirements.map(({ path }) => formatPath(path))).toEqual([
      'spec.chunk.podPolicy.nodeSelector.a',
      `${TERMS}[0].matchExpressions[0]`,
    ]);
  });
});

describe('matches', () => {
  it.each<[string, string[], Record<string, string>, boolean]>([
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

  it('compares metadata.name with the name of the node, not with a label', () => {
    const selection = select(requiring({ matchFields: [expression('metadata.name', 'In', 'node-a')] }));
    expect(matches(selection, node({}, 'node-a'))).toBe(true);
    expect(matches(selection, node({ 'metadata.name': 'node-a' }, 'node-b'))).toBe(false);
  });

  it('treats keys that objects inherit as label keys', () => {
    expect(matches(selectTerm(expression('constructor', 'Exists')), node({}))).toBe(false);
    expect(matches(selectTerm(expression('constructor', 'DoesNotExist')), node({}))).toBe(true);
    const inherited = JSON.parse('{"nodeSelector": {"__proto__": "a"}}');
    expect(matches(select(inherited), node({}))).toBe(false);
  });
});

describe('errors', () => {
  it.each<[string, JsonObject, string]>([
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
      'an invalid key',
      requiring(term(expression('a b', 'Exists'))),
      `invalid ${TERMS}[0].matchExpressions[0].key`,
    ],
    [
      'an invalid value next to a valid one',
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
      'an invalid name of a node',
      requiring({ matchFields: [expression('metadata.name', 'In', 'Node_A')] }),
      `invalid ${TERMS}[0].matchFields[0].values[0]`,
    ],
    ['an invalid label value', { nodeSelector: { a: 'x y' } }, 'invalid spec.chunk.podPolicy.nodeSelector.a'],
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
      'set and not set',
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
      'values that the nodeSelector excludes',
      { nodeSelector: { a: 'x' }, ...requiring(term(expression('a', 'In', 'y', 'z'))) },
      `contradiction ${TERMS}[0].matchExpressions[0]`,
    ],
  ])('reports %s and matches no node', (_, podPolicy, error) => {
    expect(errorsOf(podPolicy)).toEqual([error]);
    for (const labels of [{}, { a: 'x' }, { a: '5' }, { a: 'y', b: '' }]) {
      expect(matches(select(podPolicy), node(labels, 'a'))).toBe(false);
    }
  });

  it('reports each term that matches no node, and the other term still selects', () => {
    const podPolicy = requiring(
      term(expression('a', 'in', 'x')),
      term(expression('a', 'In', 'y')),
      {},
      term(expression('a', 'In', 'x'), expression('a', 'NotIn', 'x')),
    );
    expect(errorsOf(podPolicy)).toEqual([
      `unknown-operator ${TERMS}[0].matchExpressions[0].operator`,
      `empty-term ${TERMS}[2]`,
      `contradiction ${TERMS}[3].matchExpressions[1]`,
    ]);
    expect(matches(select(podPolicy), node({ a: 'y' }))).toBe(true);
    expect(matches(select(podPolicy), node({ a: 'x' }))).toBe(false);
  });

  it('reports the last of three requirements that only together exclude everything', () => {
    const podPolicy = requiring(
      term(expression('a', 'In', 'x', 'y'), expression('a', 'NotIn', 'x'), expression('a', 'NotIn', 'y')),
    );
    expect(errorsOf(podPolicy)).toEqual([`contradiction ${TERMS}[0].matchExpressions[2]`]);
  });

  it('names the values on both sides', () => {
    const both = {
      nodeSelector: { [HOSTNAME]: 'k8s-worker-0' },
      ...requiring(term(expression(HOSTNAME, 'In', 'k8s-worker-4', 'k8s-worker-5'))),
    };
    expect(place(both).errors[0]?.message).toBe(
      'no node can satisfy nodeSelector and this term together, because they require that "kubernetes.io/hostname" is "k8s-worker-0" and is one of "k8s-worker-4", "k8s-worker-5"',
    );
    expect(place(requiring(term(expression('a', 'in', 'x')))).errors[0]).toMatchObject({
      message:
        'operator "in" is unknown, so this term matches no node; it must be exactly In, NotIn, Exists, DoesNotExist, Gt or Lt',
      suggestion: 'In',
    });
  });

  it.each([
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
  ])('suggests for the operator %s: %s', (operator, suggestion) => {
    expect(place(requiring(term(expression('a', operator, 'x')))).errors[0]?.suggestion).toBe(suggestion);
  });

  it('reports a field other than metadata.name, which the apiserver refuses', () => {
    const podPolicy = requiring({ matchFields: [expression('spec.unschedulable', 'NotIn', 'true')] });
    expect(errorsOf(podPolicy)).toEqual([`invalid ${TERMS}[0].matchFields[0].key`]);
  });
});

describe('hostile input', () => {
  const wrong: Json[] = ['x', 5, 5n, true, [], [[]], [null], { a: 5 }];

  it.each<[string, (json: Json) => Json]>([
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
  ])('reports a wrong type as %s or ignores it, and selects no node that is not selected', (_, build) => {
    for (const json of wrong) {
      const { selection, errors } = place(build(json));
      for (const { path } of errors) expect(formatPath(path)).toMatch(/^spec\.chunk\.podPolicy/);
      if (selection === undefined) continue;
      if (errors.some(({ wrongType }) => wrongType))
        expect(matches(selection, node({ a: 'x', x: 'y' }))).toBe(false);
    }
    const types = wrong.flatMap((json) => place(build(json)).errors).filter(({ wrongType }) => wrongType);
    expect(types.length).toBeGreaterThan(0);
    for (const { reason } of types) expect(reason).toBe('invalid');
  });

  it('reads 100 000 expressions in linear time', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => expression(`k${n % 1000}`, 'NotIn', `v${n}`));
    const bad = many.map((each) => ({ ...each, operator: 'in' }));
    const began = process.cpuUsage();
    expect(place(requiring(term(...many))).errors).toEqual([]);
    expect(place(requiring(term(...bad))).errors.length).toBe(1000);
    expect(select(requiring(...bad.map((each) => term(each)))).terms).toEqual([]);
    const contradicting = Array.from({ length: 100_000 }, (_, n) => expression('k', 'In', `v${n}`));
    expect(place(requiring(term(...contradicting))).errors.length).toBe(1);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(10_000);
  });

  it('reports a nodeSelector that is too large to join every term and still matches the nodes', () => {
    const labels = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n}`, 'v']));
    const terms = Array.from({ length: 2000 }, (_, n) => term(expression('a', 'In', `v${n}`)));
    const { selection, errors } = place({ nodeSelector: labels, ...requiring(...terms) });
    expect(errors.map(({ message }) => message)).toEqual([
      'the nodeSelector was not checked: 2000 labels and 2000 terms are too many',
    ]);
    expect(matches(selection!, node({ ...labels, a: 'v7' }))).toBe(true);
  });

  it('cuts long texts in messages', () => {
    const { errors } = place(requiring(term(expression('a', 'x'.repeat(1_000_000)))));
    for (const { message } of errors) expect(message.length).toBeLessThan(300);
  });
});
