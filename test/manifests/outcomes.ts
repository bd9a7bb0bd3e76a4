import type { Json } from '../../src/core/base/json.ts';
import {
  type DocumentChunk,
  looksLikeJson,
  splitDocuments,
  splitYaml,
} from '../../src/manifests/documents.ts';
import { isPlainText, PlainReader } from '../../src/manifests/quick/plain-reader.ts';
import { readYaml } from '../../src/manifests/yaml/read-yaml.ts';
import { SourceText } from '../../src/manifests/source.ts';
import { YamlError } from '../../src/manifests/yaml/error.ts';
import { canonical } from './canonical.ts';

export const REFUSED = 'refused';

/** What kubectl would send of a file, document for document up to the first that is refused. */
export function kubectlOutcomes(bytes: Uint8Array): string[] {
  const source = decode(bytes);
  if (source === undefined) return [REFUSED];
  const found = judge(splitDocuments(source), source.text);
  const stop = found.indexOf(REFUSED);
  return stop < 0 ? found : found.slice(0, stop + 1);
}

/** What becomes of every YAML document, whatever became of the ones before; none for JSON. */
export function documentOutcomes(bytes: Uint8Array): string[] {
  const source = decode(bytes);
  if (source === undefined || looksLikeJson(source.text)) return [];
  return judge(splitYaml(source.text, 0), source.text);
}

function decode(bytes: Uint8Array): SourceText | undefined {
  try {
    return new SourceText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function judge(chunks: readonly DocumentChunk[], text: string): string[] {
  const found: string[] = [];
  let before: DocumentChunk | undefined;
  for (const chunk of chunks) {
    if (chunk.kind === 'separator') {
      // kubectl drops the document that such a line ends, and stops.
      if (before !== undefined && before.kind === 'yaml' && before.end === chunk.start) found.pop();
      return [...found, REFUSED];
    }
    const outcome = readChunk(chunk, text);
    if (chunk.kind === 'yaml') holdQuickReader(chunk, text, outcome);
    found.push(outcome);
    before = chunk;
  }
  return found;
}

function readChunk(chunk: DocumentChunk, text: string): string {
  try {
    return canonical(value(chunk, text));
  } catch (error) {
    if (error instanceof YamlError) return REFUSED;
    throw error;
  }
}

/** Throws where the quick reader reads a document that the general one reads otherwise or refuses. */
function holdQuickReader(chunk: DocumentChunk, text: string, general: string): void {
  if (!isPlainText(text.slice(chunk.start, chunk.end))) return;
  const reader = new PlainReader(text);
  const quick = reader.read(chunk.start, chunk.end, true);
  if (quick !== undefined && canonical(quick.json) !== general) {
    throw new Error(`the quick reader reads ${canonical(quick.json)}`);
  }
  const checked = reader.read(chunk.start, chunk.end, false);
  if (checked !== undefined && general === REFUSED)
    throw new Error('the quick reader lets through what is refused');
  coverage.documents++;
  if (quick !== undefined) coverage.quick++;
}

/** How many documents the quick reader took, so that a test can see it was tried at all. */
export const coverage = { documents: 0, quick: 0 };

function value(chunk: DocumentChunk, text: string): Json {
  if (chunk.composed !== undefined) return chunk.composed.json;
  if (chunk.kind === 'json') throw new YamlError('json', 'not JSON', chunk.start);
  return readYaml(text.slice(chunk.start, chunk.end)).json;
}
