import { asString, at, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';

type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/**
 * The fields of an AdmissionReview's request that the webhook uses. See
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/.
 */
export interface AdmissionRequest {
  readonly uid: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** The plural and its group: `iomeshclusters.iomesh.com`, `configmaps`. For a subresource, those of its object. */
  readonly resource: string;
  readonly subResource: string;
  /** Empty in a mutating review with `generateName`, and for the items of a delete-collection. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly operation: Operation;
  readonly username: string;
  readonly userInfo: JsonObject | undefined;
  readonly dryRun: boolean;
  readonly object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
}

/**
 * The review is malformed or of a wrong kind. It is answered with an HTTP error, so that failurePolicy
 * decides: such a review is never allowed and never denied.
 */
export class ReviewError extends Error {
  readonly statusCode: number;

  constructor(message: string, statusCode = 400) {
    super(message);
    this.name = 'ReviewError';
    this.statusCode = statusCode;
  }
}

const OPERATIONS: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
const MAX_UID = 256;
/** Longer than any name that an apiserver accepts, including generateName and group with version. */
const MAX_NAME = 512;

/** Parses the body of a request. Throws a {@link ReviewError} if it is not JSON. */
export function parseBody(text: string): unknown {
  if (text === '') throw new ReviewError('the body is empty; expected an AdmissionReview');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReviewError(`the body is not JSON: ${(error as Error).message}`);
  }
}

/** Reads an AdmissionReview's request. Throws a {@link ReviewError} for anything but a well-formed v1 request. */
export function parseReview(body: unknown): AdmissionRequest {
  const review = body as Json | undefined;
  if (!isObject(review)) throw new ReviewError('the body is not an AdmissionReview object');
  const apiVersion = own(review, 'apiVersion');
  if (own(review, 'kind') !== 'AdmissionReview')
    throw new ReviewError('the body is not of kind AdmissionReview');
  if (apiVersion !== 'admission.k8s.io/v1')
    throw new ReviewError(
      `AdmissionReview of apiVersion ${quote(apiVersion)} is not supported; use admission.k8s.io/v1`,
    );
  const request = own(review, 'request');
  if (!isObject(request)) throw new ReviewError('the AdmissionReview has no request');
  const uid = required(request, ['uid']);
  if (uid === '' || uid.length > MAX_UID) throw new ReviewError('request.uid is empty or too long');
  const operation = required(request, ['operation']) as Operation;
  if (!OPERATIONS.includes(operation))
    throw new ReviewError(`request.operation ${quote(operation)} is unknown`);
  const group = required(request, ['kind', 'group']);
  const version = required(request, ['kind', 'version']);
  const resourceGroup = asString(at(request, ['resource', 'group'])) ?? '';
  const plural = asString(at(request, ['resource', 'resource'])) ?? '';
  const namespace = optional(request, 'namespace');
  return {
    uid,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: required(request, ['kind', 'kind']),
    resource: bounded(resourceGroup === '' ? plural : `${plural}.${resourceGroup}`, 'resource'),
    subResource: optional(request, 'subResource') ?? '',
    name: optional(request, 'name') ?? '',
    namespace: namespace === '' ? undefined : namespace,
    operation,
    username: (asString(at(request, ['userInfo', 'username'])) ?? '').slice(0, MAX_NAME),
    userInfo: object(request, 'userInfo'),
    dryRun: own(request, 'dryRun') === true,
    object: object(request, 'object'),
    oldObject: object(request, 'oldObject'),
  };
}

function required(request: JsonObject, path: readonly string[]): string {
  const value = at(request, path);
  if (typeof value !== 'string') throw new ReviewError(`request.${path.join('.')} is not a string`);
  return bounded(value, path.join('.'));
}

/** Limits the length of names in log lines and metric labels. */
function bounded(value: string, field: string): string {
  if (value.length > MAX_NAME) throw new ReviewError(`request.${field} has ${value.length} characters`);
  return value;
}

function optional(request: JsonObject, key: string): string | undefined {
  const value = own(request, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ReviewError(`request.${key} is not a string`);
  return bounded(value, key);
}

function object(request: JsonObject, key: 'object' | 'oldObject' | 'userInfo'): JsonObject | undefined {
  const value = own(request, key);
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new ReviewError(`request.${key} is not an object`);
  return value;
}

function quote(value: Json | undefined): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : 'undefined';
}
