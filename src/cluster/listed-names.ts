/**
 * The names and versions in a list of metadata. As protobuf, most of it (managed fields and annotations) is skipped
 * without a text or an object made of it: with a thousand clusters, 4 MB every few seconds. An apiserver that does not
 * have protobuf answers with JSON.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/generated.proto
 */
import { asString, at, type JsonObject } from '../core/base/json.ts';
import type { Api } from './api.ts';
import type { ListPosition } from './cached-object.ts';
import { ACCEPT } from './kinds.ts';
import { type PageReader, takePage } from './pages.ts';
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

/** Reads pages of metadata. Objects without a name or a version are left out. */
export function namePages(api: Pick<Api, 'fetchBytes'>, each: (item: ListedName) => void): PageReader {
  return async (path, options) =>
    takeNames(await api.fetchBytes(path, { ...options, accept: ACCEPT.names }), each);
}

/** Takes the names and versions from a page of metadata, in protobuf or JSON. Throws if it is neither. */
export function takeNames(page: Uint8Array, each: (item: ListedName) => void): ListPosition {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  if (bytes.toString('latin1', 0, MAGIC.length) === MAGIC) return takeMessage(bytes, each);
  return takePage(parseResponse(responseText(page)), (item) => {
    const listed = nameOf(item);
    if (listed !== undefined) each(listed);
  });
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
  let position: ListPosition | undefined;
  eachDelimited(bytes, MAGIC.length, bytes.length, (field, begin, end) => {
    if (field === UNKNOWN.raw) position = takeList(bytes, begin, end, each);
  });
  if (position === undefined) throw malformed();
  return position;
}

function takeList(bytes: Buffer, from: number, to: number, each: (item: ListedName) => void): ListPosition {
  let [version, next] = ['', ''];
  eachDelimited(bytes, from, to, (field, begin, end) => {
    if (field === LIST.items) takeItem(bytes, begin, end, each);
    if (field !== LIST.metadata) return;
    eachDelimited(bytes, begin, end, (position, start, stop) => {
      if (position === LIST_META.resourceVersion) version = bytes.toString('utf8', start, stop);
      else if (position === LIST_META.continue) next = bytes.toString('utf8', start, stop);
    });
  });
  if (version === '') throw malformed();
  return { version, next: next || undefined };
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
