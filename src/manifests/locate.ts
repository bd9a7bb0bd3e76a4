import type { Path } from '../core/base/path.ts';
import { type DocumentChunk, splitDocuments } from './documents.ts';
import { SourceText } from './source.ts';
import type { ManifestFile, Span } from './types.ts';
import { YamlError } from './yaml/error.ts';
import { readTree, type SyntaxEntry, type SyntaxNode, type SyntaxTree } from './yaml/tree.ts';

/** Where a path of a document is in the text. */
export interface LocatedPath {
  readonly key?: Span | undefined;
  readonly value?: Span | undefined;
  readonly exists: boolean;
  /** The part of the path that exists. */
  readonly deepest: Path;
  /** The text is used in other places too, through an alias or a merge: it must not be edited. */
  readonly shared: boolean;
}

interface FileTrees {
  readonly source: SourceText;
  readonly chunks: readonly DocumentChunk[];
  readonly trees: Map<number, SyntaxTree | undefined>;
}

const cache = new WeakMap<ManifestFile, FileTrees>();

/**
 * Finds the place of a path in a document: the document is read again, with positions. If the path does
 * not exist, it gives the key of the deepest part that exists; for the root, the first key of the document.
 */
export function locate(file: ManifestFile, documentIndex: number, path: Path): LocatedPath {
  const trees = treesOf(file);
  if (!trees.trees.has(documentIndex)) trees.trees.set(documentIndex, readChunk(trees, documentIndex));
  const tree = trees.trees.get(documentIndex);
  if (tree === undefined) {
    const start = file.documents[documentIndex]?.start ?? 0;
    const key = { start, end: Math.min(start + 1, file.text.length) };
    return { key, exists: false, deepest: [], shared: false };
  }
  const offset = trees.chunks[documentIndex]!.start;
  const span = ([start, end]: readonly [number, number]): Span => ({
    start: trees.source.toFile(start + offset),
    end: trees.source.toFile(end + offset),
  });
  let node = tree.root;
  let found: FoundEntry | undefined;
  let shared = false;
  let depth = 0;
  for (const step of path) {
    const next = typeof step === 'number' ? itemAt(node, step) : memberOf(node, step);
    if (next === undefined) break;
    found = next;
    shared ||= next.merged || next.entry.value.kind === 'alias' || tree.shared.has(next.entry.value);
    node = next.entry.value.target ?? next.entry.value;
    depth++;
  }
  const exists = depth === path.length;
  const entry = found?.entry ?? firstEntry(node);
  return {
    key: span(entry === undefined ? spanOfNode(node) : spanOfKey(entry)),
    value: exists ? span(spanOfNode(node)) : undefined,
    exists,
    deepest: path.slice(0, depth),
    shared,
  };
}

function treesOf(file: ManifestFile): FileTrees {
  let trees = cache.get(file);
  if (trees === undefined) {
    const source = new SourceText(file.text);
    const whole = { kind: 'yaml', start: 0, end: source.text.length } as const;
    const chunks = file.oneDocument === true ? [whole] : splitDocuments(source);
    trees = { source, chunks, trees: new Map() };
    cache.set(file, trees);
  }
  return trees;
}

function readChunk({ source, chunks }: FileTrees, index: number): SyntaxTree | undefined {
  const chunk = chunks[index];
  if (chunk === undefined || chunk.kind === 'separator') return undefined;
  try {
    return readTree(source.text.slice(chunk.start, chunk.end), chunk.kind === 'json');
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

interface FoundEntry {
  readonly entry: SyntaxEntry;
  /** The entry comes from a merge key (`<<`). */
  readonly merged: boolean;
}

function itemAt(node: SyntaxNode, index: number): FoundEntry | undefined {
  const entry = node.kind === 'sequence' ? node.entries[index] : undefined;
  return entry === undefined ? undefined : { entry, merged: false };
}

/** The member that gives a key its value: the last one, whether it is written here or merged. */
function memberOf(node: SyntaxNode, key: string): FoundEntry | undefined {
  if (node.kind !== 'mapping') return undefined;
  for (let index = node.entries.length - 1; index >= 0; index--) {
    const entry = node.entries[index]!;
    if (entry.key === key) return { entry, merged: false };
    const merged = entry.isMerge ? mergedMember(entry.value, key) : undefined;
    if (merged !== undefined) return { entry: merged, merged: true };
  }
  return undefined;
}

/** In a list of mappings the first one that has the key wins. */
function mergedMember(value: SyntaxNode, key: string): SyntaxEntry | undefined {
  const node = value.target ?? value;
  if (node.kind === 'mapping') return memberOf(node, key)?.entry;
  for (const item of node.entries) {
    const found = mergedMember(item.value, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first item, or the first member that no later one replaces. */
function firstEntry(node: SyntaxNode): SyntaxEntry | undefined {
  const isLast = (entry: SyntaxEntry) =>
    entry.key !== undefined && memberOf(node, entry.key)?.entry === entry;
  return (node.kind === 'mapping' ? node.entries.find(isLast) : undefined) ?? node.entries[0];
}

/** The key of an item is the item itself. */
function spanOfKey({ keyNode, value }: SyntaxEntry): readonly [number, number] {
  return keyNode === undefined ? spanOfNode(value.target ?? value) : [keyNode.start, keyNode.end];
}

function spanOfNode(node: SyntaxNode): readonly [number, number] {
  return [node.outerStart, endOfText(node)];
}

/** Where the last text of a value ends. At the end of a block collection, a key without a value counts without its colon. */
function endOfText(node: SyntaxNode): number {
  if (node.kind === 'scalar' || node.kind === 'alias' || (node.flow && !node.pair)) return node.end;
  for (const { keyNode, value } of node.entries.toReversed()) {
    for (const part of [value, keyNode]) {
      if (part !== undefined && (part.entries.length > 0 || part.end > part.start)) return endOfText(part);
    }
  }
  return node.outerStart;
}

const lineStarts = new WeakMap<ManifestFile, number[]>();

/**
 * The line and column of an offset in a file's text: both count from 1, columns in UTF-16 units. LF,
 * CRLF and a lone CR end a line. A byte order mark at the start of the file takes no column.
 */
export function lineColumn(file: ManifestFile, offset: number): { line: number; column: number } {
  let starts = lineStarts.get(file);
  if (starts === undefined) {
    starts = findLineStarts(file.text);
    lineStarts.set(file, starts);
  }
  const at = Math.min(Math.max(offset, 0), file.text.length);
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  const mark = low === 1 && file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { line: low, column: Math.max(at - starts[low - 1]! - mark, 0) + 1 };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  const breaks = /\r\n|\r|\n/g;
  while (breaks.exec(text) !== null) starts.push(breaks.lastIndex);
  return starts;
}
