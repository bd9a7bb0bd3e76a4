import { asString, at, isObject, type Json, type JsonObject, own } from '../../src/core/base/json.ts';
import { locate } from '../../src/manifests/locate.ts';
import { readManifests } from '../../src/manifests/read.ts';
import type { ManifestFile } from '../../src/manifests/types.ts';
import { coverage, documentOutcomes, kubectlOutcomes, REJECTED } from '../manifests/outcomes.ts';

export { coverage, REJECTED };

/**
 * Reads a file with the reader of this project, in the form of the oracle's result. Throws if readManifests
 * and its parts do not agree: a rejected document without an error, an object without a position.
 */
export function readFile(bytes: Uint8Array): { kubectl: string[]; documents: string[]; objects: string[] } {
  const kubectl = kubectlOutcomes(bytes);
  const documents = documentOutcomes(bytes);
  const file = readManifests('file.yaml', bytes);
  const rejected = kubectl.includes(REJECTED);
  if (rejected && !file.errors.some(({ kind }) => kind === 'syntax'))
    throw new Error('rejected without an error');
  if (!rejected && file.documents.some(({ status }) => status === 'failed'))
    throw new Error('failed, but not rejected');
  for (const { objects } of file.documents) {
    for (const { documentIndex, path } of objects) {
      if (!locate(file, documentIndex, [...path, 'metadata', 'name']).key) throw new Error('no position');
    }
  }
  return { kubectl, documents, objects: objectsOf(file) };
}

/** What only a server rejects, because it knows which lists there are, or what kubectl accepts. */
const NEEDS_SERVER = /has no kind List|it has no items|takes the object for a list/;

/** The names of the objects of a file, and REJECTED at the end if kubectl rejects a part of it. */
function objectsOf({ documents, errors, counts }: ManifestFile): string[] {
  const found = documents.flatMap((document) => document.objects);
  const objects = found.map(({ json }) => json);
  const rejects =
    counts.notKubernetes > 0 ||
    errors.some(
      ({ kind, message }) => kind === 'syntax' || (kind === 'wrong-type' && !NEEDS_SERVER.test(message)),
    ) ||
    // In a list, kubectl decodes metadata later.
    found.some(({ path, json }) => path.length === 0 && hasWrongMetadata(json));
  const names = objects.map((json) =>
    [['apiVersion'], ['kind'], ['metadata', 'namespace'], ['metadata', 'name']]
      .map((path) => asString(at(json, path)) ?? '')
      .join(' '),
  );
  return rejects ? [...names, REJECTED] : names;
}

/** True for metadata that kubectl cannot decode. The schema reports it (IOM005). */
function hasWrongMetadata(json: JsonObject): boolean {
  const metadata = own(json, 'metadata') ?? {};
  if (!isObject(metadata)) return true;
  const isText = (value: Json | undefined) => (value ?? '') === '' || typeof value === 'string';
  const isTexts = (value: Json | undefined) =>
    isObject(value ?? {}) && Object.values(value ?? {}).every(isText);
  const { name, namespace, labels, annotations } = metadata;
  return ![name, namespace].every(isText) || ![labels, annotations].every(isTexts);
}
