import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../src/manifests/read.ts';
import { compose } from '../../src/manifests/yaml/compose.ts';
import { JsonEvents } from '../../src/manifests/yaml/json-events.ts';
import { canonical } from './canonical.ts';
import { kubectlOutcomes, REJECTED } from './outcomes.ts';

const FIXTURES = new URL('../fixtures/kubectl-yaml/', import.meta.url);
type Outcome = { json?: string; error?: string };
const expected: Record<string, { kubectl: Outcome[] }> = JSON.parse(
  readFileSync(new URL('expected.json', FIXTURES), 'utf8'),
);

/** JSON text with exact integers, as a canonical text. */
function canonicalText(json: string): string {
  return json === '' ? 'null' : canonical(compose(new JsonEvents(json, 0)).json);
}

describe('the reader gives the result of kubectl for', () => {
  const names = readdirSync(new URL('inputs/', FIXTURES));
  it('every input, each with an expectation', () => {
    expect(names.length).toBeGreaterThan(70);
    expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(names)('%s', (name) => {
    const bytes = readFileSync(new URL(`inputs/${name}`, FIXTURES));
    const wanted = expected[name]!.kubectl.map(({ json, error }) =>
      error === undefined ? canonicalText(json ?? '') : REJECTED,
    );
    expect(kubectlOutcomes(bytes)).toEqual(wanted);
    const { errors } = readManifests(name, bytes);
    expect(errors.some(({ kind }) => kind === 'syntax')).toBe(wanted.includes(REJECTED));
  });
});

// The libraries of kubectl read 4096 bytes at a time.
describe('a last line without a line end, as long as the buffer of kubectl,', () => {
  const fill = (start: string) => start.padEnd(4096, 'x');
  it.each([
    ['is not read', `a: 1\n${fill('b: ')}`, ['{"a":1}']],
    ['is not read after a separator', `---\n${fill('--- #')}`, ['null']],
    ['is no document if it is a separator', fill('--- #'), []],
    ['ends the document before it if it is a separator', `a: 1\n${fill('--- #')}`, ['{"a":1}']],
    ['is rejected if it is a separator with more than a comment', `a: 1\n${fill('--- ')}`, [REJECTED]],
  ])('%s', (_, text, wanted) => expect(kubectlOutcomes(Buffer.from(text))).toEqual(wanted));
});
