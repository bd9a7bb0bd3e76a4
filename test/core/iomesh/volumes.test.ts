import { describe, expect, it } from 'vitest';
import {
  orphanedVolumes,
  volumesByCluster,
  volumesOfCluster,
  volumesOfConnection,
  volumesText,
} from '../../../src/core/iomesh/volumes.ts';
import { caseText, readWorld } from '../../cases/harness.ts';
import { storageClass, volume } from '../../cases/objects.ts';

const POOL = { namespace: 'iomesh-cluster-1', name: 'iomesh-cluster-1' };
const MANAGEMENT = { namespace: 'iomesh-system', name: 'iomesh' };

function world(add: string, more: Partial<Parameters<typeof caseText>[0]> = {}) {
  const testCase = { name: 'volumes', add, ...more };
  return readWorld(caseText(testCase), testCase);
}

function connectionOf(is: ReturnType<typeof world>) {
  return is.get('ConfigMap', 'iomesh-cluster-1', 'iomesh-cluster-1-csi-configmap')!;
}

function names(volumes: readonly { ref: { name: string } }[]) {
  return volumes.map(({ ref }) => ref.name);
}

describe('the cluster that holds a volume', () => {
  it('is the one that its attributes name, whatever its class says', () => {
    const is = world(
      volume('pv-1', {
        attributes: { iomeshCluster: 'iomesh-cluster-1/iomesh-cluster-1' },
        class: 'iomesh-default',
      }),
    );
    expect(names(volumesOfCluster(is, POOL))).toEqual(['pv-1']);
    expect(volumesOfCluster(is, MANAGEMENT)).toEqual([]);
  });

  it('is the one that the ConfigMap in its attributes addresses', () => {
    const is = world(
      volume('pv-1', {
        attributes: { clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap' },
      }),
    );
    expect(names(volumesOfCluster(is, POOL))).toEqual(['pv-1']);
    expect(names(volumesOfConnection(is, connectionOf(is)))).toEqual(['pv-1']);
  });

  it('is the one of its class if it has no such attributes', () => {
    const is = world(volume('pv-1', { class: 'iomesh-cluster-1' }));
    expect(names(volumesOfCluster(is, POOL))).toEqual(['pv-1']);
    expect(names(volumesOfConnection(is, connectionOf(is)))).toEqual(['pv-1']);
  });

  it('is both clusters of a class that contradicts itself', () => {
    const mixed = storageClass('mixed', {
      clusterConnection: 'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      iomeshCluster: 'iomesh-system/iomesh',
    });
    const is = world(`${mixed}---\n${volume('pv-1', { class: 'mixed' })}`);
    expect(names(volumesOfCluster(is, POOL))).toEqual(['pv-1']);
    expect(names(volumesOfCluster(is, MANAGEMENT))).toEqual(['pv-1']);
  });

  it('is the only cluster in the namespace of a ConfigMap that is missing', () => {
    const is = world(volume('pv-1', { attributes: { clusterConnection: 'iomesh-cluster-1/gone' } }));
    expect(names(volumesOfCluster(is, POOL))).toEqual(['pv-1']);
  });

  it('is the management cluster for the class of the chart, also while it is missing', () => {
    const is = world(volume('pv-1', { class: 'iomesh-csi-driver' }));
    expect(names(volumesOfCluster(is, MANAGEMENT))).toEqual(['pv-1']);
  });

  it('is unknown without class and attributes, unless there is only one cluster', () => {
    const add = volume('pv-1', { class: 'renamed' });
    expect(names(volumesByCluster(world(add)).unknown)).toEqual(['pv-1']);
    const alone = world(add, { drop: ['IOMeshCluster/iomesh'] });
    expect(names(volumesOfCluster(alone, POOL))).toEqual(['pv-1']);
  });

  it('is none for a volume of another driver', () => {
    const foreign = volume('pv-1', { class: 'iomesh-cluster-1', driver: 'other.example' });
    expect(volumesByCluster(world(foreign))).toEqual({ byCluster: new Map(), unknown: [] });
    const named = volume('pv-1', { attributes: { iomeshCluster: 'a/a' }, driver: 'other.example' });
    const ours = world(named, { config: { provisioner: 'other.example' } });
    expect([...volumesByCluster(ours).byCluster.keys()]).toEqual(['a/a']);
  });

  it('may not exist', () => {
    const gone = volume('pv-1', { attributes: { iomeshCluster: 'gone/gone' } });
    const is = world(`${gone}---\n${volume('pv-2', { class: 'iomesh-default' })}`);
    expect([...orphanedVolumes(is)].map(([text, each]) => [text, names(each)])).toEqual([
      ['gone/gone', ['pv-1']],
    ]);
  });

  it('needs no ConfigMap from 1.1 on', () => {
    const config = { iomeshVersion: '1.2' } as const;
    const is = world(volume('pv-1', { class: 'iomesh-cluster-1' }), { config });
    expect(volumesOfConnection(is, connectionOf(is))).toEqual([]);
    expect(names(volumesOfCluster(is, POOL))).toEqual(['pv-1']);
  });
});

describe('the text of volumes', () => {
  const text = (...volumes: string[]) => volumesText(volumesOfCluster(world(volumes.join('---\n')), POOL));

  it('names claims, or volumes without a claim, and counts those that are bound', () => {
    const on = { class: 'iomesh-cluster-1' };
    expect(
      text(
        volume('pv-1', { ...on, claim: 'default/db-0' }),
        volume('pv-2', { ...on, claim: 'default/db-1', phase: 'Released' }),
        volume('pv-3', on),
      ),
    ).toBe('3 volumes, 1 bound: default/db-0, default/db-1 and pv-3');
  });

  it('names ten and counts the rest', () => {
    const volumes = Array.from({ length: 13 }, (_, index) =>
      volume(`pv-${index}`, { claim: `default/db-${index}`, class: 'iomesh-cluster-1' }),
    );
    expect(text(...volumes)).toMatch(
      /^13 volumes, 13 bound: default\/db-0, default\/db-1, .*default\/db-9 and 3 more$/,
    );
  });

  it('cuts names that would fill a message', () => {
    expect(text(volume('x'.repeat(250), { class: 'iomesh-cluster-1' }))).toMatch(
      /^1 volume, none bound: x{99}…$/,
    );
  });
});
