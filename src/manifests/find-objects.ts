import { isArray, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import type { Path } from '../core/base/path.ts';
import type { IsWanted, ManifestDocument } from './types.ts';
import { setMember } from './yaml/compose.ts';

/** The objects of a document. */
export interface DocumentObjects {
  readonly status: Exclude<ManifestDocument['status'], 'failed'>;
  readonly objects: { readonly json: JsonObject; readonly path: Path }[];
  /** The paths of objects of other kinds. */
  readonly foreign: Path[];
}

/**
 * Finds the objects in a document. The items of a list are objects, also those of a list in a list. An
 * item of a typed list such as a PodList gets its kind from the list if it has none
 * (https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/apis/meta/v1/unstructured/helpers.go#L490).
 */
export function findObjects(json: Json, isWanted: IsWanted): DocumentObjects {
  const found: DocumentObjects = { status: 'object', objects: [], foreign: [] };
  if (json === null) return { ...found, status: 'empty' };
  const type = typeOf(json);
  if (type === undefined) return { ...found, status: 'not-kubernetes' };
  const isList = collect(json as JsonObject, [], isWanted, found);
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

/** Adds an object, or the items of a list; true for a list. The reader limits the nesting. */
function collect(json: JsonObject, path: Path, isWanted: IsWanted, found: DocumentObjects): boolean {
  const type = typeOf(json)!;
  const items = own(json, 'items');
  if (type.kind.endsWith('List') && (isArray(items) || (items ?? null) === null)) {
    for (const [index, item] of (isArray(items) ? items : []).entries()) {
      const itemPath = [...path, 'items', index];
      const whole = typeOf(item) === undefined ? typed(item, type) : (item as JsonObject);
      if (whole !== undefined) collect(whole, itemPath, isWanted, found);
    }
    return true;
  }
  if (isWanted(type.apiVersion, type.kind)) found.objects.push({ json, path });
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
