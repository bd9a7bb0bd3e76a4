import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KNOWN_KINDS } from '../../src/manifests/world.ts';
import { readManifests } from '../../src/manifests/read.ts';
import { coverage, kubectlOutcomes } from './outcomes.ts';

const ITEM = '{apiVersion: iomesh.com/v1alpha1, kind: IOMeshCluster, metadata: {name: a}}';

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

const OBJECT = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

function objectsOf(text: string, isWanted?: (apiVersion: string, kind: string) => boolean) {
  const file = readManifests('f.yaml', text, isWanted === undefined ? {} : { kinds: { isWanted } });
  return file.documents.flatMap(({ objects }) => objects);
}

describe('the objects of a file', () => {
  it('are those in lists, in lists of lists and in typed lists', () => {
    const text = `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret, metadata: {name: b}}]}
- {apiVersion: v1, kind: List, items: []}
- apiVersion: iomesh.com/v1alpha1
  kind: IOMeshClusterList
  items: [{metadata: {name: c}}, null]
`;
    expect(objectsOf(text).map(({ path, json }) => [path, json['apiVersion'], json['kind']])).toEqual([
      [['items', 0], 'v1', 'ConfigMap'],
      [['items', 1, 'items', 0], 'v1', 'Secret'],
      [['items', 3, 'items', 0], 'iomesh.com/v1alpha1', 'IOMeshCluster'],
    ]);
    // kubectl rejects all of it.
    const { text: whole, errors } = readManifests('f.yaml', text);
    expect(errors.map(({ message, start }) => [message, lineOf(whole, start)])).toEqual([
      ['kubectl rejects the list: this item is not an object', 9],
      ['kubectl rejects the list: this item is a list itself', 5],
      ['kubectl rejects the list: this item is a list itself', 6],
      ['kubectl rejects the list: this item is a list itself', 7],
    ]);
  });

  it.each([
    ['item', 'an empty item', 'v1', 'List', `[null, ${ITEM}]`],
    ['item', 'a text as item', 'v1', 'List', `[text, ${ITEM}]`],
    ['apiVersion', 'an apiVersion without lists', 'foo/v9', 'List', `[${ITEM}]`],
  ])('of a list with a wrong %s: kubectl rejects %s', (_name, _what, apiVersion, kind, items) => {
    const file = readManifests('f.yaml', `apiVersion: ${apiVersion}\nkind: ${kind}\nitems: ${items}\n`, {
      kinds: KNOWN_KINDS,
    });
    expect(file.errors).toMatchObject([
      { kind: 'wrong-type', message: expect.stringMatching(/^kubectl rejects the list/) },
    ]);
  });

  it.each([
    ['apiVersion: v1\nkind: List\nitems: [null, {apiVersion: apps/v1, kind: Deployment}]\n'],
    [`apiVersion: v1\nkind: List\nitems: [${ITEM}]\n`],
    [`apiVersion: iomesh.com/v1alpha1\nkind: List\nitems: [${ITEM}]\n`],
    ['apiVersion: v1\nkind: ConfigMapList\nitems: []\n'],
    [`apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap, items: null}, ${ITEM}]\n`],
  ])('have no error: %j', (text) => {
    expect(readManifests('f.yaml', text, { kinds: KNOWN_KINDS }).errors).toEqual([]);
  });

  it('of a list without items are an error', () => {
    const text = 'apiVersion: iomesh.com/v1alpha1\nkind: IOMeshClusterList\n';
    const { errors } = readManifests('f.yaml', text, { kinds: KNOWN_KINDS });
    expect(errors).toMatchObject([{ message: 'kubectl rejects the list: it has no items' }]);
  });

  it('counts items that are no objects of Kubernetes', () => {
    const { counts } = readManifests('f.yaml', 'apiVersion: v1\nkind: List\nitems: [{a: b}, {c: d}]\n');
    expect(counts).toEqual({ documents: 1, objects: 0, foreign: 0, notKubernetes: 2 });
  });

  it('are those of the wanted kinds; others are counted', () => {
    const text = `${OBJECT('a')}---\napiVersion: apps/v1\nkind: Deployment\nspec: {x: "y"}\n---\nhello: world\n---\n# nothing\n`;
    const file = readManifests('f.yaml', text, { kinds: { isWanted: (apiVersion) => apiVersion === 'v1' } });
    expect(file.documents.map(({ status }) => status)).toEqual([
      'object',
      'foreign',
      'not-kubernetes',
      'empty',
    ]);
    expect(file.counts).toEqual({ documents: 3, objects: 1, foreign: 1, notKubernetes: 1 });
  });

  it('of other kinds are rejected if kubectl rejects them', () => {
    const text = 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  a: [\n';
    const file = readManifests('f.yaml', text, { kinds: { isWanted: () => false } });
    expect(file.documents[0]!.status).toBe('failed');
  });

  it('keep their kind if `kind:` occurs again inside them', () => {
    const text = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nkind: ConfigMap\n';
    const file = readManifests('f.yaml', text, { kinds: { isWanted: (_, kind) => kind === 'ConfigMap' } });
    expect(file.documents[0]!.objects).toHaveLength(1);
    expect(file.errors.map(({ kind }) => kind)).toEqual(['duplicate-key']);
  });

  it('have keys such as __proto__ as plain keys', () => {
    for (const text of [
      '__proto__:\n  x: 1\nconstructor: y\n',
      '{"__proto__": {"x": 1}, "constructor": "y"}',
    ]) {
      const prefixed = text.startsWith('{')
        ? text.replace('{', '{"apiVersion":"v1","kind":"A",')
        : `apiVersion: v1\nkind: A\n${text}`;
      const [object] = objectsOf(prefixed);
      expect(Object.keys(object!.json)).toContain('__proto__');
      expect(Object.getPrototypeOf(object!.json)).toBe(Object.prototype);
      expect(Object.getOwnPropertyDescriptor(object!.json, '__proto__')!.value).toEqual({ x: 1 });
    }
  });

  it('have exact integers', () => {
    const [object] = objectsOf(
      `${OBJECT('a')}a: 9223372036854775807\nb: 18446744073709551615\nc: 18446744073709551616\n`,
    );
    expect(object!.json).toMatchObject({
      a: 9223372036854775807n,
      b: 18446744073709551615n,
      c: 18446744073709552000,
    });
  });
});

describe('the quick reader', () => {
  const folder = new URL('../fixtures/oracle-seeds/', import.meta.url);

  it('reads most real manifests, with the values of the general reader', () => {
    coverage.documents = 0;
    coverage.quick = 0;
    for (const name of readdirSync(folder)) kubectlOutcomes(readFileSync(new URL(name, folder)));
    expect(coverage.quick).toBeGreaterThan(coverage.documents / 2);
  });

  it.each([
    ['an indentless list', 'a:\n- b\n- c: d\n  e: f\ng:\n'],
    ['items of lists', 'a:\n  - - b\n    - c\n  -\n    d: e\n  -\n'],
    ['block scalars', 'a: |-\n  x\n\n   y\nb: >\n  p\n  q\n\nc: |\n    z\n# end\n'],
    ['comments', '# a\na: b # c\n\n  # d\ne: "f" # g\nh: #i\n  j: k#l\n'],
    ['flow collections', 'a: [b, "c d", 1]\ne: {f: g, h: [], i: {}}\nj: [k, ]\n'],
    ['typed words', 'a: yes\nb: 0x1F\nc: 1e3\nd: ~\ne: -1\nf: 1.50\ng: 08\nh: nope\ni: 2024-01-01\n'],
    ['a document start', '--- # first\na: b\n'],
  ])('reads %s', (_, text) => {
    coverage.quick = 0;
    kubectlOutcomes(Buffer.from(text));
    expect(coverage.quick).toBe(1);
  });
});
