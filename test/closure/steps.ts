/**
 * One request as an apiserver handles it: matchConditions, mutation, validation, storage. The two webhooks are the
 * functions that `serve` calls.
 */
import { applyPatch } from 'rfc6902';
import { admit, fillDefaults, intentOf, needsVolumes } from '../../src/admission/admit.ts';
import { WATCHED } from '../../src/cluster/kinds.ts';
import { refusalOf } from '../../src/admission/refusal.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import type { Config } from '../../src/core/base/config.ts';
import type { JsonObject } from '../../src/core/base/json.ts';
import {
  type Change,
  changedObject,
  type Kind,
  type Resource,
  toResource,
} from '../../src/core/base/model.ts';
import { StoredObjects } from '../../src/core/base/objects.ts';
import type { Finding, WaivedFinding } from '../../src/core/finding.ts';
import { type SeparateKind, World } from '../../src/core/world.ts';
import { withField } from '../core/defaults/world.ts';
import { isMutated, isValidated } from './webhook-rules.ts';

/** The answer to a request. */
export interface StepAnswer {
  /** `unasked`: the apiserver does not ask the webhook, or the webhook passes the request on. */
  readonly outcome: 'unasked' | 'admitted' | 'denied';
  readonly denied: readonly Finding[];
  readonly warned: readonly Finding[];
  /** Those that would be denied: the answer names them with their waivers. */
  readonly waived: readonly WaivedFinding[];
  /** The object as it is stored: with what the mutating webhook fills in. */
  readonly stored: JsonObject | undefined;
}

const PLURALS: Record<Kind, string> = {
  IOMeshCluster: 'iomeshclusters.iomesh.com',
  ZookeeperCluster: 'zookeeperclusters.zookeeper.pravega.io',
  ConfigMap: 'configmaps',
  StorageClass: 'storageclasses.storage.k8s.io',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  VolumeSnapshot: 'volumesnapshots.snapshot.storage.k8s.io',
  Namespace: 'namespaces',
  Node: 'nodes',
  CustomResourceDefinition: 'customresourcedefinitions.apiextensions.k8s.io',
};

/** Who sends a request, and when. */
export interface RequestOptions {
  readonly config: Config;
  /** A controller of Kubernetes; a person by default. */
  readonly username?: string | undefined;
  /** The creationTimestamp, which the apiserver sets between mutation and validation. */
  readonly createdAt?: string | undefined;
}

/** Sends a change through the webhooks. */
export function answerTo(
  world: World,
  change: Change,
  { config, username = 'admin', createdAt }: RequestOptions,
): StepAnswer {
  const request = requestOf(change, username);
  let { object } = request;
  if (isMutated(request)) {
    const intent = intentOf(request, config);
    object = intent.kind === 'pass' ? object : patchedObject(object, fillDefaults(request, intent, world));
  }
  if (object !== undefined && createdAt !== undefined)
    object = withField(object, ['metadata', 'creationTimestamp'], createdAt);
  const filled: AdmissionRequest = { ...request, object };
  const unasked = { outcome: 'unasked', denied: [], warned: [], waived: [], stored: object } as const;
  if (!isValidated(filled)) return unasked;
  const intent = intentOf(filled, config);
  if (intent.kind !== 'change') return unasked;
  if (refusalOf(intent, world) !== undefined) return { ...unasked, outcome: 'denied' };
  const volumes = needsVolumes(intent) ? volumesOf(world) : undefined;
  const { mayDelete } = change;
  const asked = { ...intent, ...(volumes && { volumes }), ...(mayDelete !== undefined && { mayDelete }) };
  const { response, denied, warned, waived } = admit(filled, asked, withoutUnwatched(world));
  const outcome = response.response.allowed ? 'admitted' : 'denied';
  const saved = waived.filter(({ severity }) => severity === 'error');
  return { outcome, denied, warned, waived: saved, stored: object };
}

const WATCHED_KINDS = new Set(WATCHED.map(({ kind }) => kind));

/** The world as `serve` has it: the volumes are read for a deletion only, and the claims never. */
function withoutUnwatched(world: World): World {
  if (world.resources.every(({ kind }) => WATCHED_KINDS.has(kind))) return world;
  const resources = world.resources.filter(({ kind }) => WATCHED_KINDS.has(kind));
  return World.of({ ...world, resources });
}

function volumesOf(world: World): SeparateKind {
  return { kind: 'PersistentVolume', objects: new StoredObjects(world.all('PersistentVolume')) };
}

function requestOf(change: Change, username: string): AdmissionRequest {
  const { kind, ref } = changedObject(change) as Resource;
  const { before, after } = change;
  return {
    uid: '0',
    apiVersion: ref.apiVersion,
    kind,
    resource: PLURALS[kind],
    subResource: '',
    name: ref.name,
    namespace: ref.namespace,
    operation: before === undefined ? 'CREATE' : after === undefined ? 'DELETE' : 'UPDATE',
    username,
    userInfo: undefined,
    dryRun: false,
    object: after?.json,
    oldObject: before?.json,
  };
}

function patchedObject(
  object: JsonObject | undefined,
  { response }: ReturnType<typeof fillDefaults>,
): JsonObject | undefined {
  const { patch } = response.response;
  if (patch === undefined || object === undefined) return object;
  const result = structuredClone(object);
  const failures = applyPatch(result, JSON.parse(Buffer.from(patch, 'base64').toString()));
  const failure = failures.find((each) => each !== null);
  if (failure !== undefined) throw failure;
  return result;
}

/** A resource of JSON that is one of ours. */
export function resourceOfJson(json: JsonObject): Resource {
  const resource = toResource(json);
  if (resource === undefined) throw new Error(`not an object of ours: ${JSON.stringify(json).slice(0, 80)}`);
  return resource;
}
