import type { Resource } from '../core/base/model.ts';
import type { Requests } from './api.ts';
import { type IsNamed, toCachedObject } from './cached-object.ts';
import type { LiveKind } from './kinds.ts';
import { listPages, objectPages } from './pages.ts';

export interface ResourceListOptions {
  readonly signal: AbortSignal;
  /** True for a ConfigMap that is kept whatever its content; default: for none. */
  readonly isNamed?: IsNamed;
  /** More objects reject with {@link TooManyObjects}; default: any number. */
  readonly maxObjects?: number;
}

/** A kind has more objects than are to be read. */
export class TooManyObjects extends Error {}

/** All objects of a kind at one moment after the call, page by page, with what the rules read of them. */
export async function listResources(
  api: Requests,
  kind: LiveKind,
  { signal, isNamed = () => false, maxObjects = Number.POSITIVE_INFINITY }: ResourceListOptions,
): Promise<readonly Resource[]> {
  let resources: Resource[] = [];
  const pages = objectPages(api, kind, (item) => {
    if (resources.length === maxObjects) throw new TooManyObjects(`more than ${maxObjects} objects`);
    const object = toCachedObject(kind, item, isNamed);
    if (object?.whole === true) resources.push(object.resource);
  });
  await listPages(pages, kind, { pageSize: kind.pageSize, firstPage: kind.firstPage, signal }, () => {
    resources = [];
  });
  return resources;
}
