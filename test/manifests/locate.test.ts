import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/core/base/path.ts';
import { lineColumn, locate } from '../../src/manifests/locate.ts';
import { readManifests } from '../../src/manifests/read.ts';

const TEXT = `# comment
apiVersion: v1
kind: ConfigMap
metadata: {name: a, "labels": {x: 'y'}}
spec:
  terms:
  - key: one
    values: [p, "q r"]
  - # two
    key: two
  empty:
  block: |
    text
    more
  last: end
`;

/** The text at a path: that of its key and that of its value. */
function textAt(text: string, path: Path, document = 0) {
  const file = readManifests('f.yaml', text);
  const { key, value, ...rest } = locate(file, document, path);
  const cut = (span: typeof key) => (span === undefined ? undefined : text.slice(span.start, span.end));
  return { ...rest, key: cut(key), value: cut(value) };
}

describe('the position of a path', () => {
  it.each<[Path, string, string]>([
    [['kind'], 'kind', 'ConfigMap'],
    [['metadata', 'name'], 'name', 'a'],
    [['metadata', 'labels'], '"labels"', "{x: 'y'}"],
    [['metadata', 'labels', 'x'], 'x', "'y'"],
    [['spec', 'terms'], 'terms', '- key: one\n    values: [p, "q r"]\n  - # two\n    key: two'],
    [['spec', 'terms', 0], 'key: one\n    values: [p, "q r"]', 'key: one\n    values: [p, "q r"]'],
    [['spec', 'terms', 0, 'values', 1], '"q r"', '"q r"'],
    [['spec', 'terms', 1, 'key'], 'key', 'two'],
    [['spec', 'last'], 'last', 'end'],
  ])('%j', (path, key, value) => {
    expect(textAt(TEXT, path)).toEqual({ key, value, exists: true, deepest: path, shared: false });
  });

  it('is the parent key if the path does not exist, and the first key for the root', () => {
    expect(textAt(TEXT, ['spec', 'terms', 0, 'operator', 'x'])).toMatchObject({
      exists: false,
      deepest: ['spec', 'terms', 0],
    });
    expect(textAt(TEXT, ['metadata', 'labels', 'none'])).toMatchObject({ key: '"labels"', exists: false });
    expect(textAt(TEXT, ['nothing'])).toMatchObject({ key: 'apiVersion', exists: false, deepest: [] });
    expect(textAt(TEXT, [])).toMatchObject({ key: 'apiVersion', exists: true });
  });

  it('ignores members that every JavaScript object inherits', () => {
    expect(textAt(TEXT, ['constructor'])).toMatchObject({ exists: false, deepest: [] });
    expect(textAt(TEXT, ['spec', '__proto__'])).toMatchObject({ key: 'spec', exists: false });
  });

  it.each([
    ['CRLF', TEXT.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${TEXT}`],
    ['a lone CR', TEXT.replaceAll('\n', '\r')],
  ])('is right with %s', (_, text) => {
    expect(textAt(text, ['spec', 'terms', 1, 'key'])).toMatchObject({ key: 'key', value: 'two' });
    const file = readManifests('f.yaml', text);
    const { key } = locate(file, 0, ['spec', 'last']);
    expect(lineColumn(file, key!.start)).toEqual({ line: 15, column: 3 });
    expect(lineColumn(file, locate(file, 0, ['kind']).value!.start)).toEqual({ line: 3, column: 7 });
  });

  it('is that of the later one of duplicate keys', () => {
    const { key, value } = textAt('a: 1\nb: 2\na: 3\n', ['a']);
    expect([key, value]).toEqual(['a', '3']);
  });

  it('is that of the repeated text, marked as shared, for an alias or a merge', () => {
    const text = 'base: &b {x: one, z: two}\nuse: *b\nmerged:\n  <<: *b\n  z: own\n';
    expect(textAt(text, ['use', 'x'])).toMatchObject({ value: 'one', shared: true });
    expect(textAt(text, ['merged', 'x'])).toMatchObject({ value: 'one', shared: true });
    expect(textAt(text, ['merged', 'z'])).toMatchObject({ value: 'own', shared: false });
    expect(textAt(text, ['base', 'x'])).toMatchObject({ value: 'one', shared: true });
  });

  it('is found by the document index of the reader', () => {
    const text = `---\na: 1\n---\n# nothing\n---\nb: {c: 2}\n`;
    expect(textAt(text, ['b', 'c'], 2)).toMatchObject({ key: 'c', value: '2' });
  });

  it('is found in JSON', () => {
    const text = '{"a": {"b": [1, "x"]}}\n{"a": 2}';
    expect(textAt(text, ['a', 'b', 1])).toMatchObject({ value: '"x"' });
    expect(textAt(text, ['a'], 1)).toMatchObject({ key: '"a"', value: '2' });
  });

  it('is the beginning of a document that cannot be read', () => {
    expect(textAt('ok: 1\n---\na: [\n', ['a'], 1)).toMatchObject({ exists: false, deepest: [] });
  });
});
