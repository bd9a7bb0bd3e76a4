import { describe, expect, it } from 'vitest';
import { type Resource, toResource } from '../../../../src/core/base/model.ts';
import { guessReference } from '../../../../src/core/iomesh/references.ts';
import { parseReference } from '../../../../src/core/iomesh/storage-class.ts';
import { World } from '../../../../src/core/world.ts';

describe('parseReference', () => {
  it.each([
    ['iomesh-system/iomesh', { namespace: 'iomesh-system', name: 'iomesh' }],
    ['a/b.c', { namespace: 'a', name: 'b.c' }],
  ])('reads %s', (text, id) => expect(parseReference(text)).toEqual(id));

  it.each([
    '',
    '/',
    'a',
    'a/',
    '/b',
    'a/b/c',
    'A/b',
    'a/B',
    'a /b',
    'a.b/c',
    '-a/b',
    'a/b-',
    ' a/b',
    'a/b\n',
  ])('rejects %j', (text) => expect(parseReference(text)).toBeUndefined());

  it('rejects a text longer than the longest reference', () => {
    expect(parseReference(`${'a'.repeat(63)}/${'b'.repeat(253)}`)).toBeDefined();
    expect(parseReference(`${'a'.repeat(63)}/${'b'.repeat(254)}`)).toBeUndefined();
  });
});

function cluster(namespace: string, name: string): Resource {
  return toResource({
    apiVersion: 'iomesh.com/v1alpha1',
    kind: 'IOMeshCluster',
    metadata: { namespace, name },
  })!;
}

function connection(namespace: string, name: string, metaAddr: string | undefined): Resource {
  const data = metaAddr === undefined ? { 'ca.crt': 'none' } : { metaAddr };
  return toResource({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data })!;
}

describe('guessReference', () => {
  const world = World.of({
    today: '2026-11-23',
    resources: [
      cluster('iomesh-system', 'iomesh'),
      cluster('pool-a', 'fast'),
      cluster('pool-b', 'fast'),
      cluster('archive', 'iomesh-archive'),
      connection('iomesh-system', 'iomesh-csi-configmap', 'iomesh-meta-client.iomesh-system.svc:10100'),
      connection('pool-a', 'link', 'fast-meta-client.pool-a.svc:10100'),
      connection('pool-a', 'kube-root-ca.crt', undefined),
      connection('pool-b', 'link', 'fast-meta-client.pool-b.svc:10100'),
    ],
  });

  it.each([
    ['iomesh-archive', 'archive/iomesh-archive'],
    ['IOMesh-System/IOMesh', 'iomesh-system/iomesh'],
    ['/iomesh-system/iomesh/', 'iomesh-system/iomesh'],
    ['iomesh.com/iomesh-system/iomesh', 'iomesh-system/iomesh'],
    ['iomesh / iomesh-system', 'iomesh-system/iomesh'],
    ['iomesh-sytsem/iomesh', 'iomesh-system/iomesh'],
    ['archive/gold', 'archive/iomesh-archive'],
    ['iomesh-archiv', 'archive/iomesh-archive'],
    ['fast', undefined],
    ['', undefined],
    [' / ', undefined],
    ['elsewhere/gold', undefined],
    ['x'.repeat(100_000), undefined],
  ])('finds the cluster that %j means', (text, meant) => {
    expect(guessReference(world, 'iomeshCluster', text.slice(0, 100_000))).toBe(meant);
  });

  it.each([
    ['pool-a/connection', 'pool-a/link'],
    ['pool-a/kube-root-ca.crt', 'pool-a/link'],
    ['iomesh-csi-configmap', 'iomesh-system/iomesh-csi-configmap'],
    ['link', undefined],
    ['archive/connection', undefined],
  ])('finds the ConfigMap that %j means', (text, meant) => {
    expect(guessReference(world, 'clusterConnection', text)).toBe(meant);
  });
});
