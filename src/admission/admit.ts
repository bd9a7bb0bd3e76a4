import type { Config } from '../core/base/config.ts';
import { at, exactText, type JsonObject, own } from '../core/base/json.ts';
import {
  type Change,
  changedObject,
  isBeingDeleted,
  type Kind,
  kindOf,
  type ObjectRef,
  type Resource,
  sameObject,
  toResource,
} from '../core/base/model.ts';
import { awaitedRequiredFields, mutate } from '../core/defaults/mutate.ts';
import { truncate } from '../core/base/text.ts';
import { appliedWaiverText } from '../core/base/waivers.ts';
import type { Finding, WaivedFinding } from '../core/finding.ts';
import { CLUSTER_DEFINITIONS, clusterOf } from '../core/iomesh/cluster.ts';
import { mayContainConnection } from '../core/iomesh/connection.ts';
import { isIomeshClass, referencesIomesh } from '../core/iomesh/storage-class.ts';
import { leavesCluster } from '../core/iomesh/volume-loss.ts';
import { findRule } from '../core/judge/catalogue.ts';
import { findingsToWarnOf, judgeChange } from '../core/judge/judge.ts';
import { hasTooManyValues, MAX_VALUES } from '../core/schema/validate.ts';
import type { SeparateKind, World } from '../core/world.ts';
import { type Decision, passed } from './decision.ts';
import { allow, deny, denyUnverified, patched, warningTexts } from './response.ts';
import { type AdmissionRequest, ReviewError } from './review.ts';
import { scaleChange } from './scale.ts';

/**
 * Controllers that delete the contents of a namespace, and objects without owner, after an admitted
 * deletion, and that change the owners of objects that are kept. A denial would leave the namespace, or the owner,
 * terminating. The last name is theirs if the
 * controller manager runs without --use-service-account-credentials:
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/.
 */
const CLEANUP_USERS = new Set([
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:kube-controller-manager',
]);

/** The kinds whose evaluation takes longer the more values an object has. */
const CUSTOM_RESOURCES: ReadonlySet<Kind> = new Set(['IOMeshCluster', 'ZookeeperCluster']);

/** The length of an audit annotation about waivers. */
const MAX_AUDIT_TEXT = 2000;

/** The part of a request that decides whether a world is needed. */
export type Intent =
  /** Nothing of IOMesh changes: admitted without evaluating any rule. */
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'change';
      readonly before?: Resource;
      readonly after?: Resource;
      readonly mayDelete?: boolean;
      /** Set for a change that {@link needsVolumes}. */
      readonly volumes?: SeparateKind;
    }
  | { readonly kind: 'scale' };

/** Classifies a request. Throws a {@link ReviewError} for a kind that the webhook configurations do not send. */
export function intentOf(request: AdmissionRequest, config: Pick<Config, 'provisioner'>): Intent {
  const isForeign = (object: Resource) =>
    object.kind === 'StorageClass'
      ? !isIomeshClass(object, config) && !referencesIomesh(object)
      : object.kind === 'CustomResourceDefinition' && !CLUSTER_DEFINITIONS.has(object.ref.name);
  if (request.operation === 'CONNECT' || request.subResource === 'status') return { kind: 'pass' };
  if (request.subResource === 'scale') return { kind: 'scale' };
  if (request.subResource !== '') return { kind: 'pass' };
  const kind = kindOf(request.apiVersion, request.kind);
  if (kind === undefined)
    throw new ReviewError(`this webhook does not handle ${request.kind} (${request.apiVersion})`, 422);
  // Of these kinds only the deletion is checked, which deletes other objects too: also that of the garbage
  // collector, which an owner added to a Namespace would bring about.
  if (isContainer(kind)) {
    if (request.operation !== 'DELETE') return { kind: 'pass' };
  } else if (request.operation === 'DELETE' && CLEANUP_USERS.has(request.username)) return { kind: 'pass' };

  const before = resource(request, request.oldObject);
  const after = resource(request, request.object);
  if (request.operation === 'CREATE') {
    if (after === undefined) throw new ReviewError('the CREATE request has no object');
    return isForeign(after) ? { kind: 'pass' } : { kind: 'change', after };
  }
  if (request.operation === 'DELETE') {
    if (before === undefined) throw new ReviewError('the DELETE request has no oldObject');
    // The deletion of a terminating object was admitted before; repeating it changes nothing.
    return isForeign(before) || isBeingDeleted(before) ? { kind: 'pass' } : { kind: 'change', before };
  }
  if (after === undefined || before === undefined)
    throw new ReviewError('the UPDATE request has no object or no oldObject');
  if (isForeign(after) && isForeign(before)) return { kind: 'pass' };
  const isCleanUp = isBeingDeleted(before) || CLEANUP_USERS.has(request.username);
  return isCleanUp && hasSameContent(before, after) ? { kind: 'pass' } : { kind: 'change', before, after };
}

