/**
 * Random manifests, random styles, random errors: fixes never break a document, never change what they do
 * not mean to, and leave nothing for a second run. `TEST_RUNS=100` makes it a long search, `FIX_SEED` repeats one.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/edits.ts';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { documentValue } from '../../../src/manifests/read.ts';
import type { ManifestFile } from '../../../src/manifests/types.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { KNOWN_KINDS } from '../../../src/manifests/world.ts';
import { baseDocuments } from '../../cases/harness.ts';
import { fixTexts } from './fix-texts.ts';
import { withFault } from './random-faults.ts';
import { type Draw, writeDocument } from './random-text.ts';
import { runsOf } from '../../support/runs.ts';

// Of fewer, by chance too few have a fix: see the end.
const RUNS = Math.max(40, runsOf(80));
const SEED = Number(process.env['FIX_SEED'] ?? Date.now() % 2 ** 31);
const TODAY = '2026-11-23';

const BASE: readonly JsonObject[] = [...baseDocuments().values()].map(
  (text) => readManifests('base.yaml', text, { kinds: KNOWN_KINDS }).documents[0]!.objects[0]!.json,
);

/** Objects as they are meant, a file each list; and their text. */
interface Sample {
  readonly text: string;
  readonly objects: readonly JsonObject[];
  readonly lineBreak: string;
}

function sample(draw: Draw): Sample {
  // Mostly a part of the correct set, so that objects know one another, in any order.
  const some = BASE.filter(() => draw(3) > 0);
  const chosen = some.length === 0 ? BASE.slice(0, 1) : some;
  const turn = draw(chosen.length);
  const objects = [...chosen.slice(turn), ...chosen.slice(0, turn)].map((each) => {
    let object = each;
    for (let faults = draw(4); faults > 0; faults--) object = withFault(object, draw);
    return object;
  });
  if (draw(8) === 0) {
    const gap = [undefined, 1, 2, 4][draw(4)];
    const text = objects.map((each) => JSON.stringify(each, undefined, gap)).join('\n');
    return { text: `${text}${draw(2) === 0 ? '\n' : ''}`, objects, lineBreak: '\n' };
  }
  const lists = draw(6) === 0;
  const values: JsonObject[] = lists ? [{ apiVersion: 'v1', kind: 'List', items: objects }] : objects;
  const texts = values.map((each) => writeDocument(each, draw));
  const separator = ['---\n', '--- # next\n', '...\n---\n'][draw(3)]!;
  let text = `${draw(4) === 0 ? '---\n' : ''}${texts.join(separator)}`;
  if (draw(4) === 0) text = text.trimEnd();
  // kubectl reads no separator after a lone CR.
  const breaks = text.includes('---') ? ['\n', '\r\n'] : ['\n', '\r\n', '\r'];
  const lineBreak = breaks[draw(breaks.length)]!;
  text = text.replaceAll('\n', lineBreak);
  return { text: draw(8) === 0 ? `\ufeff${text}` : text, objects: values, lineBreak };
}

/** The value of each document; of one that cannot be read, null. */
function valuesOf(file: ManifestFile): JsonObject[] {
  return file.documents.map(
    ({ status }, index) => (status === 'failed' ? null : documentValue(file, index)) as JsonObject,
  );
}

const PIECES = [
  '',
  ' ',
  '  ',
  '\n',
  '\t',
  ':',
  '- ',
  '*a0 ',
  '&a1 ',
  '<<: ',
  '{',
  ']',
  '"',
  '#',
  '? ',
  '!!str ',
  '---\n',
  '|',
];

/** What a cat on the keyboard leaves of a text. */
function garbled(text: string, draw: Draw): string {
  let result = text;
  for (let count = 1 + draw(3); count > 0; count--) {
    const at = draw(result.length + 1);
    const end = Math.min(result.length, at + draw(12));
    const piece = PIECES[draw(PIECES.length)]!;
    // Something put in, taken out, or copied elsewhere.
    const [put, to] = [
      [piece, at],
      ['', end],
      [result.slice(at, end), at],
    ][draw(3)] as [string, number];
    result = result.slice(0, at) + put + result.slice(to);
  }
  return result;
}

