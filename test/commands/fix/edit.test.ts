/** Edits of a document's text: what changes, and that nothing else does. */
import type { FixEdit } from '../../../src/core/base/edits.ts';
import { describe, expect, it } from 'vitest';
import { editDocument } from '../../../src/manifests/edit/document.ts';

type Case = readonly [name: string, before: string, edits: readonly FixEdit[], after: string];

const set = (path: FixEdit['path'], value: string | number | readonly string[]): FixEdit => ({
  op: 'replace',
  path,
  value,
});
const add = (path: FixEdit['path'], value: unknown): FixEdit => ({ op: 'add', path, value }) as FixEdit;
const drop = (path: FixEdit['path']): FixEdit => ({ op: 'remove', path });
const move = (from: FixEdit['path'], path: FixEdit['path']): FixEdit => ({ op: 'move', from, path });

const SCALARS: Case[] = [
  ['a plain one', 'a: one # note\n', [set(['a'], 'two')], 'a: two # note\n'],
  ['single quotes stay', "a: 'one'\n", [set(['a'], "it's")], "a: 'it''s'\n"],
  ['double quotes stay', 'a: "one"\n', [set(['a'], 'two')], 'a: "two"\n'],
  ['a text that looks like a number is quoted', 'a: one\n', [set(['a'], '2')], 'a: "2"\n'],
  ['a text that looks like a boolean is quoted', 'a: one\n', [set(['a'], 'yes')], 'a: "yes"\n'],
  ['a text that looks like an exponent is quoted', 'a: one\n', [set(['a'], '1e3')], 'a: "1e3"\n'],
  ['a text that looks like an octal number is quoted', 'a: one\n', [set(['a'], '010')], 'a: "010"\n'],
  ['a text that other readers take for a time is quoted', 'a: one\n', [set(['a'], '1:30')], 'a: "1:30"\n'],
  ['a number loses its quotes', 'a: "3"\n', [set(['a'], 3)], 'a: 3\n'],
  ['line breaks and quotes are escaped', 'a: one\n', [set(['a'], 'x"\ny')], 'a: "x\\"\\ny"\n'],
  ['text that begins a comment is quoted', 'a: one\n', [set(['a'], 'x #y')], 'a: "x #y"\n'],
  [
    'a block scalar becomes one line',
    'a: | # why\n  one\n\nb: 1\n',
    [set(['a'], 'two')],
    'a: two # why\nb: 1\n',
  ],
  ['a missing value', 'a:\nb: 1\n', [set(['a'], 'two')], 'a: two\nb: 1\n'],
  ['a missing value before a comment', 'a: # c\nb: 1\n', [set(['a'], 'two')], 'a: two # c\nb: 1\n'],
  ['in braces', 'x: {a: one, b: 1}\n', [set(['x', 'a'], 'two')], 'x: {a: two, b: 1}\n'],
  ['in JSON', '{"a": "one"}', [set(['a'], 'two')], '{"a": "two"}'],
  ['over several lines', 'a: one\n  more\nb: 1\n', [set(['a'], 'two')], 'a: two\nb: 1\n'],
  ['CRLF', 'a: one\r\nb: 1\r\n', [set(['a'], 'two')], 'a: two\r\nb: 1\r\n'],
  ['a byte order mark', '\ufeffa: one\n', [set(['a'], 'two')], '\ufeffa: two\n'],
  ['an item', 'a:\n- one\n- two # c\n', [set(['a', 1], 'three')], 'a:\n- one\n- three # c\n'],
  ['a list, item by item', 'a:\n- one # c\n- two\n- three\n', [set(['a'], ['x'])], 'a:\n- x # c\n'],
  ['a list in brackets', 'a: [one, two]\n', [set(['a'], ['x'])], 'a: [x]\n'],
  ['a list of one value', 'a: one # c\n', [set(['a'], ['one'])], 'a: [one] # c\n'],
  [
    'a mapping becomes the item of a list',
    'a:\n  b: 1\n\n  c:\n    d: 2\ne: 3\n',
    [add(['a'], [{ b: 1, c: { d: 2 } }])],
    'a:\n  - b: 1\n\n    c:\n      d: 2\ne: 3\n',
  ],
];

