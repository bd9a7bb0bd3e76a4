import { isObject, type JsonObject, own } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { decode } from '../decode.ts';
import { fileFault, syntaxFault } from '../faults.ts';
import { locate } from '../locate.ts';
import { type ReadDocument, readYaml } from '../read-yaml.ts';
import { SourceText } from '../source.ts';
import type { ManifestFault, ManifestFile } from '../types.ts';
import { YamlError } from '../yaml/error.ts';
import { droppedFault, duplicateFault, notValuesFault, templateFault } from './faults.ts';
import { findTemplate } from './template.ts';

/** A file of Helm values. */
export interface ValuesFile {
  readonly file: ManifestFile;
  /** The values; undefined where Helm, or we, cannot read them: then the file's faults say why. */
  readonly json: JsonObject | undefined;
  /** Set where the file holds a Kubernetes object instead: its kind. */
  readonly manifest?: string | undefined;
}

const MAX_BYTES = 16 * 1024 * 1024;

const KNOWN = new WeakMap<ManifestFile, ValuesFile>();

/** The values that were read from a file; undefined for a file of manifests. */
export function valuesIn(file: ManifestFile): ValuesFile | undefined {
  return KNOWN.get(file);
}

/**
 * Reads a file of values as Helm does: one YAML stream, whose first document counts; an empty file
 * holds no values. Never throws for what is in the file.
 */
export function readValuesFile(name: string, input: string | Uint8Array): ValuesFile {
  return remembered(read(name, input));
}

/** A file of values that could not be read at all. */
export function missingValuesFile(name: string): ValuesFile {
  return remembered({ file: fileOf(name, ''), json: undefined });
}

function remembered(values: ValuesFile): ValuesFile {
  KNOWN.set(values.file, values);
  return values;
}

function read(name: string, input: string | Uint8Array): ValuesFile {
  const { text, problem } = decode(input, MAX_BYTES);
  if (problem !== undefined)
    return refused(fileOf(name, text), fileFault(problem.message, problem.help, text.length));
  const source = new SourceText(text);
  let document: ReadDocument;
  try {
    document = readYaml(source.text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return refused(fileOf(name, text), syntaxFault(error, source, 0, source.text.length));
  }
  const { json } = document;
  const faults: ManifestFault[] = document.duplicates.map((each) => duplicateFault(each, source));
  if (document.dropped !== undefined) faults.push(droppedFault(document.dropped, source));
  const file = fileOf(name, text, faults);
  if (json === null) return { file, json: {} };
  if (!isObject(json)) return refused(file, { ...notValuesFault(json), ...spanOf(file, []) });
  const kind = own(json, 'kind');
  if (typeof kind === 'string' && typeof own(json, 'apiVersion') === 'string')
    return { file, json: undefined, manifest: kind };
  const template = findTemplate(json);
  if (template !== undefined)
    return refused(file, { ...templateFault(template.text), ...spanOf(file, template.path) });
  return { file, json };
}

function fileOf(name: string, text: string, faults: readonly ManifestFault[] = []): ManifestFile {
  const document = { index: 0, start: 0, end: text.length, status: 'not-kubernetes', objects: [] } as const;
  return {
    name,
    text,
    documents: [document],
    faults,
    oneDocument: true,
    counts: { documents: 1, objects: 0, foreign: 0, notKubernetes: 0 },
  };
}

function refused(file: ManifestFile, fault: ManifestFault): ValuesFile {
  return { file: { ...file, faults: [...file.faults, fault] }, json: undefined };
}

function spanOf(file: ManifestFile, path: Path): { start: number; end: number } {
  const { key, value } = locate(file, 0, path);
  const span = path.length > 0 ? (value ?? key) : (key ?? value);
  return span ?? { start: 0, end: Math.min(1, file.text.length) };
}
