import type { Finding } from '../core/finding.ts';
import { judgeChange } from '../core/judge/judge.ts';
import { type JsonObject, own } from '../core/base/json.ts';
import { type Change, isBeingDeleted, kindOf, type Resource, toResource } from '../core/base/model.ts';
import { isIomeshClass } from '../core/iomesh/storage-class.ts';
import type { World } from '../core/world.ts';
import { type Decision, passed } from './decision.ts';
import { allow, deny, warningTexts } from './response.ts';
import { type AdmissionRequest, ReviewError } from './review.ts';
import { scaleChange } from './scale.ts';

/**
 * Controllers that clean up after a deletion somebody was allowed to make; stopping them would leave a
 * namespace terminating for ever.
 */
const CLEANERS = new Set([
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:kube-controller-manager',
]);

/** What a request asks for, before any world is looked at. */
export type Intent =
  /** Nothing of ours: allowed without a look. */
  | { readonly kind: 'pass' }
  | { readonly kind: 'change'; readonly before?: Resource; readonly after?: Resource }
  | { readonly kind: 'scale' };

/** Sorts a request. Throws a {@link ReviewError} for a kind this webhook was never meant to see. */
export function intentOf(request: AdmissionRequest): Intent {
  if (request.operation === 'CONNECT' || request.subResource === 'status') return { kind: 'pass' };
  if (request.subResource === 'scale') return { kind: 'scale' };
  if (request.subResource !== '') return { kind: 'pass' };
  const kind = kindOf(request.apiVersion, request.kind);
  if (kind === undefined)
    throw new ReviewError(`${request.kind} (${request.apiVersion}) is not a kind this webhook judges`, 422);
  if (request.operation === 'DELETE' && CLEANERS.has(request.username)) return { kind: 'pass' };

  const before = resource(request, request.oldObject);
  const after = resource(request, request.object);
  if (request.operation === 'CREATE') {
    if (after === undefined) throw new ReviewError('a CREATE without an object');
    return foreign(after) ? { kind: 'pass' } : { kind: 'change', after };
  }
  if (request.operation === 'DELETE') {
    // Without oldObject nothing is lost that we could name: the apiserver always sends it in v1.
    if (before === undefined) throw new ReviewError('a DELETE without an oldObject');
    // One that is terminating was let go before; to delete it again changes nothing.
    return foreign(before) || isBeingDeleted(before) ? { kind: 'pass' } : { kind: 'change', before };
  }
  if (after === undefined || before === undefined) throw new ReviewError('an UPDATE without both objects');
  if (foreign(after) && foreign(before)) return { kind: 'pass' };
  return releases(before, after) ? { kind: 'pass' } : { kind: 'change', before, after };
}

/** Judges a request against a world. */
export function admit(request: AdmissionRequest, intent: Intent, world: World | undefined): Decision {
  if (intent.kind === 'pass' || world === undefined) return passed(request);
  const scale = intent.kind === 'scale';
  const change: Change | undefined = scale ? scaleChange(request, world) : intent;
  if (change === undefined) return passed(request);
  const { denied, warned, waived } = judgeChange(rebased(world, change), change);
  // Whoever scales does not see the object, and an autoscaler heeds no denial: it is only warned of.
  if (denied.length === 0 || scale) {
    const all = mostImportantFirst([...denied, ...warned]);
    const outcome = all.length === 0 ? 'allowed' : 'warned';
    const response = allow(request.uid, warningTexts(all), audited({ warned: all, waived }));
    return { response, outcome, denied: [], warned: all, waived };
  }
  const first = mostImportantFirst(denied);
  const audit = audited({ denied, warned, waived });
  const response = deny(request.uid, first, warningTexts(mostImportantFirst(warned)), audit);
  return { response, outcome: 'denied', denied: first, warned, waived };
}

/** The codes of what was said, for the audit log: only what there is. */
function audited(said: Readonly<Record<string, readonly Finding[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, findings]) =>
      findings.length === 0 ? [] : [[name, codes(findings)]],
    ),
  );
}

/**
 * The world as the apiserver knows it: a change replaces what is stored, whatever a slower source of
 * the world still shows in its place.
 */
function rebased(world: World, { before, after }: Change): World {
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
  const typed = { ...json, apiVersion: request.apiVersion, kind: request.kind };
  return toResource(typed, {
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === '' ? {} : { name }),
  });
}

function foreign(object: Resource): boolean {
  return object.kind === 'StorageClass' && !isIomeshClass(object);
}

/** True where a terminating object is only being let go: its deletion was admitted, and its spec stays as it was. */
function releases(before: Resource, after: Resource): boolean {
  if (!isBeingDeleted(before)) return false;
  return ['spec', 'data', 'parameters'].every(
    (key) => JSON.stringify(own(before.json, key)) === JSON.stringify(own(after.json, key)),
  );
}

function codes(findings: readonly Finding[]): string {
  return [...new Set(findings.map((each) => each.code))].sort().join(',');
}

/** Errors before warnings, then by code: what is cut off at the end matters least. */
function mostImportantFirst(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => (finding.severity === 'error' ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}