const INSERTS: Case[] = [
  ['after the last key', 'x:\n  a: 1 # c\ny: 2\n', [add(['x', 'b'], 'v')], 'x:\n  a: 1 # c\n  b: v\ny: 2\n'],
  ['at the end of a file without line end', 'x:\n    a: 1', [add(['x', 'b'], 'v')], 'x:\n    a: 1\n    b: v'],
  [
    'after nested lines',
    'x:\n  a:\n    - 1\n# end\n',
    [add(['x', 'b'], 'v')],
    'x:\n  a:\n    - 1\n  b: v\n# end\n',
  ],
  [
    'parents are made, indented as elsewhere',
    'x:\n    a: 1\n',
    [add(['x', 'b', 'c'], 'v')],
    'x:\n    a: 1\n    b:\n        c: v\n',
  ],
  ['under a key without value', 'x: # c\ny: 1\n', [add(['x', 'b'], 'v')], 'x: # c\n  b: v\ny: 1\n'],
  ['under a null', 'x: ~ # c\ny: 1\n', [add(['x', 'b'], 'v')], 'x: # c\n  b: v\ny: 1\n'],
  ['under empty braces', 'x: {}\ny: 1\n', [add(['x', 'b'], 'v')], 'x:\n  b: v\ny: 1\n'],
  ['in braces', 'x: {a: 1}\n', [add(['x', 'b'], '2')], 'x: {a: 1, b: "2"}\n'],
  ['in braces with a last comma', 'x: {a: 1,}\n', [add(['x', 'b'], 'v')], 'x: {a: 1, b: v,}\n'],
  [
    'in braces over several lines',
    'x: {\n  a: 1, # c\n  b: 2 # d\n}\n',
    [add(['x', 'c'], 'v')],
    'x: {\n  a: 1, # c\n  b: 2, # d\n  c: v\n}\n',
  ],
  ['a new key is quoted like the others', 'x: {"a": 1}\n', [add(['x', 'b'], 'v')], 'x: {"a": 1, "b": v}\n'],
  ['in JSON of one line', '{"x":{"a":1}}', [add(['x', 'b'], 'v')], '{"x":{"a":1,"b":"v"}}'],
  [
    'in JSON of many lines',
    '{\n  "x": {\n    "a": 1\n  }\n}\n',
    [add(['x', 'b'], { c: ['v'] })],
    '{\n  "x": {\n    "a": 1,\n    "b": {\n      "c": [\n        "v"\n      ]\n    }\n  }\n}\n',
  ],
  ['in empty JSON', '{\n  "x": {}\n}\n', [add(['x', 'b'], 'v')], '{\n  "x": {\n    "b": "v"\n  }\n}\n'],
  [
    'lists at the column of their key',
    'x:\n- a\n',
    [add(['z'], [{ k: 1, l: 2 }])],
    'x:\n- a\nz:\n- k: 1\n  l: 2\n',
  ],
  ['an item at the end', 'x:\n  - a # c\ny: 1\n', [add(['x', 1], 'b')], 'x:\n  - a # c\n  - b\ny: 1\n'],
  ['an item before another', 'x:\n  - a\n  - b\n', [add(['x', 1], 'c')], 'x:\n  - a\n  - c\n  - b\n'],
  [
    'after a block scalar',
    'x:\n  a: |\n    one\n\ny: 1\n',
    [add(['x', 'b'], 'v')],
    'x:\n  a: |\n    one\n  b: v\n\ny: 1\n',
  ],
  [
    'after one that keeps its empty lines',
    'x:\n  a: |+\n    one\n\ny: 1\n',
    [add(['x', 'b'], 'v')],
    'x:\n  a: |+\n    one\n\n  b: v\ny: 1\n',
  ],
  [
    'CRLF',
    'x:\r\n  a: 1\r\ny: 2\r\n',
    [add(['x', 'b', 'c'], 'v')],
    'x:\r\n  a: 1\r\n  b:\r\n    c: v\r\ny: 2\r\n',
  ],
  ['a lone CR', 'x:\r  a: 1\ry: 2\r', [add(['x', 'b', 'c'], 'v')], 'x:\r  a: 1\r  b:\r    c: v\ry: 2\r'],
  [
    'into an item',
    'x:\n  - a: 1\n  - a: 2\n',
    [add(['x', 0, 'b'], 'v')],
    'x:\n  - a: 1\n    b: v\n  - a: 2\n',
  ],
  ['a key that needs quotes', 'x:\n  a: 1\n', [add(['x', 'on'], 'v')], 'x:\n  a: 1\n  "on": v\n'],
  [
    'before the end of the document',
    'x:\n  a: 1\n...\n',
    [add(['x', 'b'], 'v')],
    'x:\n  a: 1\n  b: v\n...\n',
  ],
];

