import { describe, expect, it } from 'vitest';
import {
  knownParameters,
  parameterMeant,
  topLevelMeant,
} from '../../../../src/core/iomesh/class-parameters.ts';

describe('an unknown parameter', () => {
  it.each([
    ['replicafactor', 'replicaFactor'],
    ['replica_factor', 'replicaFactor'],
    ['fstype', 'csi.storage.k8s.io/fstype'],
    ['fsType', 'csi.storage.k8s.io/fstype'],
    ['csi.storage.k8s.io/fsType', 'csi.storage.k8s.io/fstype'],
    ['node-stage-secret-name', 'csi.storage.k8s.io/node-stage-secret-name'],
    ['clusterConection', 'clusterConnection'],
    ['iomeshClusters', 'iomeshCluster'],
    ['tier', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('%s means the parameter %s', (name, meant) => expect(parameterMeant(name, '1.0')).toBe(meant));

  it('means a parameter of 1.2 only in 1.2', () => {
    expect(parameterMeant('iops', '1.0')).toBeUndefined();
    expect(parameterMeant('iops', '1.2')).toBe('smartx.com/iops');
  });

  it.each(['1.0', '1.2'] as const)('is never a known parameter of %s', (version) => {
    for (const name of knownParameters(version)) expect(parameterMeant(name, version)).toBeUndefined();
  });

  it.each([
    ['volumebindingmode', 'volumeBindingMode'],
    ['mountOption', 'mountOptions'],
    ['tier', undefined],
  ])('%s means the field %s of the class', (name, field) => expect(topLevelMeant(name)).toBe(field));
});
