import { classify } from './classify.ts';
import { decode } from './decode.ts';
import { type IsOurs, QuickReader } from './quick.ts';
import { type ReadDocument, readYaml } from './read-yaml.ts';
import { type Chunk, splitDocuments } from './documents.ts';
import { droppedFault, duplicateFault, fileFault, separatorFault, syntaxFault } from './faults.ts';
import { guessObjects } from './guess.ts';
import { isPrefix } from '../core/base/path.ts';
import { SourceText } from './source.ts';
import type { ManifestDocument, ManifestFault, ManifestFile, ReadOptions } from './types.ts';
import { YamlError } from './yaml/error.ts';

export { lineColumn } from './lines.ts';
export { type LocatedPath, locate } from './locate.ts';
export type {
  Guess,
  ManifestDocument,
  ManifestFault,
  ManifestFile,
  ManifestObject,
  ReadOptions,
  Span,
} from './types.ts';

/** A larger file is not read. */
export const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a manifest file as kubectl does: the same documents, the same objects, refused where kubectl
 * refuses; but it goes on behind a document that cannot be read. Never throws for what is in the
 * file: that comes back as faults. Nothing of where things stand is kept: see {@link locate}.
 */
export function readManifests(
  name: string,
  input: string | Uint8Array,
  options: ReadOptions = {},
): ManifestFile {
  const decoded = decode(input, options.maxBytes ?? MAX_BYTES);
  if (decoded.problem !== undefined) return unreadable(name, decoded.text, decoded.problem);
  const { text } = decoded;
  const reader = new FileReader(new SourceText(text), options.isOurs ?? (() => true));
  for (const chunk of splitDocuments(reader.source)) reader.add(chunk);
  return { name, text, documents: reader.documents, faults: reader.faults, counts: reader.counts() };
}

function unreadable(name: string, text: string, problem: { message: string; help: string }): ManifestFile {
  const document: ManifestDocument = { index: 0, start: 0, end: text.length, status: 'failed', objects: [] };
  return {
    name,
    text,
    documents: [document],
    faults: [fileFault(problem.message, problem.help, text.length)],
    counts: { documents: 1, objects: 0, foreign: 0, notKubernetes: 0 },
  };
}

class FileReader {
  readonly source: SourceText;
  readonly documents: ManifestDocument[] = [];
  readonly faults: ManifestFault[] = [];
  readonly #isOurs: IsOurs;
  readonly #quick: QuickReader;
  #foreign = 0;

  constructor(source: SourceText, isOurs: IsOurs) {
    this.source = source;
    this.#isOurs = isOurs;
    this.#quick = new QuickReader(source.text, isOurs);
  }

  add(chunk: Chunk): void {
    if (chunk.junk !== undefined) {
      this.faults.push(separatorFault(this.source, chunk.junk.start, chunk.junk.end));
      return this.#failed(chunk);
    }
    const offset = chunk.kind === 'json' ? 0 : chunk.start;
    let read: ReadDocument | undefined;
    try {
      const quick = chunk.kind === 'yaml' ? this.#quick.read(chunk) : undefined;
      if (quick === 'foreign') {
        this.#foreign++;
        this.documents.push({ ...this.#span(chunk, 'foreign'), objects: [] });
        return;
      }
      read = quick ?? chunk.composed ?? this.#read(chunk);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.faults.push(syntaxFault(error, this.source, offset, chunk.end));
      return this.#failed(chunk);
    }
    const { status, objects, foreign } = classify(read.json, this.#isOurs);
    const index = this.documents.length;
    this.documents.push({
      ...this.#span(chunk, status),
      objects: objects.map(({ json, path }) => ({ json, path, documentIndex: index })),
    });
    this.#foreign += foreign.length;
    if (status !== 'not-kubernetes') {
      for (const duplicate of read.duplicates) {
        if (foreign.some((path) => isPrefix(path, duplicate.path))) continue;
        this.faults.push(duplicateFault(duplicate, this.source, offset));
      }
    }
    if (read.dropped !== undefined) {
      const { start, end, marker } = read.dropped;
      this.faults.push(droppedFault(this.source, start + offset, end + offset, marker));
    }
  }

  counts(): ManifestFile['counts'] {
    const count = (status: ManifestDocument['status']): number =>
      this.documents.filter((document) => document.status === status).length;
    return {
      documents: this.documents.length - count('empty'),
      objects: this.documents.reduce((sum, document) => sum + document.objects.length, 0),
      foreign: this.#foreign,
      notKubernetes: count('not-kubernetes'),
    };
  }

  #read(chunk: Chunk): ReadDocument {
    const text = this.source.text.slice(chunk.start, chunk.end);
    if (chunk.error !== undefined) throw chunk.error;
    if (chunk.kind === 'yaml') return readYaml(text);
    throw new YamlError(
      'json',
      'this is not valid JSON, and what stands before it makes the file a JSON stream',
      chunk.start,
    );
  }

  #failed(chunk: Chunk): void {
    const guess = guessObjects(this.source.text.slice(chunk.start, chunk.end));
    this.documents.push({ ...this.#span(chunk, 'failed'), objects: [], guess });
  }

  #span(chunk: Chunk, status: ManifestDocument['status']): Omit<ManifestDocument, 'objects'> {
    return {
      index: this.documents.length,
      start: this.source.toFile(chunk.start),
      end: this.source.toFile(chunk.end),
      status,
    };
  }
}