const REMOVALS: Case[] = [
  ['a member with its line', 'x:\n  a: 1\n  # d\n  b: 2\n', [drop(['x', 'a'])], 'x:\n  # d\n  b: 2\n'],
  ['a member, but not its comment', 'x:\n  a: 1 # c\n  b: 2\n', [drop(['x', 'a'])], 'x:\n  # c\n  b: 2\n'],
  ['the last line of a file, but not its comment', 'a: 1\nb: 2 # c', [drop(['b'])], 'a: 1\n# c'],
  [
    'the only member, but not its comment',
    'x:\n  a: 1 # c\ny: 2\n',
    [drop(['x', 'a'])],
    'x: {}\n  # c\ny: 2\n',
  ],
  [
    'a line in braces, but not its comment',
    'x: {\n  a: 1, # c\n  b: 2, # d\n}\n',
    [drop(['x', 'a'])],
    'x: {\n  # c\n  b: 2, # d\n}\n',
  ],
  ['a member of many lines', 'x:\n  a:\n    - 1\n  b: 2\n', [drop(['x', 'a'])], 'x:\n  b: 2\n'],
  ['the last line of a file', 'a: 1\nb: 2', [drop(['b'])], 'a: 1'],
  ['the only member', 'x: # c\n  a: 1\ny: 2\n', [drop(['x', 'a'])], 'x: {} # c\ny: 2\n'],
  ['the only item', 'x:\n- a\ny: 2\n', [drop(['x', 0])], 'x: []\ny: 2\n'],
  ['the first key of an item', 'x:\n  - a: 1\n    b: 2\n', [drop(['x', 0, 'a'])], 'x:\n  - b: 2\n'],
  ['the only key of an item', 'x:\n  - a: 1\n  - b: 2\n', [drop(['x', 0, 'a'])], 'x:\n  - {}\n  - b: 2\n'],
  ['an item', 'x:\n  - a\n  - b # c\n  - d\n', [drop(['x', 1])], 'x:\n  - a\n  # c\n  - d\n'],
  ['the first in braces', 'x: {a: 1, b: 2}\n', [drop(['x', 'a'])], 'x: {b: 2}\n'],
  ['the last in braces', 'x: {a: 1, b: 2}\n', [drop(['x', 'b'])], 'x: {a: 1}\n'],
  ['the only one in braces', 'x: {a: 1,}\n', [drop(['x', 'a'])], 'x: {}\n'],
  ['a line of JSON', '{\n  "a": 1,\n  "b": 2\n}\n', [drop(['b'])], '{\n  "a": 1\n}\n'],
  ['CRLF', 'x:\r\n  a: 1\r\n  b: 2\r\n', [drop(['x', 'b'])], 'x:\r\n  a: 1\r\n'],
];

