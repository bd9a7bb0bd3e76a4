import type { Json } from '../core/base/json.ts';
import { isPrefix } from '../core/base/path.ts';
import { type DocumentChunk, splitDocuments } from './documents.ts';
import {
  droppedTextError,
  duplicateKeyError,
  lostLineError,
  rejectedItemError,
  separatorError,
  syntaxErrorOf,
  unreadableFileError,
} from './errors.ts';
import { findObjects, type RejectedPart } from './find-objects.ts';
import { locate } from './locate.ts';
import { guessObjects } from './guess-objects.ts';
import { QuickReader } from './quick/quick-reader.ts';
import { decodeText, SourceText } from './source.ts';
import type { ManifestDocument, ManifestError, ManifestFile, ReadOptions, WantedKinds } from './types.ts';
import { compose } from './yaml/compose.ts';
import { YamlError } from './yaml/error.ts';
import { Parser } from './yaml/parser.ts';
import { readYaml, type YamlDocument } from './yaml/read-yaml.ts';

const EVERY_KIND: WantedKinds = { isWanted: () => true };

/**
 * Reads a manifest file as kubectl does: the same documents, the same objects and the same errors; but it
 * goes on after a document that cannot be read. Errors in the file are part of the result: it never throws
 * for them. Positions are read only when needed: see locate.
 */
export function readManifests(
  name: string,
  input: string | Uint8Array,
  options: ReadOptions = {},
): ManifestFile {
  const { text, problem } = decodeText(input, options.maxBytes);
  if (problem !== undefined) {
    const document: ManifestDocument = {
      index: 0,
      start: 0,
      end: text.length,
      status: 'failed',
      objects: [],
    };
    const errors = [unreadableFileError(problem.message, problem.help, text.length)];
    const counts = { documents: 1, objects: 0, foreign: 0, notKubernetes: 0 };
    return { name, text, documents: [document], errors, counts };
  }
  const reader = new FileReader(new SourceText(text), options.kinds ?? EVERY_KIND);
  for (const chunk of splitDocuments(reader.source)) reader.add(chunk);
  const { documents, errors, rejected } = reader;
  const file: ManifestFile = { name, text, documents, errors, counts: reader.counts() };
  for (const each of rejected)
    errors.push(rejectedItemError(each, locate(file, each.documentIndex, each.path)));
  return file;
}

/**
 * The value of a document that is not a Kubernetes object, such as a configuration file: readManifests
 * keeps objects only. The document must have been read without an error.
 */
export function documentValue(file: ManifestFile, index: number): Json {
  const source = new SourceText(file.text);
  const chunk = splitDocuments(source)[index];
  return chunk === undefined ? null : compose(new Parser(source.text.slice(chunk.start, chunk.end))).json;
}

class FileReader {
  readonly source: SourceText;
  readonly documents: ManifestDocument[] = [];
  readonly errors: ManifestError[] = [];
  /** Parts of lists that kubectl rejects. */
  readonly rejected: (RejectedPart & { readonly documentIndex: number })[] = [];
  readonly #kinds: WantedKinds;
  readonly #quick: QuickReader;
  #foreign = 0;
  #untyped = 0;

  constructor(source: SourceText, kinds: WantedKinds) {
    this.source = source;
    this.#kinds = kinds;
    this.#quick = new QuickReader(source.text, kinds);
  }

  add(chunk: DocumentChunk): void {
    if (chunk.lost !== undefined) this.errors.push(lostLineError(chunk.lost, this.source));
    if (chunk.junk !== undefined) {
      this.errors.push(separatorError(this.source, chunk.junk.start, chunk.junk.end));
      return this.#addFailed(chunk);
    }
    const offset = chunk.kind === 'json' ? 0 : chunk.start;
    let read: YamlDocument | undefined;
    try {
      // The quick reader takes the end of a document for the end of the file, or for a separator.
      const quick = chunk.kind === 'yaml' && chunk.lost === undefined ? this.#quick.read(chunk) : undefined;
      if (quick === 'foreign') {
        this.#foreign++;
        this.documents.push({ ...this.#span(chunk, 'foreign'), objects: [] });
        return;
      }
      read = quick ?? chunk.composed ?? this.#read(chunk);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.errors.push(syntaxErrorOf(error, this.source, offset, chunk.end));
      return this.#addFailed(chunk);
    }
    const { status, objects, foreign, rejected, untyped } = findObjects(read.json, this.#kinds);
    const index = this.documents.length;
    this.documents.push({
      ...this.#span(chunk, status),
      objects: objects.map((each) => ({ ...each, documentIndex: index })),
    });
    this.rejected.push(...rejected.map((each) => ({ ...each, documentIndex: index })));
    this.#foreign += foreign.length;
    this.#untyped += untyped;
    if (status !== 'not-kubernetes') {
      for (const duplicate of read.duplicates) {
        if (foreign.some((path) => isPrefix(path, duplicate.path))) continue;
        this.errors.push(duplicateKeyError(duplicate, this.source, offset, 'kubectl'));
      }
    }
    if (read.dropped !== undefined) this.errors.push(droppedTextError(read.dropped, this.source, offset));
  }

  counts(): ManifestFile['counts'] {
    const count = (status: ManifestDocument['status']): number =>
      this.documents.filter((document) => document.status === status).length;
    return {
      documents: this.documents.length - count('empty'),
      objects: this.documents.reduce((sum, document) => sum + document.objects.length, 0),
      foreign: this.#foreign,
      notKubernetes: count('not-kubernetes') + this.#untyped,
    };
  }

  #read(chunk: DocumentChunk): YamlDocument {
    if (chunk.error !== undefined) throw chunk.error;
    if (chunk.kind === 'yaml') return readYaml(this.source.text.slice(chunk.start, chunk.end));
    throw new YamlError(
      'json',
      'this is not valid JSON, and the text before it makes the file a JSON stream',
      chunk.start,
    );
  }

  #addFailed(chunk: DocumentChunk): void {
    const guessed = guessObjects(this.source.text.slice(chunk.start, chunk.end));
    this.documents.push({ ...this.#span(chunk, 'failed'), objects: [], guessed });
  }

  #span(chunk: DocumentChunk, status: ManifestDocument['status']): Omit<ManifestDocument, 'objects'> {
    return {
      index: this.documents.length,
      start: this.source.toFile(chunk.start),
      end: this.source.toFile(chunk.end),
      status,
    };
  }
}
