import type { Json } from '../core/base/json.ts';
import { splitDocuments } from './documents.ts';
import { SourceText } from './source.ts';
import type { ManifestFile } from './types.ts';
import { compose } from './yaml/compose.ts';
import { Parser } from './yaml/parser.ts';

/**
 * The value of one document that is no Kubernetes object, such as a configuration file: reading manifests
 * keeps only objects. The document must have been read without a fault.
 */
export function documentValue(file: ManifestFile, index: number): Json {
  const source = new SourceText(file.text);
  const chunk = splitDocuments(source)[index];
  return chunk === undefined ? null : compose(new Parser(source.text.slice(chunk.start, chunk.end))).json;
}
