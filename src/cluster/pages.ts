import type { JsonObject } from '../core/base/json.ts';
import { type Requests, type RequestOptions, isTooLarge, statusOf } from './api.ts';
import { collectionPath, type LiveKind, readTypes } from './kinds.ts';
import { itemsOf, type ListPosition, listPosition } from './cached-object.ts';

export interface ListOptions {
  /** Only the objects in this namespace. */
  readonly namespace?: string | undefined;
  /** The largest number of objects in a page. */
  readonly pageSize: number;
  /** The number of objects in the first page; default `pageSize`. */
  readonly firstPage?: number | undefined;
  readonly signal: AbortSignal;
}

/** Requests a page, in the media type that it reads, and takes its items. */
export type PageReader = (path: string, options: RequestOptions) => Promise<ListPosition>;

/** Reads pages of objects; of their metadata, if that is all that the rules read of the kind. */
export function objectPages(
  api: Requests,
  kind: Pick<LiveKind, 'metadataOnly'>,
  each: (item: JsonObject) => void,
): PageReader {
  const accept = readTypes(kind).list;
  // No variable keeps the page while the next one is read.
  return async (path, options) => takePage(await api.request('GET', path, { ...options, accept }), each);
}

const MAX_STARTS = 3;
/** A page has about this size: the response, its text and its objects together take some times as much memory. */
const PAGE_BYTES = 2 * 1024 * 1024;
/** A page that has more is requested again with fewer objects. One object can have more. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** The next objects can be larger than those before. */
const MAX_GROWTH = 4;

/**
 * Lists all objects of a kind consistently (without resourceVersion), in pages, so that only one page is in
 * memory. The number of objects in a page follows from the size of the page before. Returns the version of the list. If the server no longer has the version of the first page
 * (HTTP 410), the list starts again: `begin` is called at each start, and earlier items are discarded.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function listPages(
  readPage: PageReader,
  kind: LiveKind,
  { namespace, pageSize, firstPage = pageSize, signal }: ListOptions,
  begin: () => void,
): Promise<string> {
  const path = collectionPath(kind, namespace);
  let from: string | undefined;
  let starts = 1;
  let limit = Math.min(firstPage, pageSize);
  let size = 0;
  const nextPage = () =>
    readPage(path, {
      query: { limit, continue: from },
      signal,
      maxBytes: limit === 1 ? undefined : MAX_PAGE_BYTES,
      onSize(bytes) {
        size = bytes;
      },
    });
  begin();
  for (;;) {
    let position: ListPosition;
    try {
      position = await nextPage();
    } catch (error) {
      if (isTooLarge(error) && limit > 1) {
        limit = Math.ceil(limit / MAX_GROWTH);
        continue;
      }
      if (statusOf(error) !== 410 || from === undefined || starts === MAX_STARTS) throw error;
      starts += 1;
      from = undefined;
      begin();
      continue;
    }
    if (position.next === undefined) return position.version;
    from = position.next;
    const fitting = Math.floor((limit * PAGE_BYTES) / Math.max(size, 1));
    limit = Math.min(Math.max(fitting, 1), limit * MAX_GROWTH, pageSize);
  }
}

/** Takes the items of a page in JSON. */
export function takePage(page: JsonObject, each: (item: JsonObject) => void): ListPosition {
  for (const item of itemsOf(page)) each(item);
  return listPosition(page);
}