/** True for the kinds with whose objects Kubernetes deletes objects of IOMesh. */
function isContainer(kind: Kind): boolean {
  return kind === 'Namespace' || kind === 'CustomResourceDefinition';
}

/** True for the deletion of a Namespace or a CustomResourceDefinition. */
export function deletesContainer(intent: Intent): boolean {
  return intent.kind === 'change' && intent.before !== undefined && isContainer(intent.before.kind);
}

/**
 * True for a change whose webhook may have failurePolicy Ignore, so that an HTTP error would admit it: the deletion of
 * a Namespace or a CustomResourceDefinition, and, before Kubernetes 1.28, any change of a ConfigMap or a StorageClass.
 */
export function mayIgnoreErrors(intent: Intent): boolean {
  if (intent.kind !== 'change') return false;
  const kind = (intent.after ?? intent.before)?.kind;
  return deletesContainer(intent) || kind === 'ConfigMap' || kind === 'StorageClass';
}

/** The decision about a change that cannot be evaluated, for a reason that begins with "cannot verify". */
export function decideUnverified(request: AdmissionRequest, config: Config, reason: string): Decision {
  const none = { denied: [], warned: [], waived: [] };
  return config.mode === 'warn'
    ? { response: allow(request.uid, [reason]), outcome: 'warned', ...none }
    : { response: denyUnverified(request.uid, reason), outcome: 'denied', ...none };
}

/**
 * True for a change that is evaluated together with the PersistentVolumes of the cluster: a deletion that may lose
 * some, a ConfigMap that leads elsewhere, a new StorageClass that may lead existing volumes elsewhere, and a new
 * object of a pool, whose volumes show that it existed before. All of them are rare.
 */
export function needsVolumes(intent: Intent): intent is Intent & { kind: 'change' } {
  if (intent.kind !== 'change') return false;
  const { before, after } = intent;
  if (before !== undefined && after !== undefined)
    return before.kind === 'ConfigMap' && leavesCluster(before, after);
  const changed = before ?? after;
  if (changed === undefined) return false;
  const { kind, ref, json } = changed;
  // A class can name one with misspelled keys.
  if (kind === 'ConfigMap') return Object.keys(own(json, 'data') ?? {}).some(mayContainConnection);
  if (after !== undefined) return kind === 'StorageClass' || kind === 'IOMeshCluster';
  return kind === 'Namespace' || clusterOf(ref) !== undefined;
}

/** The decision of the validating webhook. Evaluates the change with the rules. */
export function admit(request: AdmissionRequest, intent: Intent, read: World): Decision {
  if (intent.kind === 'pass') return passed(request);
  const scale = intent.kind === 'scale';
  const world = scale || intent.volumes === undefined ? read : read.withKind(intent.volumes);
  const change: Change | undefined = scale ? scaleChange(request, world) : intent;
  if (change === undefined || isInDeletedNamespace(change, world)) return passed(request);
  const tooLarge = reasonTooLarge(change);
  if (tooLarge !== undefined) return decideUnverified(request, world.config, tooLarge);
  const { denied, warned, waived } = judgeChange(rebase(world, change), change);
  const subject = changedObject(change)?.ref;
  // A scale request is never denied: its user does not see the object, and an autoscaler would retry forever.
  if (denied.length === 0 || scale) {
    const all = mostImportantFirst([...denied, ...warned], subject);
    const listed =
      waived.length === 0 ? all : mostImportantFirst(findingsToWarnOf({ warned: all, waived }), subject);
    const outcome = listed.length === 0 ? 'allowed' : 'warned';
    const response = allow(
      request.uid,
      warningTexts(listed, subject),
      auditAnnotations({ warned: all, waived }),
    );
    return { response, outcome, denied: [], warned: all, waived };
  }
  const first = mostImportantFirst(denied, subject);
  const audit = auditAnnotations({ denied, warned, waived });
  const warnings = warningTexts(mostImportantFirst(findingsToWarnOf({ warned, waived }), subject), subject);
  const response = deny(request.uid, first, warnings, audit);
  return { response, outcome: 'denied', denied: first, warned, waived };
}

/** Why a change cannot be evaluated: an object of so many values would occupy the process for seconds. */
function reasonTooLarge({ before, after }: Change): string | undefined {
  if (after === undefined || !CUSTOM_RESOURCES.has(after.kind)) return undefined;
  // What is stored already can stay, so that the rest of the object can be changed.
  const textOf = (object: Resource | undefined, path: readonly string[]) =>
    exactText(at(object?.json, path) ?? null);
  const isLarge = (path: readonly string[]) =>
    hasTooManyValues(at(after.json, path)) && textOf(after, path) !== textOf(before, path);
  const part = [['spec'], ['metadata', 'ownerReferences']].find(isLarge)?.at(-1);
  return part === undefined
    ? undefined
    : `cannot verify: the ${after.kind} is too large to be evaluated completely: ${part} has more than ${MAX_VALUES} values`;
}

