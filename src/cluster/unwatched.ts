import type { Resource } from '../core/base/model.ts';
import { type Requests, reasonOf, statusOf } from './api.ts';
import { AUDITED, type LiveKind, WATCHED } from './kinds.ts';
import { listResources, TooManyObjects } from './list-resources.ts';

/** Each has about 2 KiB in memory. */
const MAX_OBJECTS = 50_000;

/** The objects of the kinds that an audit reads and `serve` does not watch: claims and volumes. */
export interface UnwatchedObjects {
  readonly resources: readonly Resource[];
  /** Kinds that were not read. The rules that need them find nothing. */
  readonly unread: readonly { readonly kind: LiveKind; readonly reason: string }[];
}

/** Lists them once. A kind that may not be listed, or that has too many objects, is left out. */
export async function listUnwatched(api: Requests, signal: AbortSignal): Promise<UnwatchedObjects> {
  const resources: Resource[] = [];
  const unread: { kind: LiveKind; reason: string }[] = [];
  // One after the other, for the sake of memory.
  for (const kind of AUDITED.filter((each) => !WATCHED.includes(each))) {
    try {
      const listed = await listResources(api, kind, { signal, maxObjects: MAX_OBJECTS });
      for (const resource of listed) resources.push(resource);
    } catch (error) {
      if (!(error instanceof TooManyObjects) && statusOf(error) !== 403) throw error;
      unread.push({ kind, reason: reasonOf(error) });
    }
  }
  return { resources, unread };
}
