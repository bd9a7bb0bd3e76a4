/** Any file of values is checked in bounded time, and every finding has a position in the file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { readValuesFile } from '../../../src/manifests/helm/read.ts';
import { releaseOf } from '../../../src/manifests/helm/release.ts';
import { worldOf } from '../../../src/manifests/world.ts';
import { locateFindings } from '../../../src/report/located.ts';
import { VALUES } from '../../cases/values.ts';

/** Reads and checks values; every finding has a position in its file. */
function examine(...texts: readonly string[]) {
  const files = texts.map((text, index) => readValuesFile(`values-${index}.yaml`, text));
  const more = releaseOf({ name: 'iomesh', namespace: 'iomesh-system' }, files, DEFAULT_CONFIG);
  const world = worldOf(
    files.map(({ file }) => file),
    DEFAULT_CONFIG,
    '2026-11-23',
    'lint',
    more,
  );
  const found = locateFindings(judge(world).findings);
  for (const { finding, span } of found) {
    expect(span, `${finding.code} ${finding.message}`).toBeDefined();
    expect(span!.start).toBeGreaterThanOrEqual(0);
    expect(span!.end).toBeLessThanOrEqual(span!.file.text.length);
  }
  return found.map(({ finding }) => finding);
}

const strange = fc.constantFrom(
  '',
  '~',
  'null',
  '[]',
  '{}',
  '[null]',
  '"{{ x }}"',
  '<a>',
  '1e400',
  '.inf',
  'yes',
  '-1',
  '{iomesh: 5}',
  '&a {b: 1}',
  '*a',
  '"\\u0000"',
  '2024-01-01',
);

describe('hostile values', () => {
  it('with any value at any path are checked without a crash', () => {
    const lines = VALUES.split('\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length - 1), strange), { minLength: 1, maxLength: 3 }),
        (edits) => {
          const changed = [...lines];
          for (const [at, text] of edits) changed[at] = changed[at]!.replace(/(:|- )(.*)$/, `$1 ${text}`);
          examine(changed.join('\n'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with lines removed, doubled or moved are checked without a crash', () => {
    const lines = VALUES.split('\n');
    const edit = fc.tuple(fc.nat(lines.length - 1), fc.constantFrom('drop', 'double', 'outdent', 'indent'));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = lines.map((line, index) => {
          const act = edits.find(([at]) => at === index)?.[1];
          if (act === 'drop') return [];
          if (act === 'double') return [line, line];
          return [act === 'outdent' ? line.replace(/^ {2}/, '') : act === 'indent' ? `  ${line}` : line];
        });
        examine(changed.flat().join('\n'));
      }),
      { numRuns: 300 },
    );
  });

  it('with any YAML in one or two files are checked without a crash', () => {
    const key = fc.constantFrom(
      'iomesh',
      'meta',
      'chunk',
      'zookeeper',
      'image',
      'tag',
      'podPolicy',
      'affinity',
      'replicaCount',
      '__proto__',
      'constructor',
      'global',
      'registry',
      'x',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(
        key,
        fc.oneof({ maxDepth: 5 }, fc.constantFrom(null, 1, true, '', 'x', [], [null], 1e300), tie('tree')),
        { maxKeys: 5 },
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 3 }), (values) => {
        examine(...values.map((each) => JSON.stringify(each)));
      }),
      { numRuns: 300 },
    );
  });

  it('with a wrong type have one finding at its position', () => {
    for (const [text, marked] of [
      ['iomesh: 5\n', '5'],
      ['iomesh: {meta: [1], chunk: {dataCIDR: 10.1.0.0/16}}\n', '[1]'],
      ['iomesh: {zookeeper: x, chunk: {dataCIDR: 10.1.0.0/16}}\n', 'x'],
      ['iomesh: {chunk: {dataCIDR: 10.1.0.0/16, devicemanager: no}}\n', 'no'],
      ['iomesh: {chunk: {dataCIDR: 10.1.0.0/16}, probe: {image: a/b}}\n', 'a/b'],
    ] as const) {
      const wrong = examine(text).filter(({ severity }) => severity === 'error');
      expect(
        wrong.map(({ code }) => code),
        text,
      ).toEqual(['IOM005']);
      const [found] = locateFindings(wrong);
      expect(found!.span!.file.text.slice(found!.span!.start, found!.span!.end)).toBe(marked);
    }
  });

  it('that are deep, wide or repeated are checked in bounded time', () => {
    const deep = `${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(examine(`iomesh: ${deep}\n`).map(({ code }) => code)).toEqual(['IOM001']);
    const nested = `iomesh: {chunk: {podPolicy: ${'{a: '.repeat(900)}"{{ x }}"${'}'.repeat(900)}}}\n`;
    expect(examine(nested).map(({ code }) => code)).toEqual(['IOM001']);
    const wide = Array.from({ length: 20_000 }, (_, index) => `  k${index}: 1\n`).join('');
    expect(examine(`iomesh:\n${wide}`).length).toBeLessThan(200);
    const strays = Array.from({ length: 20_000 }, (_, index) => `  replica${index}: 1\n`).join('');
    expect(examine(`iomesh:\n  chunk:\n${strays}`).length).toBeLessThan(200);
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1)
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    expect(examine(`${bomb.join('\n')}\niomesh: {chunk: *a8}\n`).map(({ code }) => code)).toEqual(['IOM001']);
    const twins = ['a0: &a0 {l: 1, r: 1}'];
    for (let level = 1; level < 14; level += 1)
      twins.push(`a${level}: &a${level} {l: *a${level - 1}, r: *a${level - 1}}`);
    const grown = `${twins.join('\n')}\niomesh: {chunk: {podPolicy: *a13}, x: *a13}\n`;
    examine(grown, grown, grown);
  });
});