function read(text: string): ManifestFile {
  return readManifests('0.yaml', text, { kinds: KNOWN_KINDS });
}

function commentsOf(text: string): string[] {
  return text.match(/# note \d+/g) ?? [];
}

function check(draw: Draw): void {
  const { text: clean, objects, lineBreak } = sample(draw);
  const isGarbled = draw(3) === 0;
  const text = isGarbled ? garbled(clean, draw) : clean;
  const start = read(text);
  const before = valuesOf(start);
  if (!isGarbled) {
    expect(start.errors, text).toEqual([]);
    if (text[0] !== '{') expect(before, text).toEqual(objects);
  }

  const unsafe = draw(3) > 0;
  const { fixed, texts } = fixTexts([text], DEFAULT_CONFIG, TODAY, unsafe);
  const [after] = texts as [string];
  const end = read(after);
  const details = `${unsafe}\n${text}\n=====\n${after}`;

  // Every document can be read, and has the value that its fixes describe.
  expect(end.errors.map(({ message }) => message).sort(), details).toEqual(
    start.errors.map(({ message }) => message).sort(),
  );
  const wanted = [...before];
  for (const { documentIndex, edits } of fixed.applied)
    wanted[documentIndex] = applyEdits(wanted[documentIndex]!, edits);
  expect(isDeepStrictEqual(valuesOf(end), wanted), details).toBe(true);

  // The text of documents without a fix is the same; so are mark, line breaks and comments.
  const touched = new Set(fixed.applied.map((each) => each.documentIndex));
  for (const { index, start: from, end: to } of start.documents) {
    if (touched.has(index)) continue;
    const same = end.documents[index]!;
    expect(after.slice(same.start, same.end), details).toBe(text.slice(from, to));
  }
  expect(after.startsWith('\ufeff'), details).toBe(text.startsWith('\ufeff'));
  const breaks = new Set(after.match(/\r\n|\r|\n/g) ?? []);
  breaks.delete(lineBreak);
  if (!isGarbled) expect([...breaks], details).toEqual([]);
  const kept = commentsOf(after);
  const takes = fixed.applied.some(({ edits }) =>
    edits.some(
      (edit) =>
        edit.op === 'remove' || edit.op === 'move' || ('value' in edit && typeof edit.value === 'object'),
    ),
  );
  if (isGarbled) expect(kept.length, details).toBeLessThanOrEqual(commentsOf(text).length);
  else if (takes) expect(new Set(kept).size, details).toBeLessThanOrEqual(new Set(commentsOf(text)).size);
  else expect(kept, details).toEqual(commentsOf(text));
  if (fixed.applied.length === 0) expect(after, details).toBe(text);

  // A second run finds nothing to do.
  expect(fixTexts([after], DEFAULT_CONFIG, TODAY, unsafe).texts[0], details).toBe(after);
  expect(fixed.unfinished, details).toBe(false);
  fixes += fixed.applied.length;
  for (const { reason, candidate } of fixed.skipped) {
    const kind = reason.replace(/ at .*|\*\w+|&\w+|^.*comes/g, '…');
    refusals.set(kind, (refusals.get(kind) ?? 0) + 1);
    if (process.env['FIX_SHOW'] !== undefined && reason.includes(process.env['FIX_SHOW']))
      console.log(`${reason}: ${JSON.stringify(candidate.edits)}\n${text}`);
  }
}

let fixes = 0;
const refusals = new Map<string, number>();

it(`${RUNS} random manifests, seed ${SEED}`, { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (g) => check((n) => (n <= 1 ? 0 : g(fc.nat, { max: n - 1 })))),
    { numRuns: RUNS, seed: SEED },
  );
  // Without a fix, nothing is tested.
  expect(fixes).toBeGreaterThan(RUNS / 2);
  console.info(`${RUNS} manifests, seed ${SEED}: ${fixes} fixes; skipped:`, refusals);
});
