import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { admit, intentOf } from '../../src/admission/admit.ts';
import { type ForeignReview, readForeignReview } from '../../src/admission/foreign-review.ts';
import { allow } from '../../src/admission/response.ts';
import { parseBody, parseReview } from '../../src/admission/review.ts';
import { World } from '../../src/core/world.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/admission-reviews');
const UID = '705ab4f5-6393-11e8-b7cc-42010a800002';

/** A review as Go writes it. */
function review(kind: ForeignReview['kind'], object: object | null, oldObject: object | null = null): string {
  const group = {
    ConfigMap: '',
    StorageClass: 'storage.k8s.io',
    CustomResourceDefinition: 'apiextensions.k8s.io',
  }[kind];
  const resource = { group, version: 'v1', resource: `${kind.toLowerCase()}s` };
  const operation = oldObject === null ? 'CREATE' : object === null ? 'DELETE' : 'UPDATE';
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      ...{ uid: UID, kind: { group, version: 'v1', kind }, resource, name: 'a', namespace: 'b', operation },
      ...{ userInfo: { username: 'a' }, object, oldObject, dryRun: false, options: null },
    },
  });
}

const data = (keys: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: keys });
const classOf = (provisioner: string) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  provisioner,
});

describe('a review of an object of others', () => {
  it.each([
    ['a ConfigMap that is created', review('ConfigMap', data({ a: 'b' })), 'ConfigMap', 'CREATE'],
    [
      'a ConfigMap that is changed',
      review('ConfigMap', data({ a: 'c' }), data({ a: 'b' })),
      'ConfigMap',
      'UPDATE',
    ],
    ['a ConfigMap that is deleted', review('ConfigMap', null, data({ a: 'b' })), 'ConfigMap', 'DELETE'],
    [
      'a class of another driver',
      review('StorageClass', classOf('example.com/disk')),
      'StorageClass',
      'CREATE',
    ],
    [
      'a definition of another operator',
      review('CustomResourceDefinition', null, { metadata: { name: 'issuers.cert-manager.io' } }),
      'CustomResourceDefinition',
      'DELETE',
    ],
  ])('is recognized by its text: %s', (_name, text, kind, operation) => {
    expect(readForeignReview(text, DEFAULT_CONFIG)).toEqual({ uid: UID, kind, operation });
  });

  it.each([
    ['a connection', review('ConfigMap', data({ metaAddr: 'x' }))],
    ['a connection with misspelled keys', review('ConfigMap', data({ clusterID: 'x' }))],
    ['a connection with other separators', review('ConfigMap', data({ 'iscsi-portal': 'x' }))],
    [
      'an empty ConfigMap with the name of a connection',
      review('ConfigMap', { ...data({}), metadata: { name: 'iomesh-csi-configmap' } }),
    ],
    ['what was a connection', review('ConfigMap', data({}), data({ clusterId: 'x' }))],
    ['a class of IOMesh', review('StorageClass', classOf('com.iomesh.csi-driver'))],
    [
      'a class of another driver with a reference of IOMesh',
      review('StorageClass', { ...classOf('com.iomesh.csi-drvier'), parameters: { iomeshCluster: 'a/b' } }),
    ],
    ['a class that was one of IOMesh', review('StorageClass', null, classOf('com.iomesh.csi-driver'))],
    [
      'a definition of IOMesh',
      review('CustomResourceDefinition', null, { metadata: { name: 'iomeshclusters.iomesh.com' } }),
    ],
    ['text of another order', review('ConfigMap', data({})).replace('"kind":"AdmissionReview",', '')],
    ['text that is no review', '{"kind":"ConfigMap"}'],
    ['a uid with an escape', review('ConfigMap', data({})).replace(UID, `\\u0061${UID.slice(6)}`)],
    ['an unknown operation', review('ConfigMap', data({})).replace('CREATE', 'MERGE')],
    [
      'a ConfigMap of another group',
      review('ConfigMap', data({})).replace('"group":""', '"group":"storage.k8s.io"'),
    ],
  ])('is not taken for one: %s', (_name, text) => {
    expect(readForeignReview(text, DEFAULT_CONFIG)).toBeUndefined();
  });

  it('is recognized by the configured name of the driver', () => {
    const config = { provisioner: 'storage.example.com' };
    expect(readForeignReview(review('StorageClass', classOf('storage.example.com')), config)).toBeUndefined();
    expect(readForeignReview(review('StorageClass', classOf('com.iomesh.csi-driver')), config)).toBeDefined();
  });

  it('gets the answer that parsing it would give, among recorded reviews', () => {
    const world = World.of({ resources: [], today: '2026-11-28', mode: 'admission' });
    const recognized = readdirSync(FOLDER).filter((name) => {
      const text = JSON.stringify(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
      const foreign = readForeignReview(text, DEFAULT_CONFIG);
      if (foreign === undefined) return false;
      const request = parseReview(parseBody(text));
      expect(admit(request, intentOf(request, world.config), world).response, name).toEqual(
        allow(foreign.uid),
      );
      return true;
    });
    expect(recognized.length).toBeGreaterThan(0);
  });

  it('is answered in less time than parsing takes, however large', () => {
    const text = review('ConfigMap', data({ a: 'x'.repeat(3_000_000) }));
    expect(readForeignReview(text, DEFAULT_CONFIG)).toBeDefined();
    expect(readForeignReview(`${text.slice(0, -1)},"x":"metaAddr"}`, DEFAULT_CONFIG)).toBeUndefined();
  });
});