const MOVES: Case[] = [
  [
    'a new name in its place',
    'x:\n  tags: v1 # c\n',
    [move(['x', 'tags'], ['x', 'tag'])],
    'x:\n  tag: v1 # c\n',
  ],
  ['a quoted name', '{"tags": 1}', [move(['tags'], ['tag'])], '{"tag": 1}'],
  ['a name without value', 'tags:\nb: 1\n', [move(['tags'], ['tag'])], 'tag:\nb: 1\n'],
  [
    'deeper, with its comments',
    'x:\n  m: # c\n    # d\n    - a\n  b: 1\n',
    [move(['x', 'm'], ['x', 'p', 'q', 'm'])],
    'x:\n  b: 1\n  p:\n    q:\n      m: # c\n        # d\n        - a\n',
  ],
  [
    'deeper, from a mapping of its own',
    'x:\n  m:\n    - a\ny: 1\n',
    [move(['x', 'm'], ['x', 'p', 'm'])],
    'x:\n  p:\n    m:\n      - a\ny: 1\n',
  ],
  [
    'up a level',
    'x:\n  a:\n    b: |\n      t\n    c: 1\ny: 2\n',
    [move(['x', 'a', 'b'], ['x', 'b'])],
    'x:\n  a:\n    c: 1\n  b: |\n    t\ny: 2\n',
  ],
  ['into braces', 'x: {a: 1}\nt: v1\n', [move(['t'], ['x', 't'])], 'x: {a: 1, t: v1}\n'],
  ['out of braces', 'x: {a: 1, t: v1}\n', [move(['x', 't'], ['t'])], 'x: {a: 1}\nt: v1\n'],
  [
    'out of a line in braces, which leaves its comment',
    'x: {\n  a: 1, # c\n  t: v1, # d\n}\n',
    [move(['x', 't'], ['t'])],
    'x: {\n  a: 1, # c\n  # d\n}\nt: v1\n',
  ],
  ['in JSON', '{"x": {"a": 1}, "t": [1, 2]}', [move(['t'], ['x', 't'])], '{"x": {"a": 1, "t": [1, 2]}}'],
];

describe.each([
  ['scalars', SCALARS],
  ['insertions', INSERTS],
  ['removals', REMOVALS],
  ['moves', MOVES],
])('%s', (_, cases) => {
  it.each(cases)('%s', (_name, before, edits, after) => {
    expect(editDocument(before, before.startsWith('{"') || before.startsWith('{\n'), edits)).toBe(after);
  });
});

describe('an edit is refused with a reason for', () => {
  it.each<[string, string, FixEdit, RegExp]>([
    ['an alias', 'a: &x one\nb: *x\n', set(['b'], 'two'), /alias \*x/],
    ['below an alias', 'a: &x {c: one}\nb: *x\n', set(['b', 'c'], 'two'), /alias \*x/],
    ['a repeated anchor', 'a: &x one\nb: *x\n', set(['a'], 'two'), /anchor &x/],
    ['below a repeated anchor', 'a: &x {c: one}\nb: *x\n', add(['a', 'd'], 'two'), /anchor &x/],
    [
      'a value that comes from a merge',
      'a: &x {c: one}\nb:\n  <<: *x\n  d: 1\n',
      set(['b', 'c'], 'two'),
      /merge key/,
    ],
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', set(['a'], 'two'), /"a" is set twice/],
    ['a tag', 'a: !!str 1\n', set(['a'], 'two'), /tag/],
    ['a block into braces', 'x: {a: 1}\nt:\n  - 1\n', move(['t'], ['x', 't']), /into brackets/],
    ['lines that end with LS', 'a: 1\u2028b: 2\u2028', set(['a'], 'two'), /U\+2028/],
    ['lines that end with NEL', 'a: 1\u0085b: 2\u0085', drop(['b']), /U\+0085/],
    ['a key written with ?', '? a\n: 1\n? b\n: 2\n', drop(['a']), /form/],
  ])('%s', (_, text, edit, reason) => {
    expect(() => editDocument(text, false, [edit])).toThrow(reason);
  });
});
