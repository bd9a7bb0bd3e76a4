import { locate } from '../../src/manifests/locate.ts';
import { readManifests } from '../../src/manifests/read.ts';
import { coverage, documentOutcomes, kubectlOutcomes, REJECTED } from '../manifests/outcomes.ts';

export { coverage, REJECTED };

/**
 * Reads a file with the reader of this project, in the form of the oracle's result. Throws if readManifests
 * and its parts do not agree: a rejected document without an error, an object without a position.
 */
export function readFile(bytes: Uint8Array): { kubectl: string[]; documents: string[] } {
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
  return { kubectl, documents };
}
