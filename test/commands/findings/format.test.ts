/** The text of a baseline: what is written can be read again, and an invalid text is rejected with the position. */
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

/** Any JSON, with the names of a baseline anywhere. */
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

describe('the text of a baseline', () => {
  it('has all entries in one order, and satisfies the schema', () => {
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

  it('is accepted if and only if the schema accepts it', () => {
    fc.assert(
      fc.property(anything, (json) => {
        const text = JSON.stringify(json);
        expect(accepted(text), text).toBe(valid(JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('joins two entries with one id, as a merge of branches leaves them', () => {
    const entry = (value: string) => ({ id: 'a', rule: 'r', object: 'o', path: 'p', value: [value] });
    const text = JSON.stringify({ version: 1, findings: [entry('x'), entry('y')] });
    expect(parseBaseline(text).get('a')?.value).toEqual(['x', 'y']);
  });

  it.each([
    ['{', /not JSON/],
    ['[]', /must be an object, not a list/],
    ['{}', /"version" is missing/],
    ['{"version": 2, "findings": []}', /version 2 is not supported; this iomesh-guard reads version 1/],
    ['{"version": 1, "findings": {}}', /"findings" must be a list, not an object/],
    ['{"version": 1, "findings": [{"rule": "x"}]}', /findings\[0\]\.value must be a list of strings/],
    ['{"version": 1, "findings": [], "rules": []}', /unknown field "rules" in the top level/],
  ])('rejects %s', (text, message) => {
    expect(() => parseBaseline(text)).toThrow(message);
  });
});

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
