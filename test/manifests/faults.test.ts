import { describe, expect, it } from 'vitest';
import { lineColumn } from '../../src/manifests/locate.ts';
import type { ManifestError } from '../../src/manifests/types.ts';
import { readManifests } from '../../src/manifests/read.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: n\n';

/** The faults of a text: kind, place as `line:column`, message and help. */
function faultsOf(input: string | Uint8Array) {
  const file = readManifests('f.yaml', input);
  return file.errors.map((fault) => ({ ...fault, at: placeOf(file, fault.start) }));
}

function placeOf(file: ReturnType<typeof readManifests>, offset: number): string {
  const { line, column } = lineColumn(file, offset);
  return `${line}:${column}`;
}

function only(input: string | Uint8Array): ManifestError & { at: string } {
  const faults = faultsOf(input);
  expect(faults).toHaveLength(1);
  return faults[0]!;
}

describe('a document that kubectl refuses', () => {
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
    ['one dash too many', `${HEAD}----\n`, '6:1', /separator/, /three dashes/],
    ['content behind dashes', `${HEAD}--- {a: 1}\n`, '6:1', /separator/, /next line/],
  ])('says what, where and what to do: %s', (_, text, at, message, help) => {
    const fault = only(text);
    expect(fault.kind).toBe('syntax');
    expect(fault.at).toBe(at);
    expect(fault.message).toMatch(message);
    expect(fault.help).toMatch(help);
  });

  it('knows the outdented `- key:` of the guides', () => {
    const fault = only(
      'spec:\n  nodeSelectorTerms:\n      - matchExpressions:\n    - key: kubernetes.io/hostname\n      operator: In\n',
    );
    expect(fault.at).toBe('4:5');
    expect(fault.help).toBe(
      '`- key:` is left of `matchExpressions:`; indent it and its lines to at least column 9',
    );
  });

  it('leaves the documents around it to be judged, and says what it held', () => {
    const file = readManifests('f.yaml', `${HEAD}---\n${HEAD}data:\n\tx: y\n--- #\n${HEAD}`);
    expect(file.documents.map(({ status }) => status)).toEqual(['object', 'failed', 'object']);
    expect(file.documents[1]!.guessed).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a' },
    ]);
    expect(file.counts).toEqual({ documents: 3, objects: 2, foreign: 0, notKubernetes: 0 });
  });

  it('guesses every object of a broken list', () => {
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
  ])('never shows what a file without text holds: %s', (_, input, message) => {
    const fault = only(input);
    expect(fault.message).toMatch(message);
    expect(fault.message + fault.help).not.toMatch(/[^\x20-\x7e…]/);
  });

  it('keeps control characters of a separator line to itself', () => {
    expect(only('--- \x1b[31mred\n').message).not.toContain('\x1b');
  });

  it('reads no file beyond the limit', () => {
    const file = readManifests('f.yaml', HEAD.repeat(100), { maxBytes: 1000 });
    expect(file.documents[0]!.status).toBe('failed');
    expect(file.errors[0]!.message).toMatch(/larger than 1000 bytes/);
  });
});

describe('a key that stands twice', () => {
  it('is told with both places, and the later one holds', () => {
    const file = readManifests('f.yaml', `${HEAD}data:\n  a: first\n  b: x\n  "a": second\n`);
    expect(file.documents[0]!.objects[0]!.json).toMatchObject({ data: { a: 'second' } });
    const [fault] = file.errors;
    expect(fault!.kind).toBe('duplicate-key');
    expect(fault!.message).toContain('"a" is set twice in "data"');
    expect(placeOf(file, fault!.start)).toBe('9:3');
    expect(placeOf(file, fault!.related![0]!.start)).toBe('7:3');
  });

  it('is told in JSON, and in items of a list, but not of kinds nobody asked for', () => {
    expect(only('{"apiVersion":"v1","kind":"A","a":1,"a":2}').kind).toBe('duplicate-key');
    const item = (kind: string) => `- apiVersion: v1\n  kind: ${kind}\n  a: 1\n  a: 2\n`;
    const list = `apiVersion: v1\nkind: List\nitems:\n${item('Ours')}${item('Other')}`;
    const file = readManifests('f.yaml', list, { isWanted: (_, kind) => kind === 'Ours' });
    expect(file.errors.map(({ message }) => message)).toEqual([expect.stringContaining('in "items[0]"')]);
  });

  it('is no fault where a merge is overridden', () => {
    expect(faultsOf('a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n')).toEqual([]);
  });
});

describe('text that kubectl drops', () => {
  it.each([
    ['behind a line of dots', `${HEAD}...\ndata:\n  a: b\n`, '7:1'],
    ['behind a root in braces', '{a: 1}\n\nb: 2\n', undefined],
    ['behind a separator after a lone CR', 'a: 1\r---\rb: 2\r', '3:1'],
  ])('is told %s', (_, text, at) => {
    const fault = readManifests('f.yaml', text).errors.find(({ kind }) => kind !== 'syntax');
    if (at === undefined) return expect(readManifests('f.yaml', text).errors).not.toEqual([]);
    expect(fault?.kind).toBe('dropped-text');
    expect(placeOf(readManifests('f.yaml', text), fault!.start)).toBe(at);
  });

  it.each([`${HEAD}...\n`, `${HEAD}... # end\n\n# more\n`, `${HEAD}...\n---\n${HEAD}`])(
    'is not told where nothing is lost: %j',
    (text) => expect(faultsOf(text)).toEqual([]),
  );
});
