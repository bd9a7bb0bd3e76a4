import type { SourceComment } from '../core/base/model.ts';
import type { ManifestFile } from './types.ts';

const COMMENT = /(?:^|[ \t])#[ \t]*iomesh-guard:[ \t]*([^\r\n]*)/gm;
const NONE: readonly SourceComment[] = [];
const KNOWN = new WeakMap<ManifestFile, readonly SourceComment[]>();

/** The comments `# iomesh-guard: …` of a document. One between two documents belongs to the later one. */
export function commentsIn(file: ManifestFile, documentIndex: number): readonly SourceComment[] {
  const all = commentsOf(file);
  if (all.length === 0) return NONE;
  const from = file.documents[documentIndex - 1]?.end ?? 0;
  const to = file.documents[documentIndex]?.end ?? file.text.length;
  return all.filter(({ start }) => start >= from && start < to);
}

function commentsOf(file: ManifestFile): readonly SourceComment[] {
  let known = KNOWN.get(file);
  if (known === undefined) {
    known = file.text.includes('iomesh-guard:') ? findComments(file) : NONE;
    KNOWN.set(file, known);
  }
  return known;
}

function findComments(file: ManifestFile): readonly SourceComment[] {
  return [...file.text.matchAll(COMMENT)].map((match) => {
    const start = match.index + match[0].indexOf('#');
    return { text: match[1] ?? '', source: file, start, end: match.index + match[0].trimEnd().length };
  });
}
