import type { JsonObject } from '../core/base/json.ts';
import { type Api, statusOf } from './api.ts';
import { collectionPath, type LiveKind } from './kinds.ts';
import { itemsOf, listPosition } from './slim.ts';

export interface ListOptions {
  readonly accept: string;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

const MAX_STARTS = 3;

/**
 * Lists all objects of a kind as they stand now (a consistent read: no resourceVersion is given), in
 * pages, so that only one is in memory at a time. Gives the list's version. A list that takes so long
 * that the server has forgotten where it began is read again from the start: `begin` is called at every
 * start, and what came before it is void.
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
