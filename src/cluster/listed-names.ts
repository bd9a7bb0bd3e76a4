/**
 * The names and versions in a list of metadata. As protobuf, most of it (managed fields and annotations) is skipped
 * without a text or an object made of it: with a thousand clusters, 4 MB every few seconds. An apiserver that does not
 * have protobuf answers with JSON.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/generated.proto
 */
import { asString, at, type JsonObject } from '../core/base/json.ts';
import type { Api } from './api.ts';
import { itemsOf, type ListPosition, listPosition } from './cached-object.ts';
import type { PageReader } from './pages.ts';
import { eachDelimited, malformed } from './protobuf.ts';
import { parseResponse, responseText } from './response-body.ts';

/** One object of a list. */
export interface ListedName {
  readonly name: string;
  /** Empty for an object of the cluster. */
  readonly namespace: string;
  readonly uid: string | undefined;
  readonly version: string;
}

/** The first bytes of each protobuf message of an apiserver. */
const MAGIC = 'k8s\0';
/** The numbers of the fields, by the types of Kubernetes. */
const UNKNOWN = { raw: 2 } as const;
const LIST = { metadata: 1, items: 2 } as const;
const LIST_META = { resourceVersion: 2, continue: 3 } as const;
const ITEM = { metadata: 1 } as const;
const OBJECT_META = { name: 1, namespace: 3, uid: 5, resourceVersion: 6 } as const;

/** Reads pages of metadata, see {@link ACCEPT.names}. Objects without a name or a version are left out. */
export function namePages(api: Pick<Api, 'fetchBytes'>, each: (item: ListedName) => void): PageReader {
  return async (path, options) => takeNames(await api.fetchBytes(path, options), each);
}

/** Takes the names and versions from a page of metadata, in protobuf or JSON. Throws if it is neither. */
export function takeNames(page: Uint8Array, each: (item: ListedName) => void): ListPosition {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  if (bytes.toString('latin1', 0, MAGIC.length) === MAGIC) return takeMessage(bytes, each);
  const list = parseResponse(responseText(page));
  for (const item of itemsOf(list)) {
    const listed = nameOf(item);
    if (listed !== undefined) each(listed);
  }
  return listPosition(list);
}

/** The name and the version of an object; undefined without one of them. */
export function nameOf(item: JsonObject): ListedName | undefined {
  const name = asString(at(item, ['metadata', 'name']));
  const version = asString(at(item, ['metadata', 'resourceVersion']));
  if (name === undefined || version === undefined) return undefined;
  const namespace = asString(at(item, ['metadata', 'namespace'])) ?? '';
  return { name, namespace, uid: asString(at(item, ['metadata', 'uid'])), version };
}

function takeMessage(bytes: Buffer, each: (item: ListedName) => void): ListPosition {
  let version = '';
  let next: string | undefined;
  eachDelimited(bytes, MAGIC.length, bytes.length, (envelope, from, to) => {
    if (envelope !== UNKNOWN.raw) return;
    eachDelimited(bytes, from, to, (field, begin, end) => {
      if (field === LIST.metadata)
        eachDelimited(bytes, begin, end, (position, start, stop) => {
          if (position === LIST_META.resourceVersion) version = bytes.toString('utf8', start, stop);
          if (position === LIST_META.continue && stop > start) next = bytes.toString('utf8', start, stop);
        });
      if (field === LIST.items) takeItem(bytes, begin, end, each);
    });
  });
  if (version === '') throw malformed();
  return { version, next };
}

function takeItem(bytes: Buffer, from: number, to: number, each: (item: ListedName) => void): void {
  let [name, namespace, uid, version] = ['', '', '', ''];
  eachDelimited(bytes, from, to, (item, begin, end) => {
    if (item !== ITEM.metadata) return;
    eachDelimited(bytes, begin, end, (field, start, stop) => {
      if (field === OBJECT_META.name) name = bytes.toString('utf8', start, stop);
      else if (field === OBJECT_META.namespace) namespace = bytes.toString('utf8', start, stop);
      else if (field === OBJECT_META.uid) uid = bytes.toString('utf8', start, stop);
      else if (field === OBJECT_META.resourceVersion) version = bytes.toString('utf8', start, stop);
    });
  });
  if (name !== '' && version !== '') each({ name, namespace, uid: uid || undefined, version });
}
