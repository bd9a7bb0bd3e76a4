import type { Json } from '../../src/core/json.ts';
import { type Chunk, looksLikeJson, splitDocuments, splitYaml } from '../../src/manifests/documents.ts';
import { readYaml } from '../../src/manifests/read-yaml.ts';
import { Source } from '../../src/manifests/source.ts';
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

function decode(bytes: Uint8Array): Source | undefined {
  try {
    return new Source(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function judge(chunks: readonly Chunk[], text: string): string[] {
  const found: string[] = [];
  let before: Chunk | undefined;
  for (const chunk of chunks) {
    if (chunk.kind === 'separator') {
      // kubectl drops the document that such a line ends, and stops.
      if (before !== undefined && before.kind === 'yaml' && before.end === chunk.start) found.pop();
      return [...found, REFUSED];
    }
    found.push(readChunk(chunk, text));
    before = chunk;
  }
  return found;
}

function readChunk(chunk: Chunk, text: string): string {
  try {
    return canonical(value(chunk, text));
  } catch (error) {
    if (error instanceof YamlError) return REFUSED;
    throw error;
  }
}

function value(chunk: Chunk, text: string): Json {
  if (chunk.composed !== undefined) return chunk.composed.json;
  if (chunk.kind === 'json') throw new YamlError('json', 'not JSON', chunk.start);
  return readYaml(text.slice(chunk.start, chunk.end), true).json;
}
