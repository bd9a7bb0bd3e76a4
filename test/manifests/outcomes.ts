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

export const REJECTED = 'rejected';

/** The documents that kubectl would send, up to the first that it rejects. */
export function kubectlOutcomes(bytes: Uint8Array): string[] {
  const source = decode(bytes);
  if (source === undefined) return [REJECTED];
  const found = outcomesOf(splitDocuments(source), source.text);
  const stop = found.indexOf(REJECTED);
  return stop < 0 ? found : found.slice(0, stop + 1);
}

/** What becomes of every YAML document, whatever became of the ones before; none for JSON. */
export function documentOutcomes(bytes: Uint8Array): string[] {
  const source = decode(bytes);
  if (source === undefined || looksLikeJson(source.text)) return [];
  return outcomesOf(splitYaml(source, 0), source.text);
}

function decode(bytes: Uint8Array): SourceText | undefined {
  try {
    return new SourceText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function outcomesOf(chunks: readonly DocumentChunk[], text: string): string[] {
  const found: string[] = [];
  let before: DocumentChunk | undefined;
  for (const chunk of chunks) {
    // Only a line that kubectl does not read.
    if (chunk.start === chunk.end) continue;
    if (chunk.kind === 'separator') {
      // kubectl drops the document that such a line ends, and stops.
      if (before !== undefined && before.kind === 'yaml' && before.end === chunk.start) found.pop();
      return [...found, REJECTED];
    }
    const outcome = readChunk(chunk, text);
    if (chunk.kind === 'yaml' && chunk.lost === undefined) holdQuickReader(chunk, text, outcome);
    found.push(outcome);
    before = chunk;
  }
  return found;
}

function readChunk(chunk: DocumentChunk, text: string): string {
  try {
    return canonical(value(chunk, text));
  } catch (error) {
    if (error instanceof YamlError) return REJECTED;
    throw error;
  }
}

/** Throws if the quick reader reads a document that the general reader rejects or reads as another value. */
function holdQuickReader(chunk: DocumentChunk, text: string, general: string): void {
  if (!isPlainText(text.slice(chunk.start, chunk.end))) return;
  const reader = new PlainReader(text);
  const quick = reader.read(chunk.start, chunk.end, true);
  if (quick !== undefined && canonical(quick.json) !== general) {
    throw new Error(`the quick reader reads ${canonical(quick.json)}`);
  }
  const checked = reader.read(chunk.start, chunk.end, false);
  if (checked !== undefined && general === REJECTED)
    throw new Error('the quick reader reads a document that is rejected');
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
