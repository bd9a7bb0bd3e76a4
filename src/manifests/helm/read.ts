import { isArray, isObject, type Json, type JsonObject, own, typeName } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { quoted } from '../../core/base/text.ts';
import { ROOT } from '../../core/helm/chart.ts';
import { duplicateKeyError, syntaxErrorOf, unreadableFileError } from '../errors.ts';
import { locate } from '../locate.ts';
import { decodeText, SourceText } from '../source.ts';
import type { ManifestError, ManifestFile, Span } from '../types.ts';
import { YamlError } from '../yaml/error.ts';
import { type DroppedText, readYaml, type YamlDocument } from '../yaml/read-yaml.ts';

/** A file of Helm values. */
export interface ValuesFile {
  readonly file: ManifestFile;
  /** The values; undefined if they cannot be read: the errors of the file say why. */
  readonly json: JsonObject | undefined;
  /** Where the values are, if the file has other objects too. */
  readonly at?: { readonly documentIndex: number; readonly path: Path } | undefined;
  /** The kind, if the file has a Kubernetes object instead of values. */
  readonly manifest?: string | undefined;
}

const KNOWN = new WeakMap<ManifestFile, ValuesFile>();

/** The values that were read from a file; undefined for a file of manifests. */
export function valuesIn(file: ManifestFile): ValuesFile | undefined {
  return KNOWN.get(file);
}

/**
 * Reads a file of values as Helm does: one YAML stream, of which the first document is read. An empty file
 * has no values. Errors in the file are part of the result: it never throws for them.
 */
export function readValuesFile(name: string, input: string | Uint8Array): ValuesFile {
  return register(read(name, input));
}

/** A file of values that does not exist or cannot be opened. */
export function missingValuesFile(name: string): ValuesFile {
  return register({ file: fileOf(name, ''), json: undefined });
}

function register(values: ValuesFile): ValuesFile {
  KNOWN.set(values.file, values);
  return values;
}

function read(name: string, input: string | Uint8Array): ValuesFile {
  const { text, problem } = decodeText(input);
  if (problem !== undefined)
    return failed(fileOf(name, text), unreadableFileError(problem.message, problem.help, text.length));
  const source = new SourceText(text);
  let document: YamlDocument;
  try {
    document = readYaml(source.text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return failed(fileOf(name, text), syntaxErrorOf(error, source, 0, source.text.length));
  }
  const { json } = document;
  const errors = document.duplicates.map((each) => duplicateKeyError(each, source, 0, 'Helm'));
  if (document.dropped !== undefined) errors.push(droppedValuesError(document.dropped, source));
  const file = fileOf(name, text, errors);
  if (json === null) return { file, json: {} };
  if (!isObject(json)) return failed(file, notValuesError(json, spanOf(file, [])));
  const kind = own(json, 'kind');
  if (typeof kind === 'string' && typeof own(json, 'apiVersion') === 'string')
    return { file, json: undefined, manifest: kind };
  const template = findTemplate(json);
  if (template !== undefined) return failed(file, templateError(template.text, spanOf(file, template.path)));
  return { file, json };
}

function fileOf(name: string, text: string, errors: readonly ManifestError[] = []): ManifestFile {
  const document = { index: 0, start: 0, end: text.length, status: 'not-kubernetes', objects: [] } as const;
  return {
    name,
    text,
    documents: [document],
    errors,
    oneDocument: true,
    counts: { documents: 1, objects: 0, foreign: 0, notKubernetes: 0 },
  };
}

function failed(file: ManifestFile, error: ManifestError): ValuesFile {
  return { file: { ...file, errors: [...file.errors, error] }, json: undefined };
}

function spanOf(file: ManifestFile, path: Path): Span {
  const { key, value } = locate(file, 0, path);
  const span = path.length > 0 ? (value ?? key) : (key ?? value);
  return span ?? { start: 0, end: Math.min(1, file.text.length) };
}

/** The error of text after the first document, which Helm never reads. */
function droppedValuesError({ start, end, marker }: DroppedText, source: SourceText): ManifestError {
  return {
    kind: 'dropped-text',
    message: marker
      ? 'Helm silently ignores this text: the values end with a line `...` before it'
      : 'Helm silently ignores this text: the values end before it',
    help: marker
      ? 'remove the line `...`: in guides it marks lines that are left out, and in YAML it ends a document'
      : 'Helm reads one document of a values file: remove the line that ends it, or write the rest to a file of its own and add it with --values',
    start: source.toFile(start),
    end: source.toFile(Math.max(end, start)),
  };
}

/** The error of a file that is not a mapping. */
function notValuesError(json: Json, span: Span): ManifestError {
  return {
    kind: 'syntax',
    message: `Helm rejects these values: they are ${typeName(json)}, not a mapping`,
    help: `write \`key: value\` lines, with the values of the cluster under \`${ROOT}:\``,
    ...span,
  };
}

/** The error of values that still have a template expression. */
function templateError(text: string, span: Span): ManifestError {
  return {
    kind: 'syntax',
    message: `the values contain a template expression, ${quoted(text)}, which Helm reads as plain text`,
    help: 'render the file first, or check the rendered chart: `helm template … | iomesh-guard lint -`',
    ...span,
  };
}

/** More values than any file has; the others are not searched. */
const MAX_VALUES = 100_000;

/** The first template expression among the values that the chart reads. */
function findTemplate(json: JsonObject): { readonly path: Path; readonly text: string } | undefined {
  let left = MAX_VALUES;
  const path: (string | number)[] = [ROOT];
  /** The text with the expression. `path` is then its path. */
  const visit = (value: Json): string | undefined => {
    left -= 1;
    if (typeof value === 'string') return value.includes('{{') ? value : undefined;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [key, each] of isArray(value) ? value.entries() : Object.entries(value)) {
      if (left <= 0) return undefined;
      path.push(key);
      const found = visit(each);
      if (found !== undefined) return found;
      path.pop();
    }
    return undefined;
  };
  const text = visit(own(json, ROOT) ?? null);
  return text === undefined ? undefined : { path, text };
}

const ROOT_LINE = /^iomesh:[ \t]*(?:#.*)?\r?$/m;
const CHILD_LINE = /^[ \t]+(?:chunk|meta|redirector|zookeeper|diskDeploymentMode|edition|platform):/m;
/** No more of a file is searched. */
const MAX_LENGTH = 100_000;

/** True for a text that looks like values of the IOMesh chart, also if it cannot be parsed. */
export function looksLikeValues(text: string): boolean {
  const at = text.search(ROOT_LINE);
  return at >= 0 && CHILD_LINE.test(text.slice(at, at + MAX_LENGTH));
}
