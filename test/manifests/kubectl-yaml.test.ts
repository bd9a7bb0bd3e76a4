import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Chunk, splitDocuments } from '../../src/manifests/documents.ts';
import { readYaml } from '../../src/manifests/read-yaml.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { Source } from '../../src/manifests/source.ts';
import { compose } from '../../src/manifests/yaml/compose.ts';
import { JsonEvents } from '../../src/manifests/yaml/json-events.ts';
import { canonical } from './canonical.ts';

const FIXTURES = new URL('../fixtures/kubectl-yaml/', import.meta.url);
type Outcome = { json?: string; error?: string };
const expected: Record<string, { kubectl: Outcome[] }> = JSON.parse(
  readFileSync(new URL('expected.json', FIXTURES), 'utf8'),
);

/** JSON text with exact integers, as a canonical text. */
function canonicalText(json: string): string {
  return json === '' ? 'null' : canonical(compose(new JsonEvents(json, 0)).json);
}

/** What each document of a file is read as, up to the first that is refused. */
function outcomes(bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return ['refused'];
  }
  const source = new Source(text);
  const found: string[] = [];
  for (const chunk of splitDocuments(source.text)) {
    try {
      found.push(canonical(readChunk(chunk, source.text)));
    } catch {
      // A line that is no separator takes the document before it along.
      if (chunk.kind === 'separator') found.pop();
      found.push('refused');
      break;
    }
  }
  return found;
}

function readChunk(chunk: Chunk, text: string) {
  if (chunk.composed !== undefined) return chunk.composed.json;
  if (chunk.kind !== 'yaml') throw new Error('not a document');
  return readYaml(text.slice(chunk.start, chunk.end), true).json;
}

describe('what kubectl makes of a file', () => {
  const names = readdirSync(new URL('inputs/', FIXTURES));
  it('has an expectation for every input', () => {
    expect(names.length).toBeGreaterThan(70);
    expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(names)('%s', (name) => {
    const bytes = readFileSync(new URL(`inputs/${name}`, FIXTURES));
    const wanted = expected[name]!.kubectl.map(({ json, error }) =>
      error === undefined ? canonicalText(json ?? '') : 'refused',
    );
    expect(outcomes(bytes)).toEqual(wanted);
    const { faults } = readManifests(name, bytes);
    expect(faults.some(({ kind }) => kind === 'syntax')).toBe(wanted.includes('refused'));
  });
});
