import { isArray, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import type { Path } from '../core/base/path.ts';
import type { ManifestDocument } from './types.ts';
import { setMember } from './yaml/compose.ts';

/** What a document's value is to the rules. */
export interface Classified {
  readonly status: Exclude<ManifestDocument['status'], 'failed'>;
  readonly objects: { readonly json: JsonObject; readonly path: Path }[];
  /** The places of objects of other kinds. */
  readonly foreign: Path[];
}

/**
 * Finds the objects in a document. Lists, those of a kind ending in `List` too, are taken apart,
 * lists in lists as well; an item of a typed list without a kind of its own gets it from the list,
 * as kubectl does.
 */
export function classify(json: Json, isOurs: (apiVersion: string, kind: string) => boolean): Classified {
  const found: Classified = { status: 'object', objects: [], foreign: [] };
  if (json === null) return { ...found, status: 'empty' };
  const type = typeOf(json);
  if (type === undefined) return { ...found, status: 'not-kubernetes' };
  const isList = collect(json as JsonObject, [], isOurs, found);
  if (isList) return { ...found, status: 'list' };
  return found.objects.length > 0 ? found : { ...found, status: 'foreign' };
}

function typeOf(json: Json | undefined): { apiVersion: string; kind: string } | undefined {
  if (!isObject(json)) return undefined;
  const apiVersion = own(json, 'apiVersion');
  const kind = own(json, 'kind');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
    return undefined;
  }
  return { apiVersion, kind };
}

/** Adds what an object holds; true if it was a list. The nesting is bounded by the reader. */
function collect(
  json: JsonObject,
  path: Path,
  isOurs: (apiVersion: string, kind: string) => boolean,
  found: Classified,
): boolean {
  const type = typeOf(json)!;
  const items = own(json, 'items');
  if (type.kind.endsWith('List') && (isArray(items) || (items ?? null) === null)) {
    for (const [index, item] of (isArray(items) ? items : []).entries()) {
      const itemPath = [...path, 'items', index];
      const whole = typeOf(item) === undefined ? typed(item, type) : (item as JsonObject);
      if (whole !== undefined) collect(whole, itemPath, isOurs, found);
    }
    return true;
  }
  if (isOurs(type.apiVersion, type.kind)) found.objects.push({ json, path });
  else found.foreign.push(path);
  return false;
}

function typed(item: Json, list: { apiVersion: string; kind: string }): JsonObject | undefined {
  const kind = list.kind.slice(0, -'List'.length);
  if (!isObject(item) || kind === '') return undefined;
  const whole: Record<string, Json> = {};
  for (const [key, value] of Object.entries(item)) setMember(whole, key, value);
  whole['apiVersion'] = list.apiVersion;
  whole['kind'] = kind;
  return whole;
}
