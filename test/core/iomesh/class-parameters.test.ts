import { describe, expect, it } from 'vitest';
import { IOMESH_VERSIONS } from '../../../src/core/base/iomesh-version.ts';
import { toResource } from '../../../src/core/base/model.ts';
import {
  isReclaimPolicy,
  knownParameters,
  misspelling,
  parameterMeant,
  topLevelMeant,
} from '../../../src/core/iomesh/class-parameters.ts';

/** The parameters of every release: a class of another release has them too. */
const DOCUMENTED = [...new Set(IOMESH_VERSIONS.flatMap(knownParameters))];

describe.each(IOMESH_VERSIONS)('with IOMesh %s', (version) => {
  it('no documented parameter counts as misspelled', () => {
    const wrong = DOCUMENTED.filter(
      (name) =>
        parameterMeant(name, version) !== undefined ||
        topLevelMeant(name) !== undefined ||
        isReclaimPolicy(name),
    );
    expect(wrong).toEqual([]);
  });

  it('a class with one documented parameter leaves out no other by mistake', () => {
    for (const name of DOCUMENTED) {
      const storageClass = toResource({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'a' },
        parameters: { [name]: 'x' },
      })!;
      const taken = DOCUMENTED.filter((other) => misspelling(storageClass, other, version) !== undefined);
      expect(taken, name).toEqual([]);
    }
  });
});
