import { asString, isArray, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import { groupOf, type Kind } from '../core/base/model.ts';
import type { Path } from '../core/base/path.ts';
import type { ManifestDocument, WantedKinds } from './types.ts';
import { setMember } from './yaml/compose.ts';

/** A part of a list for which kubectl rejects the whole list. */
export interface RejectedPart {
  readonly path: Path;
  readonly problem: 'item' | 'nested' | 'list-type' | 'no-items' | 'items' | 'items-type';
}

/** The objects of a document. */
export interface DocumentObjects {
  readonly status: Exclude<ManifestDocument['status'], 'failed'>;
  readonly objects: {
    readonly json: JsonObject;
    readonly path: Path;
    readonly intended?: Kind | undefined;
  }[];
  /** The paths of objects of other kinds. */
  readonly foreign: Path[];
  /** Why kubectl rejects lists that hold one of the objects. */
  readonly rejected: RejectedPart[];
  /** The number of items that are no objects of Kubernetes. */
  readonly untyped: number;
}

interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Groups that have a list of any objects, beside those of Kubernetes: one for each custom resource. */
const LIST_GROUP =
  /^$|^(apps|batch|autoscaling|policy|extensions)$|\.k8s\.io$|^(iomesh\.com|zookeeper\.pravega\.io)$/;

/**
 * Finds the objects in a document. The items of a list are objects. An item of a typed list such as a PodList gets
 * its apiVersion and kind from the list if it has neither
 * (https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/apis/meta/v1/unstructured/helpers.go#L490). The
 * items of a list in a list are objects too, although kubectl rejects the list.
 */
export function findObjects(json: Json, kinds: WantedKinds): DocumentObjects {
  const search = new ObjectSearch(kinds);
  if (json === null) return search.result('empty');
  const isList = isObject(json) && search.add(json, []);
  const { objects, foreign } = search;
  if (isList) return search.result('list');
  if (objects.length > 0) return search.result('object');
  return search.result(foreign.length > 0 ? 'foreign' : 'not-kubernetes');
}

class ObjectSearch {
  readonly objects: DocumentObjects['objects'] = [];
  readonly foreign: Path[] = [];
  readonly #rejected: RejectedPart[] = [];
  readonly #kinds: WantedKinds;
  #untyped = 0;

  constructor(kinds: WantedKinds) {
    this.#kinds = kinds;
  }

  result(status: DocumentObjects['status']): DocumentObjects {
    const { objects, foreign } = this;
    const untyped = status === 'list' ? this.#untyped : 0;
    return { status, objects, foreign, rejected: this.#rejected, untyped };
  }

  /** Adds an object, or the items of a list; true for a list. The reader limits the nesting. */
  add(json: JsonObject, path: Path): boolean {
    const { isWanted, intended } = this.#kinds;
    const type = typeOf(json);
    const items = own(json, 'items');
    // Whatever its kind is: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/apis/meta/v1/unstructured/helpers.go#L379
    const kindText = asString(own(json, 'kind')) ?? '';
    // An item of a list is read otherwise: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/apis/meta/v1/unstructured/unstructured.go#L54
    const isItem = path.length > 0;
    const isList = kindText !== '' && (isArray(items) || (items === null && !isItem));
    if (isList && !isObjectMeta(own(json, 'metadata') ?? {})) this.#untyped++;
    if (isList) this.#addList(type ?? { apiVersion: '', kind: kindText }, isArray(items) ? items : [], path);
    else if (type !== undefined && isWanted(type.apiVersion, type.kind)) this.objects.push({ json, path });
    else {
      const kind = intended?.(json);
      if (kind !== undefined) this.objects.push({ json, path, intended: kind });
      else if (type === undefined) this.#untyped++;
      else this.foreign.push(path);
    }
    if (type === undefined) {
      // A list needs no apiVersion of its own, but none that is no text.
      if (isList && (own(json, 'apiVersion') ?? '') !== '') this.#untyped++;
      return isList;
    }
    const ofItems = type.kind.endsWith('List') ? itemKind(type) : '';
    if (items === undefined && ofItems !== '' && isWanted(type.apiVersion, ofItems))
      this.#rejected.push({ path: [...path, 'items'], problem: 'no-items' });
    if (items !== undefined && (isList || !isItem) && isWanted(type.apiVersion, type.kind)) {
      if (!isList) this.#rejected.push({ path: [...path, 'items'], problem: 'items-type' });
      else if (!type.kind.endsWith('List'))
        this.#rejected.push({ path: [...path, 'items'], problem: 'items' });
    }
    return isList;
  }

  #addList(list: ObjectType, items: readonly Json[], path: Path): void {
    const before = this.objects.length;
    const rejected: RejectedPart[] = [];
    for (const [index, item] of items.entries()) {
      const itemPath = [...path, 'items', index];
      if (!isObject(item)) {
        this.#untyped++;
        rejected.push({ path: itemPath, problem: 'item' });
      } else if (this.add(withTypeOf(list, item), itemPath)) {
        if (this.objects.length === before) this.#untyped++;
        rejected.push({ path: itemPath, problem: 'nested' });
      }
    }
    const isListed = list.kind !== 'List' || LIST_GROUP.test(groupOf(list.apiVersion));
    if (list.apiVersion === '' || !isListed)
      rejected.push({ path: [...path, 'apiVersion'], problem: 'list-type' });
    // An error of a list of other objects is not reported.
    if (this.objects.length > before) this.#rejected.push(...rejected);
  }
}

const META_TEXTS = ['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion'];
const META_LISTS = ['ownerReferences', 'finalizers', 'managedFields'];

/**
 * True for what kubectl can read as the metadata of a list, which it reads as that of an object:
 * https://github.com/kubernetes/cli-runtime/blob/v0.37.2/pkg/resource/metadata_decoder.go
 */
function isObjectMeta(metadata: Json): boolean {
  if (!isObject(metadata)) return false;
  const isText = (value: Json | undefined) => typeof (value ?? '') === 'string';
  const isTexts = (value: Json) => isObject(value) && Object.values(value).every(isText);
  return (
    META_TEXTS.every((key) => isText(own(metadata, key))) &&
    META_LISTS.every((key) => isArray(own(metadata, key) ?? [])) &&
    ['labels', 'annotations'].every((key) => isTexts(own(metadata, key) ?? {}))
  );
}

/** The apiVersion and kind of an object; undefined if one is missing. */
function typeOf(json: JsonObject): ObjectType | undefined {
  const apiVersion = own(json, 'apiVersion');
  const kind = own(json, 'kind');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '')
    return undefined;
  return { apiVersion, kind };
}

/** The kind of the items of a list; empty if they may be of any kind. */
function itemKind({ kind }: ObjectType): string {
  return kind.endsWith('List') ? kind.slice(0, -'List'.length) : kind;
}

/** An item with the type of its list, if that is typed and the item has neither apiVersion nor kind. */
function withTypeOf(list: ObjectType, item: JsonObject): JsonObject {
  const kind = itemKind(list);
  const isTyped = (own(item, 'apiVersion') ?? '') !== '' || (own(item, 'kind') ?? '') !== '';
  if (kind === '' || isTyped) return item;
  const whole: Record<string, Json> = {};
  for (const [key, value] of Object.entries(item)) setMember(whole, key, value);
  whole['apiVersion'] = list.apiVersion;
  whole['kind'] = kind;
  return whole;
}