/** True for the deletion of an object whose namespace is being deleted: Kubernetes deletes it in any case. */
function isInDeletedNamespace({ before, after }: Change, world: World): boolean {
  const name = after === undefined ? before?.ref.namespace : undefined;
  const namespace = name === undefined ? undefined : world.get('Namespace', undefined, name);
  return namespace !== undefined && isBeingDeleted(namespace);
}

/** The decision of the mutating webhook. Sets missing fields with a patch; deletions and scale requests pass. */
export function fillDefaults(request: AdmissionRequest, intent: Intent, world: World): Decision {
  if (intent.kind !== 'change' || intent.after === undefined) return passed(request);
  if (reasonTooLarge(intent) !== undefined) return passed(request);
  const operation = intent.before === undefined ? 'CREATE' : 'UPDATE';
  const before = rebase(world, intent);
  const { patch, resource: after } = mutate(intent.after, before, operation);
  const awaited = operation === 'CREATE' ? awaitedRequiredFields(after, before.with({ after })) : [];
  const warnings = [...new Set(awaited.map(({ source }) => source))].map(
    (source) =>
      `IOM409 source-missing: required fields cannot be filled in: there is no ${source} yet; apply this object again after it`,
  );
  return {
    response: patched(request.uid, patch, warnings),
    outcome: patch.length === 0 ? 'allowed' : 'patched',
    denied: [],
    warned: [],
    waived: [],
  };
}

/** One annotation for each list that has findings: their rule codes. One more for the waivers: who waives. */
function auditAnnotations({
  waived,
  ...lists
}: Readonly<
  Record<'warned', readonly Finding[]> &
    Partial<Record<'denied', readonly Finding[]>> &
    Record<'waived', readonly WaivedFinding[]>
>): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const [name, findings] of Object.entries({ ...lists, waived }))
    if (findings.length > 0) annotations[name] = codes(findings);
  if (waived.length > 0) annotations['waivers'] = waiversText(waived);
  return annotations;
}

/** Each waiver once: `IOM405 waived by the annotation of …: "reason"`. */
function waiversText(waived: readonly WaivedFinding[]): string {
  const texts = new Set(waived.map(({ code, waiver }) => `${code} ${appliedWaiverText(waiver)}`));
  return truncate([...texts].sort().join('; '), MAX_AUDIT_TEXT);
}

/**
 * The world with the object as the apiserver sent it in `oldObject`, also if the source of the world has
 * another version of it.
 */
function rebase(world: World, { before, after }: Change): World {
  if (before === undefined) {
    const stale = after === undefined || after.ref.name === '' ? undefined : world.getByKey(after.key);
    return stale === undefined ? world : world.with({ before: stale });
  }
  const known = world.getByKey(before.key);
  return known === undefined ? world.with({ after: before }) : world.with({ before: known, after: before });
}

function resource(request: AdmissionRequest, json: JsonObject | undefined): Resource | undefined {
  if (json === undefined) return undefined;
  const { namespace, name } = request;
  const { apiVersion, kind } = request;
  const isTyped = own(json, 'apiVersion') === apiVersion && own(json, 'kind') === kind;
  const typed = isTyped ? json : { ...json, apiVersion, kind };
  return toResource(typed, { namespace, name });
}

/** True if only metadata changes. */
function hasSameContent(before: Resource, after: Resource): boolean {
  return ['spec', 'data', 'parameters'].every(
    (key) => exactText(own(before.json, key) ?? null) === exactText(own(after.json, key) ?? null),
  );
}

function codes(findings: readonly Finding[]): string {
  return [...new Set(findings.map((each) => each.code))].sort().join(',');
}

/**
 * Errors before warnings, then rules that deny, then the object of the request before others, then by code:
 * the end of the list may be cut off.
 */
function mostImportantFirst(findings: readonly Finding[], subject: ObjectRef | undefined): Finding[] {
  const rank = ({ severity, code, object }: Finding) => [
    severity === 'error' ? 0 : 1,
    findRule(code)?.severity.admission === 'deny' ? 0 : 1,
    object !== undefined && subject !== undefined && sameObject(object, subject) ? 0 : 1,
    Number(code.slice('IOM'.length)),
  ];
  const ranked = findings.map((finding) => ({ finding, ranks: rank(finding) }));
  ranked.sort((a, b) => {
    const at = a.ranks.findIndex((each, index) => each !== b.ranks[index]);
    return at < 0 ? 0 : (a.ranks[at] ?? 0) - (b.ranks[at] ?? 0);
  });
  return ranked.map(({ finding }) => finding);
}
