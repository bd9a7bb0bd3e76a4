import { SourceText } from '../source.ts';
import { splitDocuments } from '../documents.ts';
import type { ManifestFile } from '../types.ts';
import { readManifests } from '../read.ts';
import { readValuesFile } from '../helm/read.ts';
import { KNOWN_KINDS } from '../world.ts';
import { EditRefusal } from './text-edit.ts';

/** The text of one document of a file. `isJson`: it is a value of a JSON stream. */
export interface DocumentText {
  readonly text: string;
  readonly isJson: boolean;
}

/** The texts of a file's documents, in their order. */
export function documentTexts(file: ManifestFile): DocumentText[] {
  if (file.oneDocument === true) return [{ text: file.text, isJson: false }];
  const chunks = splitDocuments(new SourceText(file.text));
  return file.documents.map(({ start, end }, index) => ({
    text: file.text.slice(start, end),
    isJson: chunks[index]?.kind === 'json',
  }));
}

/**
 * A file with new texts of some of its documents, read again. Throws {@link EditRefusal} if its documents
 * are no longer the same ones.
 */
export function withDocuments(file: ManifestFile, texts: ReadonlyMap<number, string>): ManifestFile {
  if (file.oneDocument === true) {
    const { file: changed, json } = readValuesFile(file.name, texts.get(0) ?? file.text);
    if (json === undefined) throw new EditRefusal('the values could no longer be read');
    return changed;
  }
  const pieces: string[] = [];
  let at = 0;
  for (const { index, start, end } of file.documents) {
    pieces.push(file.text.slice(at, start), texts.get(index) ?? file.text.slice(start, end));
    at = end;
  }
  const changed = readManifests(file.name, [...pieces, file.text.slice(at)].join(''), {
    kinds: KNOWN_KINDS,
  });
  const same =
    changed.documents.length === file.documents.length &&
    changed.errors.length <= file.errors.length &&
    changed.documents.every((document, index) => {
      const { start, end, status } = file.documents[index]!;
      const wanted = texts.get(index) ?? file.text.slice(start, end);
      return changed.text.slice(document.start, document.end) === wanted && document.status === status;
    });
  if (!same) throw new EditRefusal('the file would no longer have the same documents');
  return changed;
}
