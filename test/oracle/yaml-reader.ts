import { locate } from '../../src/manifests/locate.ts';
import { readManifests } from '../../src/manifests/read.ts';
import { coverage, documentOutcomes, kubectlOutcomes, REFUSED } from '../manifests/outcomes.ts';

export { coverage, REFUSED };

/**
 * What this project makes of a file, in the shape of the oracle's verdict. Throws where the public
 * reader contradicts its own parts: a refusal without a fault, an object that has no place.
 */
export function judge(bytes: Uint8Array): { kubectl: string[]; documents: string[] } {
  const kubectl = kubectlOutcomes(bytes);
  const documents = documentOutcomes(bytes);
  const file = readManifests('file.yaml', bytes);
  const refused = kubectl.includes(REFUSED);
  if (refused && !file.errors.some(({ kind }) => kind === 'syntax'))
    throw new Error('refused without a fault');
  if (!refused && file.documents.some(({ status }) => status === 'failed'))
    throw new Error('failed, not refused');
  for (const { objects } of file.documents) {
    for (const { documentIndex, path } of objects) {
      if (!locate(file, documentIndex, [...path, 'metadata', 'name']).key) throw new Error('no place');
    }
  }
  return { kubectl, documents };
}
