import { describe, expect, it } from 'vitest';
import { lineColumn } from '../../src/manifests/locate.ts';
import type { ManifestError } from '../../src/manifests/types.ts';
import { readManifests } from '../../src/manifests/read.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: n\n';

/** The errors of a text, each with its position as `line:column`. */
function errorsOf(input: string | Uint8Array) {
  const file = readManifests('f.yaml', input);
  return file.errors.map((error) => ({ ...error, at: placeOf(file, error.start) }));
}

function placeOf(file: ReturnType<typeof readManifests>, offset: number): string {
  const { line, column } = lineColumn(file, offset);
  return `${line}:${column}`;
}

function only(input: string | Uint8Array): ManifestError & { at: string } {
  const errors = errorsOf(input);
  expect(errors).toHaveLength(1);
  return errors[0]!;
}

describe('a document that kubectl rejects', () => {
  it.each([
    ['a tab', `${HEAD}data:\n\ta: b\n`, '7:1', /tab/, /spaces/],
    ['an open quote', `${HEAD}data:\n  a: "b\n  c: d\n`, '7:6', /not closed/, /close the quotes/],
    [
      'an open bracket',
      `${HEAD}data:\n  a: [b\n  c: d\n`,
      '8:4',
      /`,` or `\]` is missing/,
      /close the bracket/,
    ],
    ['a template', `${HEAD}data:\n  a: {{ .Values.x }}\n`, '7:7', /key/, /helm template/],
    ['a template line', `${HEAD}{{- if .x }}\ndata: {}\n{{- end }}\n`, '6:1', /colon/, /helm template/],
    ['two colons', `${HEAD}data:\n  a: b: c\n`, '7:7', /second/, /quotes/],
    ['a line too deep', `${HEAD}data:\n  a: b\n    c: d\n`, '8:6', /second/, /`c:` is deeper than `a:`/],
    ['a line without colon', `${HEAD}data:\n  a\n  c: d\n`, '8:4', /second/, /line above/],
    ['a line between', `${HEAD}data:\n    a: b\n  c: d\n`, '8:3', /indentation/, /indent it like/],
    ['an unknown alias', `${HEAD}data: *x\n`, '6:7', /alias \*x/, /quotes/],
    ['an indicator', `${HEAD}data:\n  a: @x\n`, '7:6', /`@`/, /quotes/],
    ['infinity', `${HEAD}data:\n  a: .inf\n`, '7:6', /infinity/, /quotes/],
    ['a null key', `${HEAD}data:\n  ~: x\n`, '7:3', /null/, /quotes/],
    ['a directive', `%YAML 1.2\n---\n${HEAD}`, '1:1', /1\.2/, /remove/],
    ['three dots first, as in guides', `...\n${HEAD}`, '1:1', /value is missing/, /left out/],
    ['three dots in a mapping', `${HEAD}data:\n  a: b\n  ...\n`, '8:3', /no colon/, /left out/],
    ['three dots before a key', `${HEAD}data:\n  ...\n  a: b\n`, '8:4', /second/, /left out/],
    ['one dash too many', `${HEAD}----\n`, '6:1', /separator/, /three dashes/],
    ['content after dashes', `${HEAD}--- {a: 1}\n`, '6:1', /separator/, /next line/],
  ])('has an error with position and help: %s', (_, text, at, message, help) => {
    const error = only(text);
    expect(error.kind).toBe('syntax');
    expect(error.at).toBe(at);
    expect(error.message).toMatch(message);
    expect(error.help).toMatch(help);
  });

  it('has help about a `- key:` that is left of its list, as in guides', () => {
    const error = only(
      'spec:\n  nodeSelectorTerms:\n      - matchExpressions:\n    - key: kubernetes.io/hostname\n      operator: In\n',
    );
    expect(error.at).toBe('4:5');
    expect(error.help).toBe(
      '`- key:` is left of `matchExpressions:`; indent it and its lines to at least column 9',
    );
  });

  it('does not stop the reader, and its objects are guessed', () => {
    const file = readManifests('f.yaml', `${HEAD}---\n${HEAD}data:\n\tx: y\n--- #\n${HEAD}`);
    expect(file.documents.map(({ status }) => status)).toEqual(['object', 'failed', 'object']);
    expect(file.documents[1]!.guessed).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a' },
    ]);
    expect(file.counts).toEqual({ documents: 3, objects: 2, foreign: 0, notKubernetes: 0 });
  });

  it('has a guess for every object of an invalid list', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- kind: A\n  apiVersion: x/v1\n  metadata: {name: one, namespace: n}\n- kind: B\n  metadata:\n    name: "two"\n\tbroken\n`;
    const [document] = readManifests('f.yaml', list).documents;
    expect(document!.guessed).toContainEqual({ kind: 'A', apiVersion: 'x/v1', name: 'one', namespace: 'n' });
    expect(document!.guessed).toContainEqual({ kind: 'B', name: 'two' });
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), /UTF-16/],
    ['Latin-1', Buffer.from('a: caf\xe9', 'latin1'), /UTF-8/],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 0xff]), /binary/],
    ['a NUL', 'a: \0', /NUL/],
    ['a bell', 'a: "\x07"', /U\+0007/],
    ['half a character', 'a: \ud800', /U\+D800/],
  ])('has a printable error if the file is not text: %s', (_, input, message) => {
    const error = only(input);
    expect(error.message).toMatch(message);
    expect(error.message + error.help).not.toMatch(/[^\x20-\x7e…]/);
  });

  it('has no control characters of a separator line in its message', () => {
    expect(only('--- \x1b[31mred\n').message).not.toContain('\x1b');
  });

  it('is a file larger than the limit', () => {
    const file = readManifests('f.yaml', HEAD.repeat(100), { maxBytes: 1000 });
    expect(file.documents[0]!.status).toBe('failed');
    expect(file.errors[0]!.message).toMatch(/larger than 1000 bytes/);
  });
});

describe('a duplicate key', () => {
  it('is reported with both positions, and the later one counts', () => {
    const file = readManifests('f.yaml', `${HEAD}data:\n  a: first\n  b: x\n  "a": second\n`);
    expect(file.documents[0]!.objects[0]!.json).toMatchObject({ data: { a: 'second' } });
    const [error] = file.errors;
    expect(error!.kind).toBe('duplicate-key');
    expect(error!.message).toContain('"a" is set twice in "data"');
    expect(placeOf(file, error!.start)).toBe('9:3');
    expect(placeOf(file, error!.related![0]!.start)).toBe('7:3');
  });

  it('is reported in JSON and in items of a list, but not in objects of other kinds', () => {
    expect(only('{"apiVersion":"v1","kind":"A","a":1,"a":2}').kind).toBe('duplicate-key');
    const item = (kind: string) => `- apiVersion: v1\n  kind: ${kind}\n  a: 1\n  a: 2\n`;
    const list = `apiVersion: v1\nkind: List\nitems:\n${item('Ours')}${item('Other')}`;
    const file = readManifests('f.yaml', list, { kinds: { isWanted: (_, kind) => kind === 'Ours' } });
    expect(file.errors.map(({ message }) => message)).toEqual([expect.stringContaining('in "items[0]"')]);
  });

  it('is not reported if it overrides a merged key', () => {
    expect(errorsOf('a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n')).toEqual([]);
  });
});

describe('text that kubectl ignores', () => {
  it.each([
    ['after a line of dots', `${HEAD}...\ndata:\n  a: b\n`, '7:1'],
    ['after a root in braces', '{a: 1}\n\nb: 2\n', undefined],
    ['after a separator after a lone CR', 'a: 1\r---\rb: 2\r', '3:1'],
  ])('is reported %s', (_, text, at) => {
    const error = readManifests('f.yaml', text).errors.find(({ kind }) => kind !== 'syntax');
    if (at === undefined) return expect(readManifests('f.yaml', text).errors).not.toEqual([]);
    expect(error?.kind).toBe('dropped-text');
    expect(placeOf(readManifests('f.yaml', text), error!.start)).toBe(at);
  });

  it.each([
    `${HEAD}--- #${'x'.repeat(4091)}`,
    `${HEAD}...\n`,
    `${HEAD}... # end\n\n# more\n`,
    `${HEAD}...\n---\n${HEAD}`,
  ])('is not reported if it has no content: %j', (text) => expect(errorsOf(text)).toEqual([]));
});
