/** The file of a baseline: what is written can be read, and what is no baseline is refused with the place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBaseline, parseBaseline } from '../../../src/commands/findings/baseline-format.ts';
import { ROOT } from '../../support/run-cli.ts';

const valid = new Ajv().compile(JSON.parse(readFileSync(join(ROOT, 'schemas/baseline.schema.json'), 'utf8')));

const entries = fc.uniqueArray(
  fc.record({
    id: fc.string(),
    rule: fc.string(),
    object: fc.string(),
    path: fc.string(),
    value: fc.array(fc.string()),
  }),
  { selector: ({ id }) => id },
);

/** Any JSON, with a baseline's own names in any place. */
const anything = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1, 2, '1', 'text'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'version',
        'findings',
        'id',
        'rule',
        'object',
        'path',
        'value',
        'x',
        '__proto__',
        '$schema',
      ),
      tie('json'),
      { maxKeys: 6 },
    ),
    fc.record({ version: fc.constant(1), findings: tie('json') }),
  ),
})).json;

function accepted(text: string): boolean {
  try {
    parseBaseline(text);
    return true;
  } catch (error) {
    expect((error as Error).constructor.name).toBe('BaselineError');
    return false;
  }
}

describe('the file of a baseline', () => {
  it('holds what was written, whatever the order, and is what the schema says', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const text = formatBaseline(list);
        expect(formatBaseline(list.toReversed())).toBe(text);
        expect(formatBaseline(parseBaseline(text).values())).toBe(text);
        expect(valid(JSON.parse(text))).toBe(true);
        const wanted = list.map((entry) => ({ ...entry, value: [...new Set(entry.value)].sort() }));
        expect([...parseBaseline(text).values()].sort(byId)).toEqual(wanted.sort(byId));
      }),
    );
  });

  it('is accepted where the schema accepts it, and only there', () => {
    fc.assert(
      fc.property(anything, (json) => {
        const text = JSON.stringify(json);
        expect(accepted(text), text).toBe(valid(JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('may hold an id twice, as a merge of branches leaves it', () => {
    const entry = (value: string) => ({ id: 'a', rule: 'r', object: 'o', path: 'p', value: [value] });
    const text = JSON.stringify({ version: 1, findings: [entry('x'), entry('y')] });
    expect(parseBaseline(text).get('a')?.value).toEqual(['x', 'y']);
  });

  it.each([
    ['{', /not JSON/],
    ['[]', /must be an object, not a list/],
    ['{}', /no "version"/],
    ['{"version": 2, "findings": []}', /its version is 2, and this iomesh-guard knows version 1/],
    ['{"version": 1, "findings": {}}', /"findings" must be a list, not an object/],
    ['{"version": 1, "findings": [{"rule": "x"}]}', /findings\[0\]\.value must be a list of strings/],
    ['{"version": 1, "findings": [], "rules": []}', /field "rules"/],
  ])('%s is refused', (text, message) => {
    expect(() => parseBaseline(text)).toThrow(message);
  });
});

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
