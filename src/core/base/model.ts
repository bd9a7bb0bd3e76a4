import { asString, at, type Json, type JsonObject, own } from './json.ts';
import type { Path } from './path.ts';
import { truncate } from './text.ts';

/** Names one Kubernetes object. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  /** Empty until the apiserver generates it. */
  readonly name: string;
}

/** The kinds that the rules know. */
export const KINDS = [
  'IOMeshCluster',
  'ZookeeperCluster',
  'ConfigMap',
  'StorageClass',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'VolumeSnapshot',
  'Namespace',
  'Node',
  'CustomResourceDefinition',
] as const;
export type Kind = (typeof KINDS)[number];

const GROUPS: Record<Kind, string> = {
  IOMeshCluster: 'iomesh.com',
  ZookeeperCluster: 'zookeeper.pravega.io',
  ConfigMap: '',
  StorageClass: 'storage.k8s.io',
  PersistentVolumeClaim: '',
  PersistentVolume: '',
  VolumeSnapshot: 'snapshot.storage.k8s.io',
  Namespace: '',
  Node: '',
  CustomResourceDefinition: 'apiextensions.k8s.io',
};

const CLUSTER_SCOPED: ReadonlySet<Kind> = new Set<Kind>([
  'StorageClass',
  'PersistentVolume',
  'Namespace',
  'Node',
  'CustomResourceDefinition',
]);

/**
 * The kind of an apiVersion and kind, whatever the version; undefined for a kind that the rules do not know.
 */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  if (!Object.hasOwn(GROUPS, kind)) return undefined;
  return GROUPS[kind as Kind] === groupOf(apiVersion) ? (kind as Kind) : undefined;
}

/** The API group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** The API group of a kind; empty for the core group. */
export function groupOfKind(kind: Kind): string {
  return GROUPS[kind];
}

/** Where an object was read, as far as rules need to know it. */
export interface ResourceSource {
  /** The name of a field in the text, if it is not its path: Helm values have names of their own. */
  nameOf?(field: Path): string | undefined;
  /** The text of a number or boolean, if it is set at one place of the text only: `1.0` for 1. */
  plainTextOf?(field: Path, value: Json): string | undefined;
  /** The comments `# iomesh-guard: …` of the text. */
  comments?(): readonly SourceComment[];
}

/** A comment for iomesh-guard in the text of an object, without its beginning. The same object each time. */
export interface SourceComment {
  readonly text: string;
  /** Its place, in UTF-16 offsets. */
  readonly source: object;
  readonly start: number;
  readonly end: number;
}

/** One object of a world. */
export interface Resource {
  readonly kind: Kind;
  readonly ref: ObjectRef;
  /** `Kind/namespace/name`, or `Kind/name` if the kind is cluster-scoped. Unique in a world. */
  readonly key: string;
  readonly json: JsonObject;
  /** Undefined for an object that has no text. */
  readonly source?: ResourceSource | undefined;
  /** Fields whose value the reader could not read. No rule reports anything in them. */
  readonly unknown?: readonly Path[] | undefined;
}

/** One object before and after. A creation has no before, a deletion no after. */
export interface Change {
  readonly before?: Resource | undefined;
  readonly after?: Resource | undefined;
  /** Whether the user who makes the change may delete the object; undefined if that is not known. */
  readonly mayDelete?: boolean | undefined;
}

/** The object that a change is about: as it is afterwards, or a deleted one as it was. */
export function changedObject({ before, after }: Change): Resource | undefined {
  return after ?? before;
}

/** True if a change creates or deletes an object of a kind. An update does neither. */
export function createsOrDeletes({ before, after }: Change, kind: Kind): boolean {
  return (before?.kind === kind) !== (after?.kind === kind);
}

/** True if a change creates or deletes an object of a kind, or begins its deletion. */
export function changesPresence(change: Change, kind: Kind): boolean {
  const { before, after } = change;
  const isLeaving = (each: Resource | undefined) => each?.kind === kind && isBeingDeleted(each);
  return createsOrDeletes(change, kind) || isLeaving(before) !== isLeaving(after);
}

/** True for the kinds whose objects have no namespace. */
export function isClusterScoped(kind: Kind): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** The key of an object. Two resources with one key are the same object. */
export function resourceKey(kind: Kind, namespace: string | undefined, name: string): string {
  return CLUSTER_SCOPED.has(kind) ? `${kind}/${name}` : `${kind}/${namespace ?? 'default'}/${name}`;
}

/**
 * A resource of an object's JSON; undefined for a kind that the rules do not know. A namespaced object
 * without a namespace is in that of the options, else in `default`, as with kubectl. The name is empty until
 * it is generated. `kind` is what the object was meant to be if its own apiVersion or kind is wrong.
 */
export function toResource(
  json: JsonObject,
  options: {
    namespace?: string | undefined;
    name?: string;
    source?: ResourceSource;
    kind?: Kind | undefined;
  } = {},
): Resource | undefined {
  const apiVersion = asString(own(json, 'apiVersion')) ?? '';
  const kind = options.kind ?? kindOf(apiVersion, asString(own(json, 'kind')) ?? '');
  if (kind === undefined) return undefined;
  const name = nonEmpty(at(json, ['metadata', 'name'])) ?? options.name ?? '';
  const namespace = CLUSTER_SCOPED.has(kind)
    ? undefined
    : (nonEmpty(at(json, ['metadata', 'namespace'])) ?? options.namespace ?? 'default');
  const ref: ObjectRef =
    namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
  return { kind, ref, key: resourceKey(kind, namespace, name), json, source: options.source };
}

/** The apiserver stores no longer name. */
const MAX_NAME = 253;

/**
 * `namespace/name`, or the name of a cluster-scoped object, for messages. It is cut if it is longer than a
 * name can be, so compare keys instead.
 */
export function displayName(ref: Pick<ObjectRef, 'namespace' | 'name'>): string {
  const name = ref.name === '' ? '(generated name)' : truncate(ref.name, MAX_NAME);
  return ref.namespace === undefined ? name : `${truncate(ref.namespace, MAX_NAME)}/${name}`;
}

/** `Kind namespace/name`. */
export function describe(ref: ObjectRef): string {
  return `${ref.kind} ${displayName(ref)}`;
}

/** True if two references name the same object, whatever the API version. */
export function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** True from the deletion of an object until its finalizers are removed. */
export function isBeingDeleted(resource: Resource): boolean {
  return typeof at(resource.json, ['metadata', 'deletionTimestamp']) === 'string';
}

/** True if an object was created before another one, or at the same time and its key comes first. */
export function isOlder(a: Resource, b: Resource): boolean {
  // An object of a file, which is not created yet, sorts last.
  const created = ({ json }: Resource) => asString(at(json, ['metadata', 'creationTimestamp'])) ?? '~';
  return created(a) === created(b) ? a.key < b.key : created(a) < created(b);
}

function nonEmpty(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
