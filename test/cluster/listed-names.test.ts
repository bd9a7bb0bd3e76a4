import { describe, expect, it } from 'vitest';
import { type ListedName, takeNames } from '../../src/cluster/listed-names.ts';
import { encodeMetadataList } from '../support/protobuf.ts';

function read(page: Uint8Array): { names: ListedName[]; version: string; next: string | undefined } {
  const names: ListedName[] = [];
  return { ...takeNames(page, (each) => names.push(each)), names };
}

/** All ConfigMaps of a new cluster, as kube-apiserver 1.37.2 sends their metadata in protobuf. */
const RECEIVED = Buffer.from(
  [
    'azhzAAorCg5tZXRhLms4cy5pby92MRIZUGFydGlhbE9iamVjdE1ldGFkYXRhTGlzdBK3AwoJCgASAzUxOBoAEs8BCswBCiJleHRl',
    'bnNpb24tYXBpc2VydmVyLWF1dGhlbnRpY2F0aW9uEgAaC2t1YmUtc3lzdGVtIgAqJGFhZmM2ODMzLTliOGUtNDdmZi05NGIyLTFj',
    'MzQwYmFiZGRhODICMTU4AEIICLiAt9gGEACKAV4KDWNvbnRyb2wtcGxhbmUSBlVwZGF0ZRoCdjEiCAi4gLfYBhAAMghGaWVsZHNW',
    'MTorCil7ImY6ZGF0YSI6eyIuIjp7fSwiZjpjbGllbnQtY2EtZmlsZSI6e319fUIAEtcBCtQBCjRrdWJlLWFwaXNlcnZlci1sZWdh',
    'Y3ktc2VydmljZS1hY2NvdW50LXRva2VuLXRyYWNraW5nEgAaC2t1YmUtc3lzdGVtIgAqJDA2ZjFiZjliLWZhMWUtNGI0Yi1hMTJm',
    'LTQ3N2UxOGQyN2UyNDIBOTgAQggIuIC32AYQAIoBVQoNY29udHJvbC1wbGFuZRIGVXBkYXRlGgJ2MSIICLiAt9gGEAAyCEZpZWxk',
    'c1YxOiIKIHsiZjpkYXRhIjp7Ii4iOnt9LCJmOnNpbmNlIjp7fX19QgAaACIA',
  ].join(''),
  'base64',
);

describe('names and versions', () => {
  it('are read from the protobuf of an apiserver', () => {
    expect(read(RECEIVED)).toEqual({
      version: '518',
      next: undefined,
      names: [
        {
          name: 'extension-apiserver-authentication',
          namespace: 'kube-system',
          uid: 'aafc6833-9b8e-47ff-94b2-1c340babdda8',
          version: '15',
        },
        {
          name: 'kube-apiserver-legacy-service-account-token-tracking',
          namespace: 'kube-system',
          uid: '06f1bf9b-fa1e-4b4b-a12f-477e18d27e24',
          version: '9',
        },
      ],
    });
  });

  it.each(['protobuf', 'JSON'])('are read from %s, with the position of the list', (format) => {
    const list = {
      metadata: { resourceVersion: '9007199254740993', continue: 'bmV4dA' },
      items: [
        {
          metadata: {
            ...{ name: 'a', namespace: 'n', uid: 'u1', resourceVersion: '7', generation: 2 ** 40 },
            labels: { name: 'b' },
            managedFields: [{ manager: 'name', fieldsV1: { 'f:metadata': {} } }],
          },
        },
        { metadata: { name: 'ü', resourceVersion: '8' } },
        { metadata: { name: 'no-version' } },
        { metadata: { resourceVersion: '9' } },
      ],
    };
    const page = format === 'JSON' ? Buffer.from(JSON.stringify(list)) : encodeMetadataList(list);
    expect(read(page)).toEqual({
      version: '9007199254740993',
      next: 'bmV4dA',
      names: [
        { name: 'a', namespace: 'n', uid: 'u1', version: '7' },
        { name: 'ü', namespace: '', uid: undefined, version: '8' },
      ],
    });
  });

  it('of a list that is cut off are an error', () => {
    // After the list come two empty texts of two bytes.
    for (let length = 0; length < RECEIVED.length - 4; length++)
      expect(() => read(RECEIVED.subarray(0, length)), `${length} bytes`).toThrow('the response is not');
  });

  it('of a list with other bytes are an error, or other names: nothing else happens', () => {
    for (let at = 0; at < RECEIVED.length; at++)
      for (const byte of [0x00, 0x07, 0x7f, 0x80, 0xff]) {
        const page = Buffer.from(RECEIVED);
        page[at] = byte;
        try {
          const { names } = read(page);
          expect(names.length).toBeLessThanOrEqual(RECEIVED.length);
        } catch (error) {
          expect((error as Error).message).toMatch(/^the response is not/);
        }
      }
  });
});
