import { describe, expect, it } from 'vitest';
import { lineColumn, locate } from '../../src/manifests/locate.ts';
import { readManifests } from '../../src/manifests/read.ts';

const MIB = 2 ** 20;
const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n';

/** Characters drawn from a set, the same ones every time. */
function noise(characters: string, length: number): string {
  let state = 1;
  let text = '';
  for (let index = 0; index < length; index++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    text += characters[Math.floor((state / 2 ** 31) * characters.length)];
  }
  return text;
}

function aliasBomb(levels: number): string {
  const lines = Array.from(
    { length: levels },
    (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}*a${i}]`,
  );
  return `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${lines.join('\n')}\n`;
}

/** Each is some megabytes; a quadratic step anywhere would take minutes. */
const INPUTS: Record<string, () => string> = {
  noise: () => noise('ab:- \n"\'[]{}#&*!|>%@`,?\t', 8 * MIB),
  'noise of keys': () => noise('ab: \n', 4 * MIB),
  'open brackets': () => '['.repeat(8 * MIB),
  'open braces': () => '{'.repeat(8 * MIB),
  'open JSON': () => '{"a":'.repeat(MIB),
  'brackets 10000 deep': () => '['.repeat(10_000) + ']'.repeat(10_000),
  'JSON 10000 deep': () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'blocks 3000 deep': () => Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'dashes in a row': () => '- '.repeat(4 * MIB),
  'question marks': () => '? '.repeat(2 * MIB),
  'equal keys': () => HEAD + '  a: b\n'.repeat(300_000),
  'many keys': () => HEAD + Array.from({ length: 300_000 }, (_, i) => `  k${i}: v`).join('\n'),
  'many keys in JSON': () => `{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
  'a huge plain scalar': () => `a: ${'x '.repeat(4 * MIB)}`,
  'a huge folded scalar': () => `a: >\n${'  x\n\n'.repeat(MIB)}`,
  'a huge scalar on many lines': () => `a: x\n${'  x\n'.repeat(MIB)}`,
  'escapes without end': () => `a: "${'\\n'.repeat(4 * MIB)}`,
  'a number of megabytes': () => `a: ${'1'.repeat(4 * MIB)}`,
  'a fraction of megabytes': () => `a: .${'1_'.repeat(2 * MIB)}`,
  'separators alone': () => '---\n'.repeat(2 * MIB),
  'broken separators': () => '----\n'.repeat(MIB),
  'a stream of JSON values': () => '{}'.repeat(4 * MIB),
  'dropped text': () => `a: 1\n...\n${'...\n# c\n \n'.repeat(800_000)}`,
  'an alias bomb': () => aliasBomb(30),
  'aliases of aliases': () =>
    `a0: &a0 x\n${Array.from({ length: 2000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i}]`).join('\n')}`,
  'many merges': () =>
    `a: &a {x: 1}\n${Array.from({ length: 100_000 }, (_, i) => `b${i}:\n  <<: *a`).join('\n')}`,
  'broken lines to guess from': () => `${'kind: x\nname: y\n'.repeat(300_000)}\t`,
  'binary that is no text': () => `a: !!binary ${'////'.repeat(MIB)}`,
};

describe('a hostile file is read or rejected in bounded time', () => {
  it.each(Object.keys(INPUTS))('%s', { timeout: 60_000 }, (name) => {
    const text = INPUTS[name]!();
    const before = process.cpuUsage();
    const file = readManifests('f.yaml', text);
    const seconds = process.cpuUsage(before).user / 1e6;
    // Linear work takes a second or two on a slow machine.
    expect(seconds).toBeLessThan(15);
    expect(file.documents.length).toBeGreaterThan(0);
    for (const fault of file.errors.slice(0, 3))
      expect(lineColumn(file, fault.start).line).toBeGreaterThan(0);
    for (const { documentIndex, path } of file.documents.flatMap(({ objects }) => objects).slice(0, 1)) {
      expect(locate(file, documentIndex, [...path, 'kind']).exists).toBe(true);
    }
  });

  it.each(['an alias bomb', 'aliases of aliases'])('%s: is rejected as by kubectl', (name) => {
    expect(readManifests('f.yaml', INPUTS[name]!()).errors[0]!.message).toMatch(/aliases/);
  });

  it.each(['brackets 10000 deep', 'JSON 10000 deep', 'blocks 3000 deep'])('%s: is rejected', (name) => {
    expect(readManifests('f.yaml', INPUTS[name]!()).documents[0]!.status).toBe('failed');
  });
});
