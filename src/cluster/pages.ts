import type { JsonObject } from '../core/base/json.ts';
import { type Api, statusOf } from './api.ts';
import { collectionPath, type LiveKind } from './kinds.ts';
import { itemsOf, listPosition } from './cached-object.ts';

export interface ListOptions {
  readonly accept: string;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

const MAX_STARTS = 3;

/**
 * Lists all objects of a kind consistently (without resourceVersion), in pages, so that only one page is in
 * memory. Returns the version of the list. If the server no longer has the version of the first page
 * (HTTP 410), the list starts again: `begin` is called at each start, and earlier items are discarded.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function listPages(
  api: Api,
  kind: LiveKind,
  { accept, pageSize, signal }: ListOptions,
  begin: () => void,
  each: (item: JsonObject) => void,
): Promise<string> {
  const path = collectionPath(kind);
  let from: string | undefined;
  let starts = 1;
  begin();
  for (;;) {
    let page: JsonObject;
    try {
      page = await api.request('GET', path, { query: { limit: pageSize, continue: from }, accept, signal });
    } catch (error) {
      if (statusOf(error) !== 410 || from === undefined || starts === MAX_STARTS) throw error;
      starts += 1;
      from = undefined;
      begin();
      continue;
    }
    for (const item of itemsOf(page)) each(item);
    const { version, next } = listPosition(page);
    if (next === undefined) return version;
    from = next;
  }
}
