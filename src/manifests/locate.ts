import type { Path } from '../core/base/path.ts';
import { type Chunk, splitDocuments } from './documents.ts';
import { Source } from './source.ts';
import type { ManifestFile, Span } from './types.ts';
import type { Events } from './yaml/compose.ts';
import { YamlError } from './yaml/error.ts';
import { JsonEvents } from './yaml/json-events.ts';
import { Parser } from './yaml/parser.ts';
import { type Entry, type PlacedNode, placeNodes } from './yaml/places.ts';

/** Where a path of a document stands in the text. */
export interface Located {
  readonly key?: Span | undefined;
  readonly value?: Span | undefined;
  readonly exists: boolean;
  /** The part of the path that exists. */
  readonly deepest: Path;
  /** The text is used in other places too, through an alias or a merge: it must not be edited. */
  readonly shared: boolean;
}

interface Placed {
  readonly source: Source;
  readonly chunks: readonly Chunk[];
  readonly roots: Map<number, PlacedNode | undefined>;
}

const cache = new WeakMap<ManifestFile, Placed>();

/**
 * Finds the place of a path in a document, by reading that document again with positions. Where the
 * path does not exist, it gives the key of the deepest part that does, and for the root the first key
 * of the document.
 */
export function locate(file: ManifestFile, documentIndex: number, path: Path): Located {
  let placed = cache.get(file);
  if (placed === undefined) {
    const source = new Source(file.text);
    const whole = { kind: 'yaml', start: 0, end: source.text.length } as const;
    const chunks = file.oneDocument === true ? [whole] : splitDocuments(source);
    placed = { source, chunks, roots: new Map() };
    cache.set(file, placed);
  }
  if (!placed.roots.has(documentIndex)) {
    placed.roots.set(documentIndex, placeDocument(placed.source, placed.chunks[documentIndex]));
  }
  const { source } = placed;
  const root = placed.roots.get(documentIndex);
  const span = (start: number, end: number): Span => ({
    start: source.toFile(start),
    end: source.toFile(end),
  });
  if (root === undefined) {
    const document = file.documents[documentIndex];
    const start = document?.start ?? 0;
    return {
      key: { start, end: Math.min(start + 1, file.text.length) },
      exists: false,
      deepest: [],
      shared: false,
    };
  }
  let node = root;
  let entry: Entry | undefined;
  let shared = false;
  let depth = 0;
  for (const step of path) {
    const next: Entry | undefined = typeof step === 'number' ? node.items?.[step] : node.entries?.get(step);
    if (next === undefined) break;
    shared ||= next.shared;
    entry = next;
    node = next.node;
    depth++;
  }
  const deepest = path.slice(0, depth);
  const exists = depth === path.length;
  const key = entry ?? [...(node.entries?.values() ?? node.items ?? [])][0];
  return {
    ...(key === undefined ? { key: span(node.start, node.end) } : { key: span(key.keyStart, key.keyEnd) }),
    ...(exists ? { value: span(node.start, node.end) } : {}),
    exists,
    deepest,
    shared,
  };
}

function placeDocument(source: Source, chunk: Chunk | undefined): PlacedNode | undefined {
  if (chunk === undefined || chunk.kind === 'separator') return undefined;
  const json = chunk.kind === 'json';
  const events: Events = json
    ? new JsonEvents(source.text, chunk.start)
    : new Parser(source.text.slice(chunk.start, chunk.end));
  try {
    return placeNodes(events, json ? 0 : chunk.start);
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
